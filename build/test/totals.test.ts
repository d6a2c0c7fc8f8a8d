import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.mjs';
import { add, nothing, toLine, totalsOf, totalsWithoutEngine } from './totals.mjs';

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] };
const brokenFile = { status: 'failed', assertionResults: [] };
const failedFile = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };

describe('totalsOf', () => {
  it('counts what the report says', () => {
    expect(totalsOf(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 2 });
  });

  it('counts failed tests once', () => {
    const failed = { ...report, numFailedTests: 1, testResults: [failedFile] };
    expect(totalsOf(failed, 1).failed).toBe(1);
  });

  it('counts a file that does not load', () => {
    expect(totalsOf({ ...report, testResults: [brokenFile, failedFile], numFailedTests: 1 }, 1).failed).toBe(2);
  });

  it('counts an error outside any test', () => {
    expect(totalsOf(report, 1).failed).toBe(1);
  });

  it('counts a crash that left no report, even with exit code 0', () => {
    expect(totalsOf(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('totalsWithoutEngine', () => {
  it('skips on a person’s machine and fails in CI, also when the tests could not be counted', () => {
    expect(totalsWithoutEngine(12, false)).toEqual({ passed: 0, failed: 0, skipped: 12 });
    expect(totalsWithoutEngine(12, true)).toEqual({ passed: 0, failed: 12, skipped: 0 });
    expect(totalsWithoutEngine(0, true).failed).toBe(1);
  });
});

describe('the last line', () => {
  it('is plain and always the same shape', () => {
    const sum = add(add(nothing, totalsOf(report, 0)), { passed: 1, failed: 2, skipped: 3 });
    expect(toLine(sum)).toBe('6 passed, 2 failed, 5 skipped');
  });
});

describe('parseArguments', () => {
  it.each([
    [[], ['unit', 'engine', 'desktop'], []],
    [['--only', 'unit', 'main/x', '-t', 'name'], ['unit'], ['main/x', '-t', 'name']],
    [['main/x', '--only=engine'], ['engine'], ['main/x']],
  ])('%j', (words, projects, rest) => {
    expect(parseArguments(words)).toEqual({ projects, rest });
  });

  it.each([[['--only']], [['--only', 'e2e']]])('refuses %j', (words) => {
    expect(() => parseArguments(words)).toThrow('names no test project');
  });
});
