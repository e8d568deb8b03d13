import type { TraceEnd, TraceHead, TraceLine } from '../scripts/trace.ts';

/** A line of what k6 wrote to its log, in the JSON format. */
export type LogLine =
  | { readonly kind: 'exchange'; readonly exchange: TraceLine }
  | { readonly kind: 'head'; readonly head: TraceHead }
  | { readonly kind: 'end'; readonly end: TraceEnd }
  | { readonly kind: 'exception' | 'complaint'; readonly message: string }
  | { readonly kind: 'other' };

/** Reads a line: ours come by console, and an exception in an iteration only shows here. What is neither is let be. */
export function readLog(text: string): LogLine {
  const { level, source, msg } = objectIn<{ level: string; source: string; msg: string }>(text);
  if (source === 'console') {
    const own = objectIn<TraceLine & TraceEnd & TraceHead>(msg ?? '');
    if (own.begin !== undefined) return { kind: 'head', head: own as TraceHead };
    if (own.end !== undefined) return { kind: 'end', end: own as TraceEnd };
    return own.phase === undefined ? { kind: 'other' } : { kind: 'exchange', exchange: own as TraceLine };
  }
  const message = (msg ?? '').split('\n')[0] ?? '';
  if (source === 'stacktrace') return { kind: 'exception', message };
  return level === 'error' || level === 'fatal' ? { kind: 'complaint', message } : { kind: 'other' };
}

/** What stands in a text of JSON, where that is an object; whatever is read from it may be missing. */
function objectIn<Shape>(text: string): Partial<Shape> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
