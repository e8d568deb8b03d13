import type { FailureReason, HttpFailure } from '../index.ts';
import { TooLargeError, UnknownCodingError } from './decode-body.ts';

/** No data came for longer than the client waits. */
export class IdleError extends Error {
  override readonly name = 'IdleError';
}

/** A failure with one sentence about its cause, for every request that Node sends: to the API, for tokens and states. */
export function classifyFailure(error: unknown, hasStarted: boolean): HttpFailure {
  const { code = '', message = String(error), hostname, cert } = error as SystemError;
  const failure = (reason: FailureReason, detail: string): HttpFailure => ({
    kind: 'failure',
    reason,
    detail,
  });
  if (error instanceof IdleError) return failure('timeout', message);
  if (error instanceof TooLargeError) return failure('oversized', message);
  if (error instanceof UnknownCodingError) return failure('malformed', message);
  if (code === 'HPE_HEADER_OVERFLOW')
    return failure('oversized', `the headers have more than ${MAX_HEADER_KIB} KiB`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return failure('refused', `the name ${hostname ?? 'of the host'} is not known (${code})`);
  }
  if (code === 'ECONNREFUSED') return failure('refused', 'the connection is refused (ECONNREFUSED)');
  if (UNREACHABLE.has(code)) return failure('refused', `the host is not reachable (${code})`);
  if (isTls(code)) return failure('refused', tlsDetail(code, message, cert));
  if (
    code.startsWith('Z_') ||
    code.startsWith('ERR__ERROR') ||
    code.startsWith('ZSTD') ||
    code.startsWith('ERR_ZLIB')
  ) {
    return failure('malformed', `the content coding is corrupt (${message})`);
  }
  if (code.startsWith('HPE_')) return failure('malformed', `the response is not HTTP (${message})`);
  return failure(
    hasStarted ? 'cut' : 'reset',
    `${hasStarted ? CUT : 'the connection was closed before a response'} (${code || message})`,
  );
}

interface SystemError {
  readonly code?: string;
  readonly message?: string;
  readonly hostname?: string;
  readonly cert?: { readonly subject?: { readonly CN?: string }; readonly valid_to?: string };
}

/** The largest header section. */
export const MAX_HEADER_KIB = 64;

const CUT = 'the connection was closed within the response';

const UNREACHABLE: ReadonlySet<string> = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
  'ENETDOWN',
]);

/** The TLS handshake failed. This is a problem of the set-up, not of the service. */
function isTls(code: string): boolean {
  return /^(EPROTO$|ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/.test(
    code,
  );
}

function tlsDetail(code: string, message: string, cert: SystemError['cert']): string {
  const subject = cert?.subject?.CN === undefined ? '' : ` of ${cert.subject.CN}`;
  if (code === 'CERT_HAS_EXPIRED') return `the certificate${subject} has expired (${cert?.valid_to ?? code})`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the certificate${subject} is for another name (${message.replace(/^.*does not match certificate's altnames: /, '')})`;
  }
  const isHandshake = code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS');
  if (isHandshake) return `the TLS handshake failed (${code}): check that the port serves https`;
  return `the certificate${subject} is not trusted (${code}): set NODE_EXTRA_CA_CERTS to the certificate of its authority`;
}
