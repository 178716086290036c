/**
 * What the run came to, as lines to print, and whether it is good. `required`: leaving a suite out or falling below a suite's minimum is a failure.
 * The last line is the plain one that tools read.
 */
export function summarise({ results, leftOut, found, built, minimums, required }) {
  const lines = ['', 'suite        passed  failed  skipped  minimum  seconds'];
  const faults = [];
  for (const r of results) {
    const minimum = minimums[r.suite] ?? 0;
    lines.push(`${r.suite.padEnd(12)} ${cell(r.passed, 6)} ${cell(r.failed, 7)} ${cell(r.skipped, 8)} ${cell(minimum, 8)} ${cell(r.seconds.toFixed(1), 8)}`);
    if (r.note !== undefined) faults.push(`${r.suite}: ${r.note}`);
    if (required && r.passed < minimum) faults.push(`${r.suite}: ${r.passed} tests passed, at least ${minimum} must`);
    if (required && r.skipped > 0) faults.push(`${r.suite}: ${r.skipped} tests were skipped, and none may be here`);
  }
  for (const line of found) lines.push(line);
  for (const file of leftOut) lines.push(`left out, no ${file.missing.join(' and no ')}: ${file.path}`);
  if (required && leftOut.length > 0) faults.push(`${leftOut.length} test files were left out, and none may be here`);
  if (!built) faults.push('the build failed');
  const total = (key) => results.reduce((sum, r) => sum + r[key], 0);
  const failed = total('failed');
  if (total('passed') + failed === 0) faults.push('no test ran');
  for (const fault of faults) lines.push(`NOT GOOD: ${fault}`);
  const bad = failed > 0 || faults.length > 0;
  lines.push(`${total('passed')} passed, ${bad ? Math.max(failed, 1) : 0} failed, ${total('skipped') + leftOut.length} skipped`);
  return { lines, good: !bad };
}

const cell = (value, width) => String(value).padStart(width);
