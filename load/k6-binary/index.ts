export { findK6, K6MissingError, resolveK6, type K6Lookup, type K6Options } from './resolve.ts';
