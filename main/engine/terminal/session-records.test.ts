import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSessionRecords, type SessionRecord } from './session-records.ts';

let folder: string;
let others: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tazpod-records-'));
  others = [];
});
afterEach(() => {
  for (const other of others) other.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const record = (processId: number): SessionRecord => ({ containerId: 'c', processId, startTicks: '5' });
const own = (): string => path.join(folder, `sessions-${process.pid}.json`);
const readOwn = (): unknown => JSON.parse(readFileSync(own(), 'utf8'));

/** As a host process with this PID would have left it. */
function leave(pid: number, content: unknown): string {
  const file = path.join(folder, `sessions-${pid}.json`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const deadPid = (): number => spawnSync('true').pid;

function livePid(): number {
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  others.push(other);
  if (other.pid === undefined) throw new Error('sleep did not start');
  return other.pid;
}

function startTicks(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

describe('the sessions of this host process', () => {
  it('are on disk while they are open, for its owner alone', () => {
    const records = openSessionRecords(folder);
    expect(readdirSync(folder)).toEqual([]);
    const [one, two] = [record(1), record(2)];
    records.add(one);
    records.add(two);
    expect(readOwn()).toEqual({ hostStartTicks: startTicks(process.pid), sessions: [one, two] });
    expect(statSync(own()).mode & 0o777).toBe(0o600);
    records.remove(one);
    expect(readOwn()).toMatchObject({ sessions: [two] });
    records.remove(two);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are two where two look alike, and one that is gone may be removed again', () => {
    const records = openSessionRecords(folder);
    const [one, twin] = [record(1), record(1)];
    records.add(one);
    records.add(twin);
    records.remove(one);
    records.remove(one);
    expect(readOwn()).toMatchObject({ sessions: [twin] });
  });

  it('are no orphans', () => {
    const records = openSessionRecords(folder);
    records.add(record(1));
    expect(records.orphans()).toEqual([]);
  });
});

describe('the sessions of another host process', () => {
  const sessions = [record(7)];

  it('are orphans once it is gone, until they are forgotten', () => {
    const records = openSessionRecords(folder);
    const file = leave(deadPid(), { hostStartTicks: '1', sessions });
    expect(records.orphans()).toEqual([{ file, sessions }]);
    records.forget(file);
    records.forget(file);
    expect(records.orphans()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are left alone while it lives', () => {
    const pid = livePid();
    leave(pid, { hostStartTicks: startTicks(pid), sessions });
    expect(openSessionRecords(folder).orphans()).toEqual([]);
  });

  it('are left alone where it may live: the file does not tell its start', () => {
    leave(livePid(), { hostStartTicks: '', sessions });
    expect(openSessionRecords(folder).orphans()).toEqual([]);
  });

  it('are orphans where another process has its PID now', () => {
    const file = leave(livePid(), { hostStartTicks: '1', sessions });
    expect(openSessionRecords(folder).orphans()).toEqual([{ file, sessions }]);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"hostStartTicks":"1"}',
    '{"hostStartTicks":1,"sessions":[]}',
    '{"hostStartTicks":"1","sessions":[{"containerId":"c"}]}',
  ])('are none in the damaged file %j, which can be forgotten', (content) => {
    const file = leave(deadPid(), content);
    expect(openSessionRecords(folder).orphans()).toEqual([{ file, sessions: [] }]);
  });

  it('are not looked for in other files', () => {
    for (const name of ['registry.json', 'sessions-1.json.new', 'sessions-x.json', 'my-sessions-1.json']) {
      writeFileSync(path.join(folder, name), JSON.stringify({ hostStartTicks: '1', sessions }));
    }
    expect(openSessionRecords(folder).orphans()).toEqual([]);
  });
});
