#!/usr/bin/env node
import { processIo } from './io.ts';
import { runCli } from './program.ts';

// Nothing is cut off: standard output is written synchronously.
process.exit(await runCli(process.argv.slice(2), processIo));
