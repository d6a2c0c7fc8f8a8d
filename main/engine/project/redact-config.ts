import { parseDocument, stringify } from 'yaml';
import { reasonOf } from '../failure.ts';
import { maxConfigBytes } from './yaml-source.ts';

/** What stands in the place of a value that is not shown. */
export const leftOut = '(left out)';

const name = /^[\w.:/@+-]{1,200}$/u;
const number = /^[\d.]{1,20}$/u;
const word = /^(?:docker|lxc|standard|hardened|read-only|agent|none|s3|folder)$/u;
const place = /^[~/][\w./-]{0,200}$/u;

/**
 * Keys whose values say how a project is set up and are nobody's secret, with the form that these have: a value of
 * another form may be anything, pasted there by mistake.
 */
const plainKeys: ReadonlyMap<string, RegExp> = new Map([
  ['version', number],
  ['mode', word],
  ['image', name],
  ['container_name', name],
  ['user', name],
  ['profile', word],
  ['ssh', word],
  ['shell', place],
  ['dns', /^(?:host|[\da-f.:]{2,45})$/u],
  ['ports', /^\d{1,5}(?::\d{1,5})?$/u],
  ['caches', place],
  ['network.mtu', number],
  ['build.dockerfile', name],
  ['build.context', name],
  ['vault.retention', number],
  ['sync.interval', /^\d{1,6}[a-z]{0,2}$/u],
  ['sync.remote.type', word],
]);
/** Keys that are named though what they hold is not shown. */
const namedKeys = new Set(
  ['env', 'setup', 'network', 'build', 'features', 'vault', 'sync', 'aws_sso', 'providers'].concat(
    ['prefix', 'remote'].map((key) => `sync.${key}`),
    ['bucket', 'region', 'endpoint', 'profile', 'path'].map((key) => `sync.remote.${key}`),
    ['profile', 'bucket', 'region'].map((key) => `aws_sso.${key}`),
  ),
);

/** Whether a dotted key is one that a config knows, so that naming it tells nothing of the file. */
export function isKnownKey(key: string): boolean {
  const whole = key.replaceAll(/\[\d+\]/gu, '');
  return plainKeys.has(whole) || namedKeys.has(whole);
}

/**
 * A config as it may be shown to strangers: structure and harmless values; comments, the values of `env`, commands,
 * places of vaults and everything unknown left out. Pure.
 */
export function redactConfig(text: string): string {
  if (Buffer.byteLength(text) > maxConfigBytes) return `${leftOut}: too large`;
  try {
    const document = parseDocument(text, { schema: 'core', logLevel: 'error' });
    // What the library says repeats what it found.
    if (document.errors.length > 0) return `${leftOut}: not valid YAML`;
    return stringify(redact(document.toJS({ maxAliasCount: 16 }), ''));
  } catch (error) {
    return `${leftOut}: ${error instanceof ReferenceError ? 'too many aliases' : reasonOf(error).replace(/:.*/su, '')}`;
  }
}

/** What lies between YAML's signs, whole and by words, where the file as a whole makes no sense. */
function piecesOf(text: string): readonly string[] {
  const pieces = text.split(/\n|[:,](?=\s)|[{}[\]]/u).map((piece) =>
    piece
      .trim()
      .replaceAll(/^["']|["']$/gu, '')
      .replaceAll(String.raw`\"`, '"'),
  );
  const words = text.split(/[\s"'{}[\],]+/u);
  return [...pieces, ...words].filter((piece) => piece.length >= 8);
}

/** The texts of a config that `redactConfig` leaves out; of one that can't be read, every longer piece. Pure. */
export function hiddenTexts(text: string): readonly string[] {
  try {
    const document = parseDocument(text.slice(0, maxConfigBytes), { schema: 'core', logLevel: 'error' });
    if (document.errors.length > 0) return piecesOf(text);
    return [...textsOf(document.toJS({ maxAliasCount: 16 }), '')];
  } catch {
    return piecesOf(text);
  }
}

function* textsOf(value: unknown, key: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* textsOf(item, key);
  } else if (typeof value === 'object' && value !== null) {
    for (const [own, inner] of Object.entries(value)) yield* textsOf(inner, key === '' ? own : `${key}.${own}`);
  } else if ((typeof value === 'string' || typeof value === 'number') && redact(value, key) === leftOut) {
    yield String(value);
  }
}

function redact(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => redact(item, key));
  if (typeof value === 'object' && value !== null) return redactMap(value, key);
  if (value === null || typeof value === 'boolean') return value;
  const isPlain =
    typeof value === 'string' || typeof value === 'number' ? plainKeys.get(key)?.test(String(value)) : false;
  return isPlain === true ? value : leftOut;
}

function redactMap(map: object, key: string): unknown {
  let unknownCount = 0;
  return Object.fromEntries(
    Object.entries(map).map(([own, value]) => {
      const inner = key === '' ? own : `${key}.${own}`;
      // The names of variables say what is set; anything else unknown could be a value in the wrong place.
      const isNamed = isKnownKey(inner) || (key === 'env' && /^[A-Za-z_]\w{0,60}$/u.test(own));
      if (isNamed) return [own, redact(value, inner)];
      unknownCount += 1;
      return [`(unknown key ${unknownCount})`, leftOut];
    }),
  );
}
