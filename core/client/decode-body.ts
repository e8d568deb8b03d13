import type { Readable } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';

/** A response that is larger than any response of the API needs to be. It is not read further. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** The body has a content coding that the client does not know, so it cannot be read. */
export class UnknownCodingError extends Error {
  override readonly name = 'UnknownCodingError';
}

/** The largest body after decompression. The documented responses have less than 1 kB. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Reads a body and removes its content coding. It counts the bytes while they are decompressed, so that a small response
 * cannot fill the memory.
 * @throws {TooLargeError | UnknownCodingError}
 * @throws {Error} of zlib if the body does not have its coding
 */
export async function readBody(raw: Readable, coding: string | undefined): Promise<Uint8Array> {
  const codings = (coding ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (codings.every((one) => one === 'identity')) return readAtMost(raw);
  const encoded = await readAtMost(raw);
  if (encoded.length === 0) return encoded;
  let bytes = encoded;
  for (const one of codings.toReversed()) bytes = await decode(bytes, one);
  return bytes;
}

async function decode(bytes: Uint8Array, coding: string): Promise<Uint8Array> {
  switch (coding) {
    case 'identity':
      return bytes;
    case 'gzip':
    case 'x-gzip':
      return through(createGunzip(), bytes);
    case 'deflate':
      return through(isZlib(bytes) ? createInflate() : createInflateRaw(), bytes);
    case 'br':
      return through(createBrotliDecompress(), bytes);
    case 'zstd':
      return through(createZstdDecompress(), bytes);
    default:
      throw new UnknownCodingError(`unsupported content coding "${coding}"`);
  }
}

/** Some servers send `deflate` without the header of zlib (RFC 9110 §8.4.1.2). */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

function through(
  decoder: Readable & { end(bytes: Uint8Array): unknown },
  bytes: Uint8Array,
): Promise<Uint8Array> {
  decoder.end(bytes);
  return readAtMost(decoder);
}

async function readAtMost(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      stream.destroy();
      throw new TooLargeError(`the body has more than ${MAX_BODY_BYTES / 1024 / 1024} MiB`);
    }
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined
    ? new Uint8Array(only)
    : new Uint8Array(Buffer.concat(chunks));
}
