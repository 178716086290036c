#!/usr/bin/env node
import { installCrashHandler } from '../base/crash.ts';
import { createLog } from '../base/log.ts';
import { Vocabulary } from '../base/vocabulary.ts';
import { processIo } from './io.ts';
import { runCli } from './program.ts';
import { stopSignals } from './signals.ts';

// What Node.js would print of an exception that nobody caught might quote a record.
installCrashHandler({ log: createLog({ level: 'fatal', vocabulary: new Vocabulary() }) });

// Before all that `run` needs is loaded: a process that is told to stop while it starts ends in order too.
if (process.argv[2] === 'run') stopSignals.listen();

// Nothing is cut off: standard output is written synchronously.
process.exit(await runCli(process.argv.slice(2), processIo));
