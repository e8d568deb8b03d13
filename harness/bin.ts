#!/usr/bin/env node
import './require-node.mjs';
import './last-resort.ts';

// Not before the Node version is known to do: dependencies do not load in an old one.
const { main } = await import('./main.ts');
process.exitCode = await main(process);
