#!/usr/bin/env node
import './require-node.mjs';
import './last-resort.ts';

// Loaded after the check of the Node version, because dependencies do not load in an old one.
const { main } = await import('./main.ts');
process.exitCode = await main(process);
