import * as v from 'valibot';
import { ProjectIdSchema } from '../../../preload/contract/commands.ts';
import { formatIssues } from '../../../preload/contract/parse.ts';

/** The shape of `state.json`, the engine core's own file. */

const TimeSchema = v.pipe(v.number(), v.integer(), v.minValue(0));
const HashSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a hash has 64 hex digits'));

const GrantSchema = v.strictObject({ key: v.string(), label: v.string(), value: v.string(), meaning: v.string() });

const RegistryStateSchema = v.strictObject({
  version: v.literal(1),
  installId: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, 'an install id has 32 hex digits')),
  projects: v.array(
    v.strictObject({ id: ProjectIdSchema, folder: v.pipe(v.string(), v.minLength(1)), registeredAtMs: TimeSchema }),
  ),
  trust: v.record(
    ProjectIdSchema,
    v.strictObject({ trustHash: HashSchema, grants: v.array(GrantSchema), atMs: TimeSchema }),
  ),
  adopted: v.record(HashSchema, v.strictObject({ projectId: ProjectIdSchema, atMs: TimeSchema })),
});

type DeepReadonly<Value> = Value extends object ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> } : Value;

/** All that the registry remembers. Times are milliseconds since the Unix epoch. */
export type RegistryState = DeepReadonly<v.InferOutput<typeof RegistryStateSchema>>;
export type RegisteredProject = RegistryState['projects'][number];
/** A person's last yes for a project: the hash it binds to, and what was shown. */
export type TrustAnswer = RegistryState['trust'][string];
/** A container of another tool that was taken over. */
export type Adoption = RegistryState['adopted'][string];

/**
 * Parses the file's text. Refuses what it does not know, so that nothing is lost by writing it back.
 * @returns the state, or in `reason` why it is none
 */
export function parseRegistryState(
  text: string,
): { readonly ok: true; readonly state: RegistryState } | { readonly ok: false; readonly reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'it is not JSON' };
  }
  const version = value !== null && typeof value === 'object' && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > 1) {
    return { ok: false, reason: `it was written by a newer TazPod (format ${version}; this one knows 1)` };
  }
  const result = v.safeParse(RegistryStateSchema, value);
  if (!result.success) return { ok: false, reason: formatIssues(result.issues) };
  const ids = new Set(result.output.projects.map(({ id }) => id));
  if (ids.size !== result.output.projects.length) return { ok: false, reason: 'a project is in it twice' };
  return { ok: true, state: result.output };
}
