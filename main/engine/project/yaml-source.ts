import { isUtf8 } from 'node:buffer';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { ConfigTreeBuilder, type ConfigNode } from './config-tree.ts';
import { reasonOf } from '../failure.ts';
import { wholeFile, type Findings, type Place } from './findings.ts';
import { toQuotedText, toVisibleText } from './visible-text.ts';

/** Larger config files are refused unread. */
export const maxConfigBytes = 64 * 1024;

/** YAML 1.2 forbids them in a file; with them a terminal could be steered. */
const forbiddenCharacter = /[[\p{Cc}\p{Cs}\ufffe\uffff]--[\t\n\r\u0085]]/v;

/**
 * Reads YAML text into a tree of plain values with their places.
 * @param input the file, as bytes or decoded
 * @returns null where it can't be read at all; the findings say why
 */
export function parseYamlSource(input: string | Uint8Array, findings: Findings): ConfigNode | null {
  const text = decode(input, findings);
  if (text === null) return null;
  const forbidden = text.search(forbiddenCharacter);
  if (forbidden !== -1) {
    const character = String.fromCodePoint(text.codePointAt(forbidden) ?? 0);
    findings.refuse(
      placeAt(text, forbidden),
      '',
      `the character ${toQuotedText(character)}`,
      'text without control characters',
    );
    return null;
  }
  const lines = new LineCounter();
  const document = parseStrictly(text, lines, findings);
  if (document === null) return null;
  const toPlace = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? { line: 1, column: offset + 1 } : { line, column: col };
  };
  for (const error of document.errors) {
    const place = toPlace(error.pos[0]);
    findings.refuse(
      place,
      '',
      `invalid YAML (${toVisibleText(error.message.slice(0, 200))})`,
      'valid YAML 1.2, one document',
    );
  }
  refuseDirectives(document, text, findings);
  if (findings.hasProblems) return null;
  return new ConfigTreeBuilder(findings, toPlace).build(document.contents);
}

/** The library reports what it finds; that it throws is not expected of any text, and must not end the host process. */
function parseStrictly(text: string, lines: LineCounter, findings: Findings): Document.Parsed | null {
  try {
    return parseDocument(text, {
      strict: true,
      stringKeys: true,
      // Checked while the tree is built: the library compares each key with each other one.
      uniqueKeys: false,
      merge: false,
      resolveKnownTags: false,
      schema: 'core',
      version: '1.2',
      prettyErrors: false,
      logLevel: 'error',
      lineCounter: lines,
    });
  } catch (error) {
    findings.refuse(wholeFile, '', `invalid YAML (${toVisibleText(reasonOf(error))})`, 'valid YAML 1.2, one document');
    return null;
  }
}

function decode(input: string | Uint8Array, findings: Findings): string | null {
  const sizeBytes = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength;
  if (sizeBytes > maxConfigBytes) {
    findings.refuse(wholeFile, '', 'a file of more than 64 KiB', `at most ${maxConfigBytes} bytes`);
    return null;
  }
  if (typeof input === 'string') return input;
  if (!isUtf8(input)) {
    findings.refuse(placeOfBadByte(input), '', 'bytes that are not UTF-8', 'UTF-8 text');
    return null;
  }
  return new TextDecoder().decode(input);
}

/** Place of the first byte that is not UTF-8. Before it, decoding loses nothing, so lengths can be compared. */
function placeOfBadByte(bytes: Uint8Array): Place {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let byteOffset = 0;
  let index = 0;
  for (const character of text) {
    if (character === '\ufffd' && bytes[byteOffset] !== 0xef) break;
    byteOffset += Buffer.byteLength(character);
    index += character.length;
  }
  return placeAt(text, index);
}

function placeAt(text: string, index: number): Place {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: index - lineStart + 1 };
}

/** `%YAML 1.1` would read `yes` as true, and `%TAG` renames tags; a plain `%YAML 1.2` says nothing new. */
function refuseDirectives(document: Document.Parsed, text: string, findings: Findings): void {
  const { yaml, tags } = document.directives;
  const isPlain = (yaml.explicit !== true || yaml.version === '1.2') && Object.keys(tags).every((tag) => tag === '!!');
  if (isPlain) return;
  const index = Math.max(text.search(/^%/m), 0);
  findings.refuse(
    placeAt(text, index),
    '',
    toQuotedText(/^.*/.exec(text.slice(index))?.[0] ?? ''),
    'no YAML directive',
  );
}
