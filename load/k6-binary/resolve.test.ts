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

import { serve } from '../../test-support/serve.ts';
import { downloadK6 } from './download.ts';
import type { K6Release } from './release.ts';
import { findK6, resolveK6, type K6Options } from './resolve.ts';

const root = mkdtempSync(join(tmpdir(), 'mch-k6-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Prints the version of k6. The padding cannot be compressed. */
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

/** The options on a machine with an empty cache. @param path the PATH */
function machine(mirror: string, release: K6Release, path = ''): { cache: string; options: K6Options } {
  const home = mkdtempSync(join(root, 'home-'));
  const env = { XDG_CACHE_HOME: home, PATH: path };
  const module = join(import.meta.dirname, '..', 'k6-build');
  return { cache: join(home, 'managed-clients-harness'), options: { env, module, mirror, release } };
}

interface ResolveResult {
  readonly binary?: string;
  readonly problem?: string;
  readonly messages: readonly string[];
  readonly cached: readonly string[];
}

async function resolve({ cache, options }: ReturnType<typeof machine>): Promise<ResolveResult> {
  const messages: string[] = [];
  const progress = { say: (line: string) => void messages.push(line), tick: () => undefined };
  const outcome = await resolveK6(options, progress).then(
    (binary) => ({ binary }),
    (error: Error) => ({ problem: error.message }),
  );
  return { ...outcome, messages, cached: filesIn(cache) };
}

/** All files in a folder, including hidden ones. */
function filesIn(folder: string): string[] {
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
    const { binary, messages, cached } = await resolve(own);
    expect(cached).toEqual(CACHED);
    expect(readFileSync(binary ?? '', 'utf8')).toBe(FAKE_K6);
    expect(messages).toEqual(['downloading k6 2.2.0, which happens once', 'k6 2.2.0 is in the cache']);
    // The next run needs no network.
    expect(await findK6({ ...own.options, mirror: 'off' })).toEqual({ kind: 'found', binary });
  });

  test('is downloaded after a redirect', async () => {
    const there = await serve(sending(archive));
    const url = await serve((_, response) => response.writeHead(302, { Location: `${there}/x` }).end());
    expect((await resolve(machine(url, releaseOf(archive)))).cached).toEqual(CACHED);
  });

  test('is resumed after a broken connection', async () => {
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
    expect((await resolve(machine(url, releaseOf(archive)))).cached).toEqual(CACHED);
    expect(requests).toBe(2);
  });

  test('is downloaded by two processes at the same time and installed once', async () => {
    const own = machine(await serve(sending(archive)), releaseOf(archive));
    const both = await Promise.all([resolve(own), resolve(own)]);
    expect(both.map(({ problem }) => problem)).toEqual([undefined, undefined]);
    expect(filesIn(own.cache)).toEqual(CACHED);
  });

  test('is downloaded through the proxy of the environment', async () => {
    const seen: string[] = [];
    const proxy = await serve((request, response) => {
      seen.push(request.url ?? '');
      response.end(archive);
    });
    const own = machine('http://mirror.invalid', releaseOf(archive));
    const options = { ...own.options, env: { ...own.options.env, HTTP_PROXY: proxy } };
    expect((await resolve({ ...own, options })).cached).toEqual(CACHED);
    expect(seen).toEqual(['http://mirror.invalid/k6.tar.gz']);
  });
});

describe('a failure is explained and leaves nothing in the cache', () => {
  const WAYS = /: install k6 2\.x and set K6_BIN .*--k6-mirror.*or install Go 1\.26/;

  test.each<[string, RequestListener, RegExp]>([
    [
      'a wrong checksum',
      sending(Buffer.from('something else')),
      /has the SHA-256 [0-9a-f]{64}, but [0-9a-f]{64} is/,
    ],
    ['a 404', (_, response) => void response.writeHead(404).end(), /k6\.tar\.gz answered 404/],
    [
      'a transfer that breaks repeatedly',
      (_, response) => {
        response.writeHead(200, { 'Content-Length': archive.length });
        response.write(archive.subarray(0, 500), () => response.destroy());
      },
      /could not be read/,
    ],
  ])('%s', async (_, listener, reason) => {
    const { problem, cached } = await resolve(machine(await serve(listener), releaseOf(archive)));
    expect(problem).toMatch(reason);
    expect(problem).toMatch(WAYS);
    expect(cached).toEqual([]);
  });

  test('an archive without k6', async () => {
    const empty = await zipOf('');
    const url = await serve(sending(empty));
    const { problem, cached } = await resolve(machine(url, releaseOf(empty, 'k6.zip')));
    expect([problem, cached]).toEqual([expect.stringContaining('does not run on this machine'), []]);
  });

  test('a server that stops sending', async () => {
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
    await expect(download).rejects.toThrow(/could not be read \(the transfer stalled\)/);
    expect(filesIn(folder)).toEqual([]);
  });

  test('a cache folder that cannot be written', async () => {
    const own = machine(await serve(sending(archive)), releaseOf(archive));
    writeFileSync(own.cache, 'a file');
    const { problem } = await resolve(own);
    expect(problem).toMatch(/the cache folder .* cannot be written \((EEXIST|ENOTDIR)\)/);
  });

  test('a full disk', async () => {
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
    // Limits the size of files to one block.
    const child = spawn('sh', ['-c', `ulimit -f 1; exec "${process.execPath}" "${script}"`]);
    expect((await buffer(child.stdout)).toString()).toMatch(
      /the cache folder .* cannot be written \(EFBIG\)/,
    );
    expect(filesIn(folder)).toEqual(['download.ts']);
  });

  test('credentials of a mirror are sent and hidden', async () => {
    const sent: (string | undefined)[] = [];
    const url = await serve(({ headers }, response) => {
      sent.push(headers.authorization);
      response.writeHead(403).end();
    });
    const mirror = url.replace('//', '//me:password@');
    const { problem } = await resolve(machine(mirror, releaseOf(archive)));
    expect(problem).toContain('answered 403');
    expect(problem).not.toContain('password');
    expect(sent).toEqual([`Basic ${Buffer.from('me:password').toString('base64')}`]);
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
    ['downloads are off', 'off', undefined],
  ])('Go builds k6: %s', async (_, mirror, reason) => {
    const own = machine(mirror, releaseOf(archive), `${bin}:/bin:/usr/bin`);
    const { problem, messages, cached } = await resolve(own);
    expect(problem).toBeUndefined();
    expect(cached).toEqual([expect.stringMatching(/^k6-[0-9a-f]{16}$/)]);
    expect(messages.at(-1)).toContain('building k6 with Go');
    if (reason !== undefined) expect(messages.at(-2)).toMatch(reason);
  });

  test('a failed build shows the error of Go', async () => {
    const broken = mkdtempSync(join(root, 'broken-'));
    writeFileSync(
      join(broken, 'go'),
      '#!/bin/sh\n[ "$1" = version ] || { echo "go: no such module" >&2; exit 1; }\n',
    );
    chmodSync(join(broken, 'go'), 0o755);
    const { problem, cached } = await resolve(machine('off', releaseOf(archive), broken));
    expect([problem, cached]).toEqual(['Go could not build k6 (go: no such module)', []]);
  });

  test('an unsupported platform is named', async () => {
    const { problem } = await resolve(machine('http://127.0.0.1:1', { ...releaseOf(archive), archives: {} }));
    expect(problem).toContain(`there is no k6 (there is no release for ${HERE})`);
  });
});
