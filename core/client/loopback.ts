import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** The loopback addresses 127.0.0.0/8 and ::1, also as an IPv4-mapped address. */
const LOOPBACK_ADDRESS = /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$|^::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}$/;

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const resolveName: Resolve = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/**
 * Whether a host is this machine: a loopback address, or a name that resolves to nothing else.
 * @param hostname of a URL, so IPv6 addresses have brackets
 */
export async function isLoopback(hostname: string, resolve: Resolve = resolveName): Promise<boolean> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0) return LOOPBACK_ADDRESS.test(host);
  const addresses = await resolve(host).catch(() => []);
  return addresses.length > 0 && addresses.every((address) => LOOPBACK_ADDRESS.test(address));
}
