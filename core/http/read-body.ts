import type { Body } from './exchange.ts';

/** A body as text. `replaced`: the client decoded it and inserted U+FFFD, so the bytes may have been invalid. */
export type TextReading =
  | { readonly kind: 'text'; readonly text: string; readonly replaced: boolean }
  | { readonly kind: 'not-utf8' };

export type JsonReading =
  | { readonly kind: 'value'; readonly value: unknown; readonly replaced: boolean }
  | { readonly kind: 'unreadable'; readonly why: 'empty' | 'not-utf8' | 'byte-order-mark' | 'syntax' };

// `ignoreBOM` keeps the byte order mark in the text, so that JSON.parse rejects it: RFC 8259 §8.1 forbids senders to add one.
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

/** Parses a body as one JSON text in UTF-8 (RFC 8259 §8.1). */
export function readJson(body: Body): JsonReading {
  const reading = readText(body);
  if (reading.kind === 'not-utf8') return { kind: 'unreadable', why: 'not-utf8' };
  if (reading.text.trim() === '') return { kind: 'unreadable', why: 'empty' };
  try {
    return { kind: 'value', value: JSON.parse(reading.text), replaced: reading.replaced };
  } catch {
    return { kind: 'unreadable', why: reading.text.startsWith('\uFEFF') ? 'byte-order-mark' : 'syntax' };
  }
}
