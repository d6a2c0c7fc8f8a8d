import { open, readFile, stat } from 'node:fs/promises';
import { release } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { failWith, hasCode, reasonOf } from '../failure.ts';
import { writeFileAtomically } from '../project/atomic-write.ts';
import { configParts } from '../project/read-config.ts';
import { hiddenTexts, isKnownKey, redactConfig } from '../project/redact-config.ts';
import { readProjectFile } from '../project/safe-path.ts';
import { maxConfigBytes } from '../project/yaml-source.ts';
import { createScrubber } from './scrub.ts';

/** What a diagnostics file is made of. */
export interface DiagnosticsFacts {
  readonly rows: readonly DoctorRow[];
  /** null where no host process could be had. */
  readonly snapshot: Snapshot | null;
  /** The project it is about; null for none. */
  readonly projectId: string | null;
  /** The host process's log. */
  readonly logFile: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  readonly version: string;
  /** What writes it, for example `Electron 45.4.1`. */
  readonly runtime: string;
  readonly nowMs: number;
}

/** So much of the log's end, in bytes: enough for the last hours of an installation that works. */
const maxLogBytes = 64 * 1024;

/**
 * Everything that helps to see what is wrong, as JSON that may be shown to others: versions, doctor's rows, the config
 * without its values, the end of the log. What the environment, configs and the docker client's config hold as secrets is
 * taken out wherever it stands, and whatever looks like one.
 */
export async function toDiagnostics(facts: DiagnosticsFacts): Promise<string> {
  const { snapshot, projectId, homeFolder, environment } = facts;
  const project = snapshot?.projects.find(({ id }) => id === projectId) ?? null;
  const configs = await Promise.all((snapshot?.projects ?? []).map(async ({ folder }) => readConfigText(folder)));
  const scrub = createScrubber([
    ...secretsOfEnvironment(environment),
    ...configs.flatMap(hiddenTexts),
    ...(await secretsOfDocker(environment, homeFolder)),
  ]);
  const log = await readEnd(facts.logFile);
  const value = {
    about: 'Diagnostics of TazPod Desktop. Look through it before you send it to anybody.',
    madeAt: new Date(facts.nowMs).toISOString(),
    versions: {
      tazpod: facts.version,
      runtime: facts.runtime,
      node: process.versions.node,
      system: `${process.platform} ${process.arch} ${release()}`,
    },
    rows: facts.rows.map((row) => ({ ...row, detail: toSafeDetail(row, project) })),
    projects: (snapshot?.projects ?? []).map(toSummary),
    config: project === null ? null : redactConfig(await readConfigText(project.folder)),
    log: log.split('\n'),
  };
  const text = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? scrub(part) : part), 2);
  return `${text.replaceAll(homeFolder, '~')}\n`;
}

/** Writes it for the person alone. @throws file-exists (unless it may be replaced), file-write-failed */
export async function writeDiagnostics(file: string, text: string, mayReplace: boolean): Promise<void> {
  try {
    if (mayReplace) return await writeFileAtomically(file, text);
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw failWith('file-exists', { file }, error);
    throw failWith('file-write-failed', { file, reason: reasonOf(error) }, error);
  }
}

/** Of an invalid config the places, never what was found there. */
function toSafeDetail(row: DoctorRow, project: ProjectState | null): string {
  if (row.id !== 'config' || row.result === 'ok') return row.detail;
  if (project?.config.status === 'valid') return `${project.config.warnings.length} warnings.`;
  if (project?.config.status !== 'invalid') return row.detail;
  const { problems, failure } = project.config;
  if (problems.length === 0) return failure.code;
  return problems
    .map(({ line, column, key, allowed }) => `${line}:${column}: ${isKnownKey(key) ? key : 'a key'}: ${allowed}`)
    .join('; ');
}

const toSummary = (project: ProjectState): object => ({
  id: project.id,
  folderStatus: project.folderStatus,
  config: project.config.status,
  trust: project.trust.status,
  container: project.container.status,
  vault: project.vault.status,
  drift: project.drift.map(({ key }) => key.replace(/^(?<group>env)\..*$/u, '$<group>')),
  failure: project.failure?.code ?? null,
  operations: project.operations.map(({ kind, step }) => `${kind}: ${step}`),
});

/** Empty where there is none, or none that may be read: doctor's rows say which. */
async function readConfigText(folder: string): Promise<string> {
  try {
    return Buffer.from(await readProjectFile(folder, configParts, maxConfigBytes)).toString('utf8');
  } catch {
    return '';
  }
}

const isSecretName = (name: string): boolean =>
  /pass|secret|token|key|credential|auth|cookie|private|signature|_pw$|dsn|_url$|proxy/iu.test(name);

const secretsOfEnvironment = (environment: DiagnosticsFacts['environment']): readonly string[] =>
  Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && isSecretName(name) && !/^SSH_AUTH_SOCK$|^XAUTHORITY$/u.test(name) ? [value] : [],
  );

const AuthsSchema = v.object({ auths: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))) });

/** Logins that docker keeps in its config, and the passwords in them. */
async function secretsOfDocker(
  environment: DiagnosticsFacts['environment'],
  homeFolder: string,
): Promise<readonly string[]> {
  const folder = environment['DOCKER_CONFIG'] || path.join(homeFolder, '.docker');
  const text = await readFile(path.join(folder, 'config.json'), 'utf8').catch(() => '{}');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), AuthsSchema), text);
  const auths = parsed.success ? Object.values(parsed.output.auths ?? {}) : [];
  return auths.flatMap((entry) =>
    Object.values(entry).flatMap((value) => {
      if (typeof value !== 'string') return [];
      const plain = Buffer.from(value, 'base64').toString('utf8');
      return [value, plain, plain.slice(plain.indexOf(':') + 1)];
    }),
  );
}

/** The end of a file, from the beginning of a line; why not, where it can't be read. */
async function readEnd(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    const handle = await open(file, 'r');
    try {
      const length = Math.min(size, maxLogBytes);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      const text = buffer.subarray(0, bytesRead).toString('utf8').trimEnd();
      return size > length ? text.slice(text.indexOf('\n') + 1) : text;
    } finally {
      await handle.close();
    }
  } catch (error) {
    return `no log: ${reasonOf(error)}`;
  }
}
