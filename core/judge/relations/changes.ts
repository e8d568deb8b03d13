import { isSameDecimal, isSameDouble, NumberText } from '../../http/exact-number.ts';

/** How a value came back otherwise than it was sent. */
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
  | 'text';

export interface Change {
  /** Where, as pointer. */
  readonly site: string;
  readonly kind: ChangeKind;
}

/**
 * What `got` lacks or has otherwise than `sent`, both parsed with their numbers as text. Members that `got` has beside
 * those sent are a service's own business. Numbers compare as decimals, texts by code point.
 */
export function changesIn(sent: unknown, got: unknown, site: string): Change[] {
  if (Array.isArray(sent)) return inArray(sent, got, site);
  if (sent instanceof NumberText) return at(site, changeOfNumber(sent, got));
  if (typeof sent === 'object' && sent !== null) return inObject(sent as Members, got, site);
  if (typeof sent === 'string') return at(site, changeOfText(sent, got));
  return at(site, sent === got ? undefined : 'type');
}

type Members = Readonly<Record<string, unknown>>;

function at(site: string, kind: ChangeKind | undefined): Change[] {
  return kind === undefined ? [] : [{ site, kind }];
}

function inArray(sent: readonly unknown[], got: unknown, site: string): Change[] {
  if (!Array.isArray(got)) return at(site, 'type');
  if (got.length !== sent.length) return at(site, 'array-length');
  const changes = sent.flatMap((item, index) => changesIn(item, got[index], `${site}/${index}`));
  return changes.length > 0 && isReordered(sent, got) ? at(site, 'array-order') : changes;
}

function isReordered(sent: readonly unknown[], got: readonly unknown[]): boolean {
  const sorted = (items: readonly unknown[]): string => JSON.stringify(items.map(asText).sort());
  return sorted(sent) === sorted(got);
}

const asText = (item: unknown): string => JSON.stringify(item);

function inObject(sent: Members, got: unknown, site: string): Change[] {
  if (typeof got !== 'object' || got === null || Array.isArray(got) || got instanceof NumberText) {
    return at(site, 'type');
  }
  const members = got as Members;
  return Object.keys(sent).flatMap((key) => {
    const place = `${site}/${key}`;
    return Object.hasOwn(members, key) ? changesIn(sent[key], members[key], place) : at(place, 'missing');
  });
}

/** Digits that every double keeps. */
const SAFE_DIGITS = 15;

function changeOfNumber(sent: NumberText, got: unknown): ChangeKind | undefined {
  if (!(got instanceof NumberText)) return 'type';
  if (isSameDecimal(sent, got)) return undefined;
  if (!isSameDouble(sent, got)) return 'number';
  // Few digits, and the same double: engines write the smallest doubles differently.
  const [digits] = sent.source.split(/[eE]/);
  return (digits ?? '').replaceAll(/^[-0.]+|\D/g, '').length > SAFE_DIGITS ? 'precision' : undefined;
}

function changeOfText(sent: string, got: unknown): ChangeKind | undefined {
  if (sent === got) return undefined;
  if (typeof got !== 'string') return 'type';
  return textChanges.find(([, explains]) => explains(sent, got))?.[0] ?? 'text';
}

type Explains = (sent: string, got: string) => boolean;

/** What services do to texts, the first explanation that fits. */
const textChanges: readonly (readonly [ChangeKind, Explains])[] = [
  ['normalised', (sent, got) => forms.some((form) => sent.normalize(form) === got)],
  ['trimmed', (sent, got) => sent.trim() === got.trim()],
  ['stripped', (sent, got) => withoutControls(sent) === got],
  ['truncated', (sent, got) => sent.startsWith(got)],
  ['replaced', (_, got) => got.includes('\uFFFD')],
  ['case', (sent, got) => sent.toLowerCase() === got.toLowerCase()],
  ['escaped', (sent, got) => /&(?:lt|gt|amp|quot|apos|#\w+);/.test(got) && !sent.includes(got)],
];

const forms = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const;

function withoutControls(text: string): string {
  return Array.from(text)
    .filter((letter) => (letter.codePointAt(0) ?? 0) >= 0x20)
    .join('');
}
