import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { afterAll, describe, expect, test } from '@jest/globals';
import { create } from 'tar';
import { ZipFile } from 'yazl';

import { serve } from '../../harness/test-support/serve.ts';
import { downloadK6 } from './download.ts';
import type { K6Release } from './release.ts';
import { findK6, resolveK6, type K6Options } from './resolve.ts';

const root = mkdtempSync(join(tmpdir(), 'mch-k6-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Answers as k6 does, which is all that the harness asks of it here. Its padding cannot be compressed. */
const FAKE_K6 = `#!/bin/sh\necho '{"version":"v2.2.0"}'\n# ${randomBytes(100_000).toString('base64')}\n`;
const HERE = `${process.platform}-${process.arch}`;

async function tarOf(binary: string): Promise<Buffer> {
  const folder = mkdtempSync(join(root, 'tar-'));
  mkdirSync(join(folder, 'k6-v2.2.0-here'));
  writeFileSync(join(folder, 'k6-v2.2.0-here', 'k6'), binary);
  writeFileSync(join(folder, 'k6-v2.2.0-here', 'README'), 'not unpacked');
  await create({ gzip: true, cwd: folder, file: join(folder, 'k6.tar.gz') }, ['k6-v2.2.0-here']);
  return readFileSync(join(folder, 'k6.tar.gz'));
}

function zipOf(binary: string): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(binary), 'k6-v2.2.0-here/k6');
  zip.end();
  return buffer(zip.outputStream);
}

const archive = await tarOf(FAKE_K6);
const zipped = await zipOf(FAKE_K6);

function releaseOf(content: Buffer, file = 'k6.tar.gz'): K6Release {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { version: '2.2.0', url: 'http://release.invalid', archives: { [HERE]: { file, sha256 } } };
}

/** A machine with an empty home and the tools of `path`. */
function machine(mirror: string, release: K6Release, path = ''): { cache: string; options: K6Options } {
  const home = mkdtempSync(join(root, 'home-'));
  const env = { XDG_CACHE_HOME: home, PATH: path };
  const module = join(import.meta.dirname, '..', 'k6-build');
  return { cache: join(home, 'managed-clients-harness'), options: { env, module, mirror, release } };
}

interface Result {
  readonly binary?: string;
  readonly problem?: string;
  readonly said: readonly string[];
  readonly cached: readonly string[];
}

async function resolved({ cache, options }: ReturnType<typeof machine>): Promise<Result> {
  const said: string[] = [];
  const progress = { say: (line: string) => void said.push(line), tick: () => undefined };
  const outcome = await resolveK6(options, progress).then(
    (binary) => ({ binary }),
    (error: Error) => ({ problem: error.message }),
  );
  return { ...outcome, said, cached: listed(cache) };
}

/** Everything in the cache, hidden folders included. */
function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const CACHED = [`k6-v2.2.0-${HERE}`];
const sending =
  (content: Buffer): RequestListener =>
  (_, response) =>
    void response.end(content);

