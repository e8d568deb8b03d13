// Part of `npm run check`: reports words that the glossary replaced, with the new word.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Unambiguous identifiers and phrases, each with the word to use instead. */
const retiredWords: readonly (readonly [RegExp, string])[] = [
  [/\bpassedOver\b/, 'retried'],
  [/\bnot ?verifiable\b/i, 'skipped'],
  [/\bobstacle/i, 'SkipReason'],
  [/\bremarks?\b/, 'CheckResult'],
  [/\bdoubts?\b/i, 'inconclusive'],
  [/\bdecisive\b/i, 'required'],
  [/\bundecided\b/i, 'inconclusive'],
  [/\bcellProbes?\b/, 'mutationTestCases'],
  [/\b(promised|victims?)\b/i, 'documented, or the subject'],
  [/\b(bend|bends|bent|spoil|spoilt)\b/i, 'mutate'],
  [/\b(healthy|limiter|family)[ -]?twins?\b/i, 'benign variant'],
  [/\b(openDoor|tokenDoor|brokerDoor|token-door)\b/, 'tokenServer or brokerProxy'],
  [/\bablat\w*/i, 'minimize'],
  [/\bweather\b/i, 'flake'],
  [/\bwriteMark(er)?\b/, 'writeId'],
  [/\bunnamed(Base|Report)\b/, 'baseReport'],
  [/\bsettle(d|s)?Cause\b/, 'attribute'],
  [/\b(severalNodes|several nodes that do not agree)\b/, 'distributed'],
  [/\bsteppedBucket\b/, 'intervalRefill'],
  [/\b\w*[Cc]harged(Window|Log|Counter)\b/, 'rejectionsCounted'],
  [/\b(gave|gives?) back\b/i, 'recovered'],
  [/\bhonest(y|ly)?\b/i, 'accuracy'],
  [/\bsurroundings\b/i, 'environment'],
  [/\bstanding promises?\b/i, 'retry deadline'],
  [/\binFlight\b/, 'concurrency'],
  [/\brichBases\b/, 'mutatesRandomReports'],
  [/\barrange\(/, 'setUpState'],
  [/\b(MOST|ENOUGH|KEPT|LEAST)(_[A-Z]+)?\b/, 'MAX_… or MIN_…'],
  [/\bwhoever\b/i, 'the subject'],
  [/^\s*(\/\/|\/?\*+) (What|Who|Where) (?!.*\?)/, 'a sentence with a subject'],
];

const IGNORED =
  /^(package-lock\.json|LICENSE|CHANGELOG\.md|scripts\/check-words(\.test)?\.ts|contracts\/pacts\/|contracts\/consumers\/(python|go)\/.*(txt|sum))/;

/** The retired words in a text, as messages. */
export function findRetiredWords(text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    retiredWords.flatMap(([word, instead]) => {
      const [found] = word.exec(line) ?? [];
      return found === undefined ? [] : [`${index + 1}: "${found.trim()}" is retired: use ${instead}`];
    }),
  );
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  const files = listed
    .toString()
    .split('\n')
    .filter((file) => /\.(ts|mjs|md|py|go|json|yml)$/.test(file) && !IGNORED.test(file));
  const messages = files.flatMap((file) =>
    findRetiredWords(readFileSync(join(root, file), 'utf8')).map((message) => `${file}:${message}`),
  );
  process.stdout.write(messages.map((message) => `${message}\n`).join(''));
  if (messages.length > 0) process.exitCode = 1;
}
