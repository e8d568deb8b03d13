import type { LoadExchange, TraceEnd, TraceStart } from '../scripts/trace.ts';

/** A line of the log of k6 in JSON format. */
export type LogLine =
  | { readonly kind: 'exchange'; readonly exchange: LoadExchange }
  | { readonly kind: 'start'; readonly start: TraceStart }
  | { readonly kind: 'end'; readonly end: TraceEnd }
  | { readonly kind: 'exception' | 'error'; readonly message: string }
  | { readonly kind: 'other' };

/** Parses a line of the log. The scripts write to the console, and exceptions of iterations appear only in the log. */
export function parseLogLine(text: string): LogLine {
  const { level, source, msg } = parseObject<{ level: string; source: string; msg: string }>(text);
  if (source === 'console') {
    const own = parseObject<LoadExchange & TraceEnd & TraceStart>(msg ?? '');
    if (own.start !== undefined) return { kind: 'start', start: own as TraceStart };
    if (own.end !== undefined) return { kind: 'end', end: own as TraceEnd };
    return own.step === undefined ? { kind: 'other' } : { kind: 'exchange', exchange: own as LoadExchange };
  }
  const message = (msg ?? '').split('\n')[0] ?? '';
  if (source === 'stacktrace') return { kind: 'exception', message };
  return level === 'error' || level === 'fatal' ? { kind: 'error', message } : { kind: 'other' };
}

/** An object in a JSON text; empty for other texts. Any member may be missing. */
function parseObject<Shape>(text: string): Partial<Shape> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
