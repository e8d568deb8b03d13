import type { TraceEnd, TraceLine } from './k6/trace.ts';

/** A line of what k6 wrote to its log, in the JSON format. */
export type LogLine =
  | { readonly kind: 'exchange'; readonly exchange: TraceLine }
  | { readonly kind: 'end'; readonly end: TraceEnd }
  | { readonly kind: 'exception' | 'complaint'; readonly message: string }
  | { readonly kind: 'other' };

/** Reads a line: ours come by console, and an exception in an iteration only shows here. */
export function readLog(text: string): LogLine {
  let log: { level?: string; source?: string; msg?: string };
  try {
    log = JSON.parse(text) as typeof log;
  } catch {
    return { kind: 'other' };
  }
  if (log.source === 'console' && log.msg !== undefined) {
    const own = JSON.parse(log.msg) as TraceLine | TraceEnd;
    return 'end' in own ? { kind: 'end', end: own } : { kind: 'exchange', exchange: own };
  }
  const message = (log.msg ?? '').split('\n')[0] ?? '';
  if (log.source === 'stacktrace') return { kind: 'exception', message };
  return log.level === 'error' || log.level === 'fatal' ? { kind: 'complaint', message } : { kind: 'other' };
}
