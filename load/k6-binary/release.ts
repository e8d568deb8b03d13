/** The archive of a platform. It contains a folder with the k6 binary. */
export interface K6Archive {
  readonly file: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A release of k6 with its archives. */
export interface K6Release {
  readonly version: string;
  /** Base URL of the archives, without a slash at the end. */
  readonly url: string;
  /** By platform and architecture, as Node names them: `linux-x64`. */
  readonly archives: Readonly<Record<string, K6Archive>>;
}

/** The supported release. `load/k6-build` pins the same version. */
export const officialRelease: K6Release = {
  version: '2.2.0',
  url: 'https://github.com/grafana/k6/releases/download/v2.2.0',
  archives: {
    'linux-x64': {
      file: 'k6-v2.2.0-linux-amd64.tar.gz',
      sha256: 'b5a8003c86f35f5cd5ceef1490312c48e587696c94d998cefc6d7b3b4cb1597d',
    },
    'linux-arm64': {
      file: 'k6-v2.2.0-linux-arm64.tar.gz',
      sha256: '4ecd64cadcc792402d16293836115480419c4447c032858f564852d98f1bf54c',
    },
    'darwin-x64': {
      file: 'k6-v2.2.0-macos-amd64.zip',
      sha256: '45a08590511c8a6a9c6331645e60c41624924e848e29472e87c60ac956d50372',
    },
    'darwin-arm64': {
      file: 'k6-v2.2.0-macos-arm64.zip',
      sha256: '37a028506bf13578de66c906296803775df28cc2504b1a8c5d786b2803e757c7',
    },
    'win32-x64': {
      file: 'k6-v2.2.0-windows-amd64.zip',
      sha256: 'ceb2b1e1cf9dbe1303c6c33ec83ffda86dda5c610b4def92064d3c7ebae8d9f4',
    },
  },
};
