// The entry point for code that needs Node but no target: caches and local servers.
export { buildIntoCache, cacheFolder, contentKey, type Environment } from './cache.ts';
export { withoutCredentials } from './credentials-in-url.ts';
export { listenOnLoopback, type LoopbackServer } from './loopback-server.ts';
