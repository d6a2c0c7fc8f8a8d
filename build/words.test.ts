import { expect, it } from 'vitest';
import { needsEngine } from './words.mjs';

it.each(['', 'up .', 'enter', 'down x', 'status --json', '--json status', 'list-of-mine', 'up -- --help'])(
  'needs an engine: tazpod %s',
  (line) => {
    expect(needsEngine(line.split(' ').filter((word) => word !== ''))).toBe(true);
  },
);

it.each(['--help', 'up --help', '--version', 'init', '--json list', 'trust .', 'completion bash', 'doctor', 'quit'])(
  'needs none: tazpod %s',
  (line) => {
    expect(needsEngine(line.split(' '))).toBe(false);
  },
);
