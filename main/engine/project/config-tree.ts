import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import type { Findings, Place } from './findings.ts';
import { toQuotedText, toVisibleText } from './visible-text.ts';

/** A value of the file and where it stands, free of YAML's own notions. */
export type ConfigNode = Place &
  (
    | { readonly kind: 'nothing' }
    | { readonly kind: 'text'; readonly text: string }
    /** `text` is what the file says, for example `1.10`. */
    | { readonly kind: 'number'; readonly value: number; readonly text: string }
    | { readonly kind: 'boolean'; readonly value: boolean; readonly text: string }
    | { readonly kind: 'list'; readonly items: readonly ConfigNode[] }
    | { readonly kind: 'map'; readonly entries: readonly ConfigEntry[] }
  );

/** One key of a map; the place is the key's. */
export interface ConfigEntry extends Place {
  readonly key: string;
  readonly value: ConfigNode;
}

/** No key of ours lies deeper than 3; this leaves room for unknown ones. */
const maxDepth = 32;
const coreTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

/** What stands there, in a few words: quoted text, a number as written, `a list`, `a map` or `nothing`. */
export function describeNode(node: ConfigNode): string {
  if (node.kind === 'text') return toQuotedText(node.text);
  if (node.kind === 'number' || node.kind === 'boolean') return toVisibleText(node.text.slice(0, 60));
  return node.kind === 'nothing' ? 'nothing' : `a ${node.kind}`;
}

/**
 * Turns the library's nodes into ours and refuses what a config has no use for: duplicate and merge keys, custom tags,
 * aliases of lists and maps (the stuff of alias bombs; one of a single value can't grow).
 */
export class ConfigTreeBuilder {
  readonly #findings: Findings;
  readonly #toPlace: (offset: number) => Place;
  readonly #anchors = new Map<string, Node>();

  constructor(findings: Findings, toPlace: (offset: number) => Place) {
    this.#findings = findings;
    this.#toPlace = toPlace;
  }

  build(root: Node | null): ConfigNode {
    return root === null ? { kind: 'nothing', line: 1, column: 1 } : this.#toNode(root, this.#placeOf(root), 0);
  }

  #placeOf(node: Node): Place {
    return this.#toPlace(node.range?.[0] ?? 0);
  }

  #toNode(node: Node, place: Place, depth: number): ConfigNode {
    if (isAlias(node)) return this.#resolveAlias(node.source, place);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return { kind: 'nothing', ...place };
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (node.tag !== undefined && !coreTag.test(node.tag)) {
      this.#findings.refuse(place, '', `the tag ${toQuotedText(node.tag)}`, 'plain values without a tag');
      return { kind: 'nothing', ...place };
    }
    if (isScalar(node)) return toScalar(node, place);
    if (depth >= maxDepth) {
      this.#findings.refuse(place, '', 'lists or maps nested too deeply', `at most ${maxDepth} levels`);
      return { kind: 'nothing', ...place };
    }
    if (isMap(node)) return { kind: 'map', ...place, entries: this.#toEntries(node.items, place, depth) };
    const items = (node.items as Node[]).map((item) => this.#toNode(item, this.#placeOf(item), depth + 1));
    return { kind: 'list', ...place, items };
  }

  #resolveAlias(name: string, place: Place): ConfigNode {
    const target = this.#anchors.get(name);
    if (target !== undefined && isScalar(target)) return toScalar(target, place);
    const found = `the alias ${toQuotedText(`*${name}`)}${target === undefined ? ' of nothing above it' : ' of a list or map'}`;
    this.#findings.refuse(place, '', found, 'the value itself, written out');
    return { kind: 'nothing', ...place };
  }

  #toEntries(pairs: readonly Pair[], mapPlace: Place, depth: number): readonly ConfigEntry[] {
    const seen = new Map<string, Place>();
    const entries: ConfigEntry[] = [];
    for (const pair of pairs) {
      const keyNode = pair.key as Node;
      if (!isScalar(keyNode) || typeof keyNode.value !== 'string') {
        this.#findings.refuse(mapPlace, '', 'a key that is not text', 'text keys');
        continue;
      }
      const key = keyNode.value;
      const place = this.#placeOf(keyNode);
      const first = seen.get(key);
      if (keyNode.tag !== undefined && !coreTag.test(keyNode.tag)) {
        this.#findings.refuse(place, key, `the tag ${toQuotedText(keyNode.tag)}`, 'plain keys without a tag');
      } else if (key === '<<') {
        this.#findings.refuse(place, key, 'a merge key', 'the values themselves, written out');
      } else if (first !== undefined) {
        this.#findings.refuse(place, key, `the key a second time (first in line ${first.line})`, 'each key once');
      } else {
        seen.set(key, place);
        entries.push({ key, ...place, value: this.#toValue(pair.value as Node | null, place, depth) });
      }
    }
    return entries;
  }

  #toValue(value: Node | null, keyPlace: Place, depth: number): ConfigNode {
    if (value === null) return { kind: 'nothing', ...keyPlace };
    const node = this.#toNode(value, this.#placeOf(value), depth + 1);
    // An absent value stands nowhere; its key does.
    return node.kind === 'nothing' ? { ...node, ...keyPlace } : node;
  }
}

function toScalar(scalar: Scalar, place: Place): ConfigNode {
  const { value } = scalar;
  const text = scalar.source ?? String(value);
  if (typeof value === 'string') return { kind: 'text', ...place, text: value };
  if (typeof value === 'number') return { kind: 'number', ...place, value, text };
  if (typeof value === 'boolean') return { kind: 'boolean', ...place, value, text };
  return { kind: 'nothing', ...place };
}
