import { messages, type MessageCode, type MessageData } from './messages.ts';

/** `usage`: the command must be changed (exit 2). `environment`: something outside is missing or failed (exit 3). */
export type ErrorKind = 'usage' | 'environment';

/** A problem that is explained to the user. Findings are not errors. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
  readonly kind: ErrorKind;
  readonly code: MessageCode;

  constructor(kind: ErrorKind, code: MessageCode, data: MessageData = {}, options?: ErrorOptions) {
    super(messages[code](data), options);
    this.kind = kind;
    this.code = code;
  }
}

export function usage(code: MessageCode, data?: MessageData): HarnessError {
  return new HarnessError('usage', code, data);
}

export function environment(code: MessageCode, data?: MessageData, cause?: unknown): HarnessError {
  return new HarnessError('environment', code, data, { cause });
}
