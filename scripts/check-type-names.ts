// Part of `npm run words`: reports names that several files give to different types, classes or interfaces.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The public generators have a type of their own, because they are published without the other sources. */
const EXCEPTIONS = ['ManagedClientStatus'];

const DECLARATION = /^(?:export )?(?:abstract )?(?:interface|type|class) ([A-Z]\w*)/gm;

const root = join(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: root,
})
  .toString()
  .trim()
  .split('\n');
const places = new Map<string, string[]>();
for (const file of files) {
  for (const [, name = ''] of readFileSync(join(root, file), 'utf8').matchAll(DECLARATION)) {
    places.set(name, [...(places.get(name) ?? []), file]);
  }
}
for (const [name, own] of places) {
  if (own.length === 1 || EXCEPTIONS.includes(name)) continue;
  process.stdout.write(`${name} has several declarations: ${own.join(', ')}. Rename all but one.\n`);
  process.exitCode = 1;
}
