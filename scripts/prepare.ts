// Builds the files that are not committed. Runs on `npm ci` and `npm pack`.
import { bundleCommand, bundleGenerators, bundleLoadScript } from './bundle.ts';
import { compileValidators } from './compile-validators.ts';

await compileValidators();
await bundleCommand();
await Promise.all([bundleLoadScript(), bundleGenerators()]);
