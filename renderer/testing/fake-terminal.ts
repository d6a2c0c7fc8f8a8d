import { sessionIdOf } from './scenarios/parts.ts';

const escape = '\u001B';
const prompt = `${escape}[1;32mtazpod@acme-api${escape}[0m:${escape}[1;34m/workspace${escape}[0m$ `;

/** What a session printed before anybody looked. */
export const replayText = [
  `${prompt}git status --short`,
  ` ${escape}[31mM${escape}[0m src/server.ts`,
  `${escape}[31m??${escape}[0m notes/überblick-日本語.md`,
  `${prompt}npm test`,
  '',
  ` ${escape}[32m✓${escape}[0m routes/orders.test.ts ${escape}[90m(14 tests)${escape}[0m ${escape}[32m38 ms${escape}[0m`,
  ` ${escape}[32m✓${escape}[0m routes/users.test.ts ${escape}[90m(9 tests)${escape}[0m ${escape}[33m412 ms${escape}[0m`,
  ` ${escape}[31m✗${escape}[0m routes/billing.test.ts ${escape}[90m(6 tests | 1 failed)${escape}[0m`,
  '',
  `   ${escape}[36mhttps://ci.example.com/acme/acme-api/runs/48213${escape}[0m and http://localhost:3000/health`,
  '',
  prompt,
].join('\r\n');

let count = 0;
export const newSessionId = (): string => {
  count += 1;
  return sessionIdOf(`new ${count}`);
};

/** What the fake shell answers: it prints what is typed, and a prompt after each line. */
export const echoOf = (text: string): string => text.replaceAll('\r', `\r\n${prompt}`);
