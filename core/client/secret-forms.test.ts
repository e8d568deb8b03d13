import { expect, test } from '@jest/globals';

import { placeholder } from '../http/placeholder.ts';
import { formsOf } from './secret-forms.ts';
import { TokenStore } from './token-store.ts';

const SECRET = 'kV9/+x&"Q=7mPzR3tYw2LbN8cHdJ5fGs';

function storeWith(secret: string): TokenStore {
  const user = { kind: 'credentials', clientId: 'id', clientSecret: secret } as const;
  return new TokenStore({ user }, 'http://127.0.0.1:1/oauth/token', Date.now);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['itself', SECRET, '<user secret>'],
  ['in a URL', `?token=${encodeURIComponent(SECRET)}&x=1`, '<user secret in URL encoding>'],
  ['in base64', base64(SECRET), '<user secret in base64>'],
  ['in base64 with a scheme', base64(`Bearer ${SECRET}`), '<user secret in base64>'],
  ['as a basic credential', base64(`client:${SECRET}`), '<user secret in base64>'],
  ['in base64 for URLs', Buffer.from(SECRET).toString('base64url'), '<user secret in base64>'],
  ['in hexadecimal digits', Buffer.from(SECRET).toString('hex'), '<user secret in hexadecimal digits>'],
  [
    'in upper-case digits',
    Buffer.from(SECRET).toString('hex').toUpperCase(),
    '<user secret in hexadecimal digits>',
  ],
  ['in HTML', SECRET.replace('&', '&amp;').replace('"', '&quot;'), '<user secret in HTML escapes>'],
  ['in JSON', JSON.stringify({ a: SECRET }), '<user secret in JSON escapes>'],
  ['in another case', SECRET.toUpperCase(), '<user secret in another case>'],
  ['in several lines', `${SECRET.slice(0, 11)}\r\n  ${SECRET.slice(11)}`, '<user secret in several lines>'],
  ['shortened', `${SECRET.slice(0, 20)}…`, '<user secret in a half>'],
])('masks a secret %s', (_, text, expected) => {
  const masked = storeWith(SECRET).mask(text);
  expect(masked).toContain(expected);
  expect(masked).not.toContain(SECRET.slice(2, 14));
});

test('leaves other texts unchanged', () => {
  const text = `{"id":"${'a'.repeat(40)}","note":"line\\nline","half":"${SECRET.slice(0, 8)}"}`;
  expect(storeWith(SECRET).mask(text)).toBe(text);
});

test('a short secret has no parts, which would occur by chance', () => {
  const names = formsOf('12345678').map(({ name }) => name);
  expect(names).toEqual([undefined, 'URL encoding', 'hexadecimal digits']);
});

test('finds each form within bounded time in a text of four megabytes', () => {
  const text = `${SECRET.slice(0, -1)}\n`.repeat(2 ** 17);
  expect(storeWith(SECRET).mask(text)).toContain('a half');
});

test('names the form in the placeholder', () => {
  expect(placeholder('user', 'token', 'base64')).toBe('<user token in base64>');
});
