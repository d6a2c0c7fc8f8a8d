import { createHash } from 'node:crypto';

/** Plain JSON as a value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One text per value: keys sorted by code unit at every level, no white space. */
export function toCanonicalJson(value: Json): string {
  if (isList(value)) return `[${value.map(toCanonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${toCanonicalJson(field)}`).join(',')}}`;
}

/** SHA-256 of the canonical JSON, 64 hex digits. */
export function toCanonicalHash(value: Json): string {
  return createHash('sha256').update(toCanonicalJson(value), 'utf8').digest('hex');
}

/** `Array.isArray` does not narrow a readonly list. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
