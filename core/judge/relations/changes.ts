import { isSameDecimal, isSameDouble, ExactNumber } from '../../http/exact-number.ts';
import type { JsonObject } from './json-bodies.ts';

/** How a received value differs from the sent one. */
export type ChangeKind =
  | 'missing'
  | 'merged'
  | 'type'
  | 'number'
  | 'precision'
  | 'array-length'
  | 'array-order'
  | 'normalised'
  | 'trimmed'
  | 'truncated'
  | 'case'
  | 'replaced'
  | 'stripped'
  | 'escaped'
  | 'fraction'
  | 'beyond-microseconds'
  | 'hours'
  | 'text';

export interface Change {
  /** JSON pointer of the value. */
  readonly site: string;
  readonly kind: ChangeKind;
}

/**
 * Lists the differences between a sent and a received value, both parsed with exact numbers. Additional members of
 * received objects are allowed. Numbers compare as decimals, strings by code point.
 * @param site JSON pointer of the value
 */
export function changesIn(sent: unknown, received: unknown, site: string): Change[] {
  if (Array.isArray(sent)) return inArray(sent, received, site);
  if (sent instanceof ExactNumber) return at(site, changeOfNumber(sent, received));
  if (typeof sent === 'object' && sent !== null) return inObject(sent as JsonObject, received, site);
  if (typeof sent === 'string') return at(site, changeOfText(sent, received));
  return at(site, sent === received ? undefined : 'type');
}

function at(site: string, kind: ChangeKind | undefined): Change[] {
  return kind === undefined ? [] : [{ site, kind }];
}

function inArray(sent: readonly unknown[], received: unknown, site: string): Change[] {
  if (!Array.isArray(received)) return at(site, 'type');
  if (received.length !== sent.length) return at(site, 'array-length');
  const changes = sent.flatMap((item, index) => changesIn(item, received[index], `${site}/${index}`));
  return changes.length > 0 && isReordered(sent, received) ? at(site, 'array-order') : changes;
}

function isReordered(sent: readonly unknown[], received: readonly unknown[]): boolean {
  const sorted = (items: readonly unknown[]): string => JSON.stringify(items.map(asText).sort());
  return sorted(sent) === sorted(received);
}

const asText = (item: unknown): string => JSON.stringify(item);

function inObject(sent: JsonObject, received: unknown, site: string): Change[] {
  if (
    typeof received !== 'object' ||
    received === null ||
    Array.isArray(received) ||
    received instanceof ExactNumber
  ) {
    return at(site, 'type');
  }
  const members = received as JsonObject;
  return Object.keys(sent).flatMap((key) => {
    const place = `${site}/${key}`;
    return Object.hasOwn(members, key) ? changesIn(sent[key], members[key], place) : at(place, 'missing');
  });
}

/** A double preserves this many significant digits. */
const MAX_SAFE_DIGITS = 15;

function changeOfNumber(sent: ExactNumber, received: unknown): ChangeKind | undefined {
  if (!(received instanceof ExactNumber)) return 'type';
  if (isSameDecimal(sent, received)) return undefined;
  if (!isSameDouble(sent, received)) return 'number';
  // Engines print the smallest doubles differently: with few digits, the same double is no change.
  const [digits] = sent.source.split(/[eE]/);
  return (digits ?? '').replaceAll(/^[-0.]+|\D/g, '').length > MAX_SAFE_DIGITS ? 'precision' : undefined;
}

function changeOfText(sent: string, received: unknown): ChangeKind | undefined {
  if (sent === received) return undefined;
  if (typeof received !== 'string') return 'type';
  return textChanges.find(([, explains]) => explains(sent, received))?.[0] ?? 'text';
}

type Explains = (sent: string, received: string) => boolean;

/** Known changes of strings. The first one that explains the difference is reported. */
const textChanges: readonly (readonly [ChangeKind, Explains])[] = [
  ['normalised', (sent, received) => forms.some((form) => sent.normalize(form) === received)],
  ['trimmed', (sent, received) => sent.trim() === received.trim()],
  ['stripped', (sent, received) => withoutControls(sent) === received],
  ['truncated', (sent, received) => sent.startsWith(received)],
  ['replaced', (_, received) => received.includes('\uFFFD')],
  ['case', (sent, received) => sent.toLowerCase() === received.toLowerCase()],
  [
    'escaped',
    (sent, received) => /&(?:lt|gt|amp|quot|apos|#\w+);/.test(received) && !sent.includes(received),
  ],
];

const forms = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const;

function withoutControls(text: string): string {
  return Array.from(text)
    .filter((letter) => (letter.codePointAt(0) ?? 0) >= 0x20)
    .join('');
}
