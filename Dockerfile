# The command mch with k6, as described in docs/ci.md.
FROM grafana/k6:2.2.0@sha256:9bd01d6941fca969cb61bb57d2da5ee9b385fe2aa8881df3798c196564d6ace6 AS k6

FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20 AS dependencies
WORKDIR /opt/mch
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20 AS build
WORKDIR /build
COPY . .
# The slim image has no root certificates, and k6 reads them from a file.
RUN npm ci --no-audit --no-fund \
  && chmod +x dist/bin.js \
  && node -p 'require("node:tls").rootCertificates.join("\n")' > ca-certificates.crt

FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20
COPY --from=k6 /usr/bin/k6 /usr/local/bin/k6
COPY --from=build /build/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
WORKDIR /opt/mch
COPY --from=dependencies /opt/mch ./
COPY --from=build /build/dist ./dist
COPY --from=build /build/contracts/pacts ./contracts/pacts
COPY --from=build /build/load/k6-build ./load/k6-build
COPY LICENSE ./
RUN ln -s /opt/mch/dist/bin.js /usr/local/bin/mch && mkdir /work && chown 1000:1000 /work
# Any user can write there, so --user works.
ENV K6_BIN=/usr/local/bin/k6 XDG_CACHE_HOME=/tmp/cache
# The user node of the image.
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["mch"]
CMD ["run", "--help"]
