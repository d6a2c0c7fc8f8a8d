import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { errorCodes } from '../../preload/contract/errors.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import type { CliEnd } from '../fixtures/cli-process.ts';
import { expectCode } from '../fixtures/expect-end.ts';
import { baseImage } from '../../main/engine/docker/base-image.ts';

/** The shapes of docs/cli.md, written anew so that neither side can change alone. */
const Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]+$/u));
const Time = v.pipe(v.number(), v.integer(), v.minValue(1_600_000_000_000));
const Failure = v.strictObject({
  code: v.picklist(errorCodes),
  message: v.string(),
  nextStep: v.string(),
  details: v.optional(v.string()),
});
const Failed = v.strictObject({ failure: Failure });
const Difference = v.strictObject({ key: v.string(), before: v.nullable(v.string()), after: v.nullable(v.string()) });
const Grant = v.strictObject({ key: v.string(), label: v.string(), value: v.string(), meaning: v.string() });
const Problem = v.strictObject({
  line: v.number(),
  column: v.number(),
  key: v.string(),
  found: v.string(),
  allowed: v.string(),
});
const Trust = v.variant('status', [
  v.strictObject({ status: v.literal('unknown') }),
  v.strictObject({ status: v.literal('trusted'), trustHash: Hex, atMs: Time, grants: v.array(Grant) }),
  v.strictObject({
    status: v.literal('untrusted'),
    trustHash: Hex,
    grants: v.array(Grant),
    differences: v.array(Difference),
    trustedBefore: v.boolean(),
    createRequest: v.pipe(v.string(), v.parseJson()),
  }),
]);
const identity = { id: Hex, name: v.string(), image: v.string(), adopted: v.boolean() };
const Container = v.variant('status', [
  v.strictObject({ status: v.literal('missing') }),
  v.strictObject({ status: v.literal('stopped'), exitCode: v.nullable(v.number()), ...identity }),
  v.strictObject({ status: v.picklist(['running', 'paused']), startedAtMs: v.nullable(Time), ...identity }),
]);
const Config = v.variant('status', [
  v.strictObject({ status: v.literal('absent'), file: v.string() }),
  v.strictObject({ status: v.literal('invalid'), file: v.string(), failure: Failure, problems: v.array(Problem) }),
  v.strictObject({
    status: v.literal('valid'),
    file: v.string(),
    image: v.string(),
    containerName: v.string(),
    user: v.string(),
    warnings: v.array(v.string()),
  }),
]);
const Vault = v.strictObject({
  status: v.picklist(['absent', 'locked', 'unlocking', 'unlocked', 'locking', 'mounted']),
  fileBytes: v.nullable(v.number()),
  lastSavedAtMs: v.nullable(Time),
  saving: v.boolean(),
  dirtySinceMs: v.nullable(Time),
  lastCheckedAtMs: v.nullable(Time),
  lostSinceMs: v.nullable(Time),
  content: v.nullable(
    v.strictObject({
      usedBytes: v.number(),
      memberCount: v.number(),
      members: v.array(
        v.strictObject({
          path: v.string(),
          kind: v.picklist(['file', 'directory', 'symlink']),
          sizeBytes: v.number(),
        }),
      ),
    }),
  ),
  limitBytes: v.number(),
  failure: v.nullable(Failure),
  holders: v.array(v.strictObject({ processId: v.number(), name: v.string() })),
  triesLeft: v.number(),
  retryAtMs: v.nullable(Time),
  remembered: v.boolean(),
  rememberRefusal: v.nullable(v.string()),
  conflictCopies: v.array(v.string()),
});
const Version = {
  timeMs: v.nullable(Time),
  machine: v.nullable(v.string()),
  sizeBytes: v.number(),
  members: v.nullable(v.array(v.looseObject({ path: v.string(), sizeBytes: v.number() }))),
};
const Sync = v.strictObject({
  remote: v.nullable(
    v.strictObject({
      type: v.picklist(['s3', 'folder']),
      shown: v.string(),
      intervalMs: v.number(),
      retention: v.number(),
    }),
  ),
  running: v.boolean(),
  lastRunAtMs: v.nullable(Time),
  lastPushedAtMs: v.nullable(Time),
  unpushed: v.boolean(),
  nextRunAtMs: v.nullable(Time),
  failure: v.nullable(Failure),
  question: v.nullable(
    v.strictObject({
      kind: v.picklist(['offer-pull', 'conflict', 'ask-adopt', 'other-vault']),
      mine: v.nullable(v.strictObject(Version)),
      theirs: v.strictObject({ etag: v.string(), ...Version }),
    }),
  ),
  byHandReason: v.nullable(v.string()),
  history: v.nullable(
    v.strictObject({
      listedAtMs: Time,
      versions: v.array(v.strictObject({ name: v.string(), timeMs: Time, sizeBytes: v.number() })),
      count: v.number(),
    }),
  ),
  preview: v.nullable(v.looseObject({ name: v.string(), memberCount: v.number(), usedBytes: v.number() })),
  operations: v.array(v.looseObject({ id: v.string(), kind: v.string(), step: v.string() })),
});
const Project = v.strictObject({
  id: v.pipe(Hex, v.length(16)),
  folder: v.string(),
  name: v.string(),
  folderStatus: v.picklist(['present', 'missing', 'unreadable']),
  config: Config,
  trust: Trust,
  container: Container,
  drift: v.array(Difference),
  imageChange: v.nullable(v.strictObject({ image: v.string(), before: v.string(), after: v.string() })),
  volumes: v.array(
    v.strictObject({
      name: v.string(),
      kind: v.picklist(['history', 'cache']),
      path: v.nullable(v.string()),
      inConfig: v.boolean(),
    }),
  ),
  network: v.strictObject({ mtu: v.nullable(v.number()), wantedMtu: v.nullable(v.number()), tooLarge: v.boolean() }),
  ports: v.array(v.strictObject({ hostPort: v.number(), containerPort: v.number() })),
  vault: Vault,
  sync: Sync,
  operations: v.array(v.looseObject({ id: v.string(), kind: v.string(), step: v.string() })),
  failure: v.nullable(Failure),
  activity: v.array(v.looseObject({ atMs: Time, kind: v.string(), outcome: v.string(), text: v.string() })),
  adoptable: v.nullable(v.strictObject({ id: Hex, name: v.string(), image: v.string(), status: v.string() })),
  sessions: v.array(v.looseObject({ id: v.string(), kind: v.picklist(['shell', 'logs']), openedAtMs: Time })),
});
const List = v.strictObject({
  engine: v.looseObject({ status: v.picklist(['connecting', 'away', 'ready']) }),
  host: v.strictObject({
    kind: v.picklist(['app', 'agent']),
    version: v.string(),
    runtime: v.string(),
    processId: v.number(),
    installId: Hex,
    startedAtMs: Time,
  }),
  projects: v.array(Project),
});
const Images = v.array(
  v.strictObject({ id: v.string(), tags: v.array(v.string()), sizeBytes: v.pipe(v.number(), v.integer()) }),
);
const Doctor = v.array(
  v.strictObject({
    id: v.string(),
    area: v.picklist(['app', 'engine', 'machine', 'project']),
    title: v.string(),
    result: v.picklist(['ok', 'warning', 'problem', 'unknown']),
    detail: v.string(),
    nextStep: v.string(),
  }),
);

