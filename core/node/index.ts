// The entry point for code that needs Node but no target: caches, temporary folders, local servers, exact JSON.
export { buildIntoCache, cacheFolder, contentKey, type Environment } from './cache.ts';
export { withoutCredentials } from './credentials-in-url.ts';
export { numberIn, parseExact } from './exact-json.ts';
export { listenOnLoopback, type LoopbackServer } from './loopback-server.ts';
export { isRunning, removeStaleFolders, withTemporaryFolder } from './temporary-folder.ts';
