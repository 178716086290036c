#!/usr/bin/env node
import { installCrashHandler } from '../base/crash.ts';
import { createLog } from '../base/log.ts';
import { Vocabulary } from '../base/vocabulary.ts';
import { processIo } from './io.ts';
import { runCli } from './program.ts';

// What Node.js would print of an exception that nobody caught might quote a record.
installCrashHandler({ log: createLog({ level: 'fatal', vocabulary: new Vocabulary() }) });

// Nothing is cut off: standard output is written synchronously.
process.exit(await runCli(process.argv.slice(2), processIo));
