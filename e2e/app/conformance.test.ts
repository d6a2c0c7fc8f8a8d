import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { eventually } from '../fixtures/processes.ts';
import { toConformanceCases, type ConformanceCase } from './conformance-cases.ts';
import { launchApp, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;
let folder: string;

/**
 * Sends each case's bytes (a line of base64 in `cases`), asks where the cursor is, notes the answer for the test, and goes on
 * at a key. The terminal answers only after it parsed all that came before.
 */
const program = `
stty raw -echo
while read -r -u 3 bytes; do
  printf '\\033c'
  base64 -d <<<"$bytes"
  printf '\\033[6n'
  answer=
  until [[ $answer =~ \\[[0-9]+\\;[0-9]+R$ ]]; do
    IFS= read -r -n 1 letter
    answer+=$letter
  done
  base64 -w 0 <<<"$answer" >>answers
  echo >>answers
  IFS= read -r -n 1 letter
done 3<cases
stty sane
printf '\\033c'
echo conformance do"ne"
`;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  folder = await profile.folder('conform');
  await writeFile(path.join(folder, 'conform.sh'), program);
  expect(await profile.up(folder)).toMatchObject({ code: 0 });
  app = await launchApp(desktop, profile, { traced: false });
  await app.openTerminal('conform');
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await desktop.close();
});

/** What the terminal shows now, once what it has parsed is drawn. */
async function look(): Promise<{ readonly rows: readonly string[]; readonly drawn: Record<string, string> }> {
  return app.page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    const lines = [...document.querySelectorAll('.xterm-rows > div')];
    const drawn: Record<string, string> = {};
    for (const span of lines[0]?.querySelectorAll('span') ?? []) {
      for (const name of span.classList) drawn[name] = (drawn[name] ?? '') + (span.textContent ?? '');
    }
    return { rows: lines.map((line) => (line.textContent ?? '').replaceAll('\u00A0', ' ').trimEnd()), drawn };
  });
}

const lineOf = async (name: string, index: number): Promise<string | undefined> => {
  const text = await readFile(path.join(folder, name), 'utf8').catch(() => '');
  // Only whole lines.
  return text.split('\n').slice(0, -1)[index];
};

/** What is not as it must be; null where all is. */
async function faultOf(one: ConformanceCase, index: number): Promise<string | null> {
  await eventually(async () => (await lineOf('answers', index)) !== undefined, `the answer to ${one.name}`, 10_000);
  const answer = Buffer.from((await lineOf('answers', index)) ?? '', 'base64')
    .toString('utf8')
    .trimEnd();
  const place = /\[(?<row>\d+);(?<column>\d+)R$/u.exec(answer);
  const { rows, drawn } = await look();
  const before = answer.slice(0, answer.lastIndexOf('\u001B'));
  if (before !== (one.answer ?? '')) return `answers ${JSON.stringify(before)}`;
  const at = [Number(place?.groups?.['row']), Number(place?.groups?.['column'])];
  if (one.at !== undefined && at.join() !== one.at.join()) return `the cursor is at ${at.join()}`;
  for (const [row, text] of Object.entries(one.rows ?? {})) {
    const shown = rows[Number(row) - 1];
    if (shown !== text) return `row ${row} shows ${JSON.stringify(shown)}`;
  }
  if (one.drawn !== undefined && drawn[one.drawn[0]] !== one.drawn[1]) return `drawn is ${JSON.stringify(drawn)}`;
  return null;
}

test('terminals do what ECMA-48 and xterm say, through the whole pipe', async () => {
  await app.type('stty size >size\n');
  await eventually(async () => (await lineOf('size', 0)) !== undefined, 'the size', 10_000);
  const [lines = 0, columns = 0] = ((await lineOf('size', 0)) ?? '').split(' ').map(Number);
  const cases = toConformanceCases(lines, columns);
  const sent = cases.map(({ send }) => `${Buffer.from(send).toString('base64')}\n`);
  await writeFile(path.join(folder, 'cases'), sent.join(''));
  await app.type('bash conform.sh\n');
  const faults: string[] = [];
  for (const [index, one] of cases.entries()) {
    const fault = await faultOf(one, index);
    if (fault !== null) faults.push(`${one.name}: ${fault}`);
    await app.page.keyboard.press('g');
  }
  await app.terminalShows('conformance done');
  expect(faults).toEqual([]);
}, 120_000);
