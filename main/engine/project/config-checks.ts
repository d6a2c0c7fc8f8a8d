import { describeNode, type ConfigEntry, type ConfigNode } from './config-tree.ts';
import type { Findings } from './findings.ts';
import { isRefusedKey } from './refused-keys.ts';
import { toQuotedText } from './visible-text.ts';

/**
 * Checks one value and turns it into what the engine works with. `undefined`: nothing usable, and if that is a fault
 * the findings have it.
 */
export type Check<Value> = (node: ConfigNode, key: string, findings: Findings) => Value | undefined;

type Fields = Readonly<Record<string, Check<unknown>>>;

/** What a map's checks gave; keys that are absent or wrong are not there. */
export type FieldValues<F extends Fields> = { readonly [K in keyof F]?: Exclude<ReturnType<F[K]>, undefined> };

/** Reports a value with what is allowed instead. */
export function refuseNode(node: ConfigNode, key: string, findings: Findings, allowed: string): undefined {
  findings.refuse(node, key, describeNode(node), allowed);
}

/** A value that is read by another tool and has no effect here. */
export const ineffective: Check<never> = () => undefined;

/** Text that passes a test. */
export function textOf(accepts: (text: string) => boolean, allowed: string): Check<string> {
  return (node, key, findings) =>
    node.kind === 'text' && accepts(node.text) ? node.text : refuseNode(node, key, findings, allowed);
}

/** As the check, but empty text counts as absent: the Go tool writes `""` for what it does not know. */
export function unlessEmpty<Value>(check: Check<Value>): Check<Value> {
  return (node, key, findings) => (node.kind === 'text' && node.text === '' ? undefined : check(node, key, findings));
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Check<Word> {
  return (node, key, findings) => {
    const word = words.find((candidate) => node.kind === 'text' && node.text === candidate);
    return word ?? refuseNode(node, key, findings, words.join(', '));
  };
}

export const trueOrFalse: Check<boolean> = (node, key, findings) =>
  node.kind === 'boolean' ? node.value : refuseNode(node, key, findings, 'true or false');

/** A whole number of a range, both ends included. */
export function wholeNumber(min: number, max: number): Check<number> {
  return (node, key, findings) =>
    node.kind === 'number' && Number.isInteger(node.value) && node.value >= min && node.value <= max
      ? node.value
      : refuseNode(node, key, findings, `a whole number from ${min} to ${max}`);
}

/** A list whose items all pass; each wrong one is reported. */
export function listOf<Value>(
  check: Check<Value>,
  limits: { readonly max: number; readonly allowed: string },
): Check<readonly Value[]> {
  return (node, key, findings) => {
    if (node.kind !== 'list') return refuseNode(node, key, findings, limits.allowed);
    if (node.items.length > limits.max) {
      findings.refuse(node, key, `${node.items.length} items`, `at most ${limits.max}: ${limits.allowed}`);
      return undefined;
    }
    const values: Value[] = [];
    for (const [index, item] of node.items.entries()) {
      const value = check(item, `${key}[${index}]`, findings);
      if (value !== undefined) values.push(value);
    }
    return values.length === node.items.length ? values : undefined;
  };
}

/**
 * A map with known keys. An absent value (`key:`) leaves the key's default; an unknown key is a warning; a key that no
 * config can use is a problem.
 */
export function fieldsOf<const F extends Fields>(fields: F, allowed = 'a map'): Check<FieldValues<F>> {
  return (node, key, findings) => {
    if (node.kind !== 'map') return refuseNode(node, key, findings, allowed);
    const values: Record<string, unknown> = {};
    for (const entry of node.entries) {
      const path = key === '' ? entry.key : `${key}.${entry.key}`;
      const check = Object.hasOwn(fields, entry.key) ? fields[entry.key] : undefined;
      if (check !== undefined) {
        if (entry.value.kind === 'nothing') continue;
        const value = check(entry.value, path, findings);
        if (value !== undefined) values[entry.key] = value;
      } else if (isRefusedKey(entry.key, key)) {
        findings.refuse(entry, path, describeNode(entry.value), 'nothing: no config can grant this; remove the line');
      } else {
        warnOfUnknownKey(entry, path, Object.keys(fields), findings);
      }
    }
    return values as FieldValues<F>;
  };
}

/** Reports a key that has to be there; says nothing where it is there with a wrong value, since that was reported. */
export function requireKey(
  node: ConfigNode,
  parentKey: string,
  name: string,
  findings: Findings,
  allowed: string,
): void {
  const entry = node.kind === 'map' ? node.entries.find(({ key }) => key === name) : undefined;
  if (entry !== undefined && entry.value.kind !== 'nothing') return;
  const place = entry ?? (parentKey === '' ? { line: 0, column: 0 } : node);
  findings.refuse(place, parentKey === '' ? name : `${parentKey}.${name}`, 'nothing', allowed);
}

function warnOfUnknownKey(entry: ConfigEntry, path: string, known: readonly string[], findings: Findings): void {
  const near = known.find((name) => isNear(entry.key, name));
  const question = near === undefined ? '' : `; did you mean ${toQuotedText(near)}?`;
  findings.warn(entry, `unknown key ${toQuotedText(path)} has no effect${question}`);
}

/** Whether two names differ by at most two letters put in, left out or changed (one in short names). */
function isNear(written: string, known: string): boolean {
  const allowance = known.length < 5 ? 1 : 2;
  const one = written.toLowerCase().replaceAll('-', '_');
  if (Math.abs(one.length - known.length) > allowance) return false;
  let row = Array.from({ length: known.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= known.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (one[i - 1] === known[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return (row[known.length] ?? 0) <= allowance;
}