let profile: CliProfile;
let folder: string;
beforeAll(async () => {
  profile = await openCliProfile();
  folder = await profile.folder('printed');
});
afterAll(async () => profile.close());

/** stdout is one JSON value of the shape, and nothing else. */
function parsed<Schema extends v.GenericSchema>(end: CliEnd, code: number, schema: Schema): v.InferOutput<Schema> {
  expectCode(end, code);
  const result = v.safeParse(schema, JSON.parse(end.stdout));
  const issues = result.issues?.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
  expect(issues, end.stdout).toBeUndefined();
  if (!result.success) throw new Error('unreachable');
  return result.output;
}

describe('--json prints one value of the documented shape on stdout', () => {
  test('from init to down, with progress on stderr only', async () => {
    const json = async (...words: readonly string[]): Promise<CliEnd> => profile.run([...words, '--json', folder]);

    expect(parsed(await json('init', '--image', baseImage), 0, Project).container.status).toBe('missing');
    expect(parsed(await json('trust'), 3, Trust).status).toBe('untrusted');
    expect(parsed(await json('up'), 3, Failed).failure.code).toBe('not-trusted');
    expect(parsed(await json('trust', '--yes'), 0, Trust).status).toBe('trusted');
    const up = await json('up');
    expect(parsed(up, 0, Project).container.status).toBe('running');
    expect(up.stderr).toMatch(/^printed: starting the container$/mu);
    expect(parsed(await json('status'), 0, Project).container.status).toBe('running');
    expect(parsed(await json('restart'), 0, Project).container.status).toBe('running');
    expect(parsed(await json('rebuild'), 0, Project).container.status).toBe('running');
    expect(parsed(await json('adopt', '--yes'), 1, Failed).failure.code).toBe('nothing-to-adopt');
    const down = await json('down');
    expect(parsed(down, 0, Project).container.status).toBe('missing');
    expect(down.stderr).toMatch(/^printed: removing the container$/mu);
    expect(parsed(await json('init'), 1, Failed).failure.code).toBe('config-exists');
  });

  test('of no folder: list, image list, doctor', async () => {
    const list = parsed(await profile.run(['list', '--json']), 0, List);
    expect(list.projects.map((one) => one.folder)).toContain(folder);
    const images = parsed(await profile.run(['image', 'list', '--json']), 0, Images);
    expect(images.flatMap((one) => one.tags)).toContain(baseImage);
    const doctor = await profile.run(['doctor', '--json', folder]);
    expect(parsed(doctor, doctor.code ?? -1, Doctor).find((row) => row.id === 'engine')?.result).toBe('ok');
  });

  test('failures: the value holds it, stderr says it in words', async () => {
    const nowhere = `${profile.root}/nowhere`;
    for (const word of ['status', 'up', 'down', 'restart', 'rebuild', 'init', 'trust', 'adopt']) {
      const end = await profile.run([word, '--json', nowhere]);
      const { failure } = parsed(end, 1, Failed);
      expect(failure.code).toBe('folder-not-found');
      expect(end.stderr).toContain(`Error: ${failure.message}`);
    }
    const pull = await profile.run(['image', 'pull', '--json', 'localhost:1/nothing:here']);
    parsed(pull, 1, Failed);
    const unknown = await profile.run(['status', '--json', '--colour']);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.stderr).toContain('--colour');
  });
});
