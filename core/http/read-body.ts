import type { Body } from './exchange.ts';

/** Text of a body. `replaced` means the engine decoded it and put U+FFFD somewhere, so the bytes may have been bad. */
export type TextReading =
  | { readonly kind: 'text'; readonly text: string; readonly replaced: boolean }
  | { readonly kind: 'not-utf8' };

export type JsonReading =
  | { readonly kind: 'value'; readonly value: unknown; readonly replaced: boolean }
  | { readonly kind: 'unreadable'; readonly why: 'empty' | 'not-utf8' | 'syntax' };

// ignoreBOM keeps the mark in the text, where JSON.parse refuses it: RFC 8259 §8.1 forbids senders to add one.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function readText(body: Body): TextReading {
  if (body.kind === 'none') return { kind: 'text', text: '', replaced: false };
  if (body.kind === 'text') return { kind: 'text', text: body.text, replaced: body.text.includes('\uFFFD') };
  try {
    return { kind: 'text', text: utf8.decode(body.bytes), replaced: false };
  } catch {
    return { kind: 'not-utf8' };
  }
}

/** Reads a body as one JSON text in UTF-8 (RFC 8259 §8.1). */
export function readJson(body: Body): JsonReading {
  const reading = readText(body);
  if (reading.kind === 'not-utf8') return { kind: 'unreadable', why: 'not-utf8' };
  if (reading.text.trim() === '') return { kind: 'unreadable', why: 'empty' };
  try {
    return { kind: 'value', value: JSON.parse(reading.text), replaced: reading.replaced };
  } catch {
    return { kind: 'unreadable', why: 'syntax' };
  }
}