describe('a release', () => {
  test.each([
    ['k6.tar.gz', archive],
    ['k6.zip', zipped],
  ])('is downloaded, verified and unpacked: %s', async (file, content) => {
    const own = machine(await serve(sending(content)), releaseOf(content, file));
    const { binary, said, cached } = await resolved(own);
    expect(cached).toEqual(CACHED);
    expect(readFileSync(binary ?? '', 'utf8')).toBe(FAKE_K6);
    expect(said).toEqual(['downloading k6 2.2.0, which happens once', 'k6 2.2.0 is in the cache']);
    // The next run finds it there, without the network.
    expect(await findK6({ ...own.options, mirror: 'off' })).toEqual({ kind: 'found', binary });
  });

  test('is followed to where it is', async () => {
    const there = await serve(sending(archive));
    const url = await serve((_, response) => response.writeHead(302, { Location: `${there}/x` }).end());
    expect((await resolved(machine(url, releaseOf(archive)))).cached).toEqual(CACHED);
  });

  test('is resumed once the connection is back', async () => {
    let requests = 0;
    const url = await serve((request, response) => {
      requests += 1;
      const from = Number(/bytes=(\d+)/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const rest = archive.subarray(from);
      const range = `bytes ${from}-${archive.length - 1}/${archive.length}`;
      const headers = {
        'Content-Length': rest.length,
        ETag: '"1"',
        ...(from > 0 && { 'Content-Range': range }),
      };
      response.writeHead(from > 0 ? 206 : 200, headers);
      if (requests > 1) response.end(rest);
      else response.write(rest.subarray(0, 500), () => response.destroy());
    });
    expect((await resolved(machine(url, releaseOf(archive)))).cached).toEqual(CACHED);
    expect(requests).toBe(2);
  });

  test('is downloaded twice at once, and is in the cache once', async () => {
    const own = machine(await serve(sending(archive)), releaseOf(archive));
    const both = await Promise.all([resolved(own), resolved(own)]);
    expect(both.map(({ problem }) => problem)).toEqual([undefined, undefined]);
    expect(listed(own.cache)).toEqual(CACHED);
  });

  test('comes through the proxy of the environment', async () => {
    const seen: string[] = [];
    const proxy = await serve((request, response) => {
      seen.push(request.url ?? '');
      response.end(archive);
    });
    const own = machine('http://mirror.invalid', releaseOf(archive));
    const options = { ...own.options, env: { ...own.options.env, HTTP_PROXY: proxy } };
    expect((await resolved({ ...own, options })).cached).toEqual(CACHED);
    expect(seen).toEqual(['http://mirror.invalid/k6.tar.gz']);
  });
});

describe('what cannot be used leaves nothing in the cache, and says why', () => {
  const WAYS = /: install k6 2\.x and set K6_BIN .*--k6-mirror.*or install Go 1\.26/;

  test.each<[string, RequestListener, RegExp]>([
    [
      'a wrong checksum',
      sending(Buffer.from('something else')),
      /has the SHA-256 [0-9a-f]{64}, but [0-9a-f]{64} is/,
    ],
    ['a 404', (_, response) => void response.writeHead(404).end(), /k6\.tar\.gz answered 404/],
    [
      'a transfer that breaks off again and again',
      (_, response) => {
        response.writeHead(200, { 'Content-Length': archive.length });
        response.write(archive.subarray(0, 500), () => response.destroy());
      },
      /could not be read/,
    ],
  ])('%s', async (_, listener, reason) => {
    const { problem, cached } = await resolved(machine(await serve(listener), releaseOf(archive)));
    expect(problem).toMatch(reason);
    expect(problem).toMatch(WAYS);
    expect(cached).toEqual([]);
  });

  test('an archive without k6', async () => {
    const empty = await zipOf('');
    const url = await serve(sending(empty));
    const { problem, cached } = await resolved(machine(url, releaseOf(empty, 'k6.zip')));
    expect([problem, cached]).toEqual([expect.stringContaining('does not run on this machine'), []]);
  });

  test('a server that stalls', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': archive.length });
      response.write(archive.subarray(0, 500));
    });
    const folder = mkdtempSync(join(root, 'slow-'));
    const download = downloadK6({
      url: `${url}/k6.tar.gz`,
      archive: { file: 'k6.tar.gz', sha256: '' },
      binary: 'k6',
      target: join(folder, 'k6'),
      env: {},
      onProgress: () => undefined,
      idleMs: 300,
    });
    await expect(download).rejects.toThrow(/could not be read \(UND_ERR_BODY_TIMEOUT\)/);
    expect(listed(folder)).toEqual([]);
  });

  test('a cache folder that cannot be written', async () => {
    const own = machine(await serve(sending(archive)), releaseOf(archive));
    writeFileSync(own.cache, 'a file');
    const { problem } = await resolved(own);
    expect(problem).toMatch(/the cache folder .* cannot be written \((EEXIST|ENOTDIR)\)/);
  });

  test('a disk that is full', async () => {
    const url = await serve(sending(archive));
    const folder = mkdtempSync(join(root, 'full-'));
    const script = join(folder, 'download.ts');
    const own = {
      url: `${url}/k6.tar.gz`,
      archive: releaseOf(archive).archives[HERE],
      binary: 'k6',
      target: join(folder, 'k6'),
    };
    writeFileSync(
      script,
      `import { downloadK6 } from ${JSON.stringify(join(import.meta.dirname, 'download.ts'))};
       process.on('SIGXFSZ', () => undefined);
       await downloadK6({ ...${JSON.stringify(own)}, env: {}, onProgress: () => undefined }).catch((error) => console.log(error.message));`,
    );
    // Files may not grow beyond one block.
    const child = spawn('sh', ['-c', `ulimit -f 1; exec "${process.execPath}" "${script}"`]);
    expect((await buffer(child.stdout)).toString()).toMatch(
      /the cache folder .* cannot be written \(EFBIG\)/,
    );
    expect(listed(folder)).toEqual(['download.ts']);
  });

  test('credentials of a mirror are not shown', async () => {
    const url = await serve((_, response) => void response.writeHead(403).end());
    const mirror = url.replace('//', '//me:password@');
    const { problem } = await resolved(machine(mirror, releaseOf(archive)));
    expect(problem).toContain('answered 403');
    expect(problem).not.toContain('password');
  });
});

describe('without a release', () => {
  const bin = mkdtempSync(join(root, 'bin-'));
  const GO = `#!/bin/sh
if [ "$1" = version ]; then echo go; exit 0; fi
while [ "$1" != -o ]; do shift; done
printf '%s' '${FAKE_K6.slice(0, 40)}' > "$2"
`;
  writeFileSync(join(bin, 'go'), GO);
  chmodSync(join(bin, 'go'), 0o755);

  test.each([
    ['no network', 'http://127.0.0.1:1', /could not be downloaded: .* could not be read \(ECONNREFUSED\)/],
    ['downloads that are off', 'off', undefined],
  ])('Go builds k6 at once: %s', async (_, mirror, reason) => {
    const own = machine(mirror, releaseOf(archive), `${bin}:/bin:/usr/bin`);
    const { problem, said, cached } = await resolved(own);
    expect(problem).toBeUndefined();
    expect(cached).toEqual([expect.stringMatching(/^k6-[0-9a-f]{16}$/)]);
    expect(said.at(-1)).toContain('building k6 with Go');
    if (reason !== undefined) expect(said.at(-2)).toMatch(reason);
  });

  test('a build that fails says what Go said', async () => {
    const broken = mkdtempSync(join(root, 'broken-'));
    writeFileSync(
      join(broken, 'go'),
      '#!/bin/sh\n[ "$1" = version ] || { echo "go: no such module" >&2; exit 1; }\n',
    );
    chmodSync(join(broken, 'go'), 0o755);
    const { problem, cached } = await resolved(machine('off', releaseOf(archive), broken));
    expect([problem, cached]).toEqual(['Go could not build k6 (go: no such module)', []]);
  });

  test('a platform without one says so', async () => {
    const { problem } = await resolved(
      machine('http://127.0.0.1:1', { ...releaseOf(archive), archives: {} }),
    );
    expect(problem).toContain(`there is no k6 (there is no release for ${HERE})`);
  });
});
