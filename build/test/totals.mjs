/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/**
 * The part of vitest's JSON report that is read here.
 * @typedef {object} Report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults one per file
 */

/** @type {Totals} */
export const nothing = { passed: 0, failed: 0, skipped: 0 };

/**
 * What one run of vitest adds up to. Whatever went wrong outside a test counts as a failure too: a file that does not load, an unhandled
 * error, a crash before any report was written.
 * @param {Report | undefined} report undefined: vitest wrote none
 * @param {number} exitCode
 * @returns {Totals}
 */
export function totalsOf(report, exitCode) {
  if (report === undefined) return { ...nothing, failed: 1 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {Totals} one @param {Totals} other @returns {Totals} */
export function add(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/**
 * Tests that could not run for want of an engine: skipped on a person's machine; in CI a failure, where nobody reads the reason.
 * @param {number} count @param {boolean} ci @returns {Totals}
 */
export function totalsWithoutEngine(count, ci) {
  return ci ? { ...nothing, failed: Math.max(count, 1) } : { ...nothing, skipped: count };
}

/** The last line of `npm test`. @param {Totals} totals */
export function toLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
