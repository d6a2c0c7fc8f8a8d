import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { hasCode, reasonOf } from '../failure.ts';
import { parseImageReference } from '../project/image-reference.ts';

/** What the engine needs to log in at a registry. Passed on and forgotten: never printed, logged or stored. */
export type RegistryLogin =
  | { readonly serveraddress: string; readonly username: string; readonly password: string }
  | { readonly serveraddress: string; readonly identitytoken: string };

/** `none`: the registry is asked without a login. `failed`: there should be one, but it can't be had. */
export type LoginLookup =
  | { readonly status: 'found'; readonly login: RegistryLogin }
  | { readonly status: 'none' }
  | { readonly status: 'failed'; readonly reason: string };

export interface LoginFacts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}

/** A helper may ask a locked keyring first; one that hangs must not hang a pull for ever. In milliseconds. */
const helperTimeoutMs = 30_000;
const maxHelperOutputBytes = 256 * 1024;
/** Docker Hub's name in config.json, kept from its first API. */
const dockerHubKey = 'https://index.docker.io/v1/';

const ConfigSchema = v.object({
  auths: v.optional(
    v.record(v.string(), v.looseObject({ auth: v.optional(v.string()), identitytoken: v.optional(v.string()) })),
  ),
  credsStore: v.optional(v.string()),
  credHelpers: v.optional(v.record(v.string(), v.string())),
});
const HelperAnswerSchema = v.object({ Username: v.string(), Secret: v.string() });

/**
 * The login that `docker login` left for an image's registry, looked up as docker does it: the registry's own helper, the
 * common store, else config.json itself.
 * @param reference any image reference
 */
export async function findLogin(reference: string, facts: LoginFacts, signal: AbortSignal): Promise<LoginLookup> {
  const host = parseImageReference(reference)?.domain ?? 'docker.io';
  const registry = host === 'docker.io' ? dockerHubKey : host;
  const folder = facts.environment['DOCKER_CONFIG'] || path.join(facts.homeFolder, '.docker');
  const file = path.join(folder, 'config.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return { status: 'none' };
    return { status: 'failed', reason: `${file} can't be read: ${reasonOf(error)}` };
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ConfigSchema), text);
  // What the file holds stays out of the reason: it may be the login.
  if (!parsed.success) return { status: 'failed', reason: `${file} is not in the form that docker writes` };
  const { auths = {}, credsStore = '', credHelpers = {} } = parsed.output;
  const helper = ownEntry(credHelpers, registry) ?? credsStore;
  if (helper !== '') return askHelper(helper, registry, facts, signal);
  return toPlainLogin(registry, auths);
}

type Auths = NonNullable<v.InferOutput<typeof ConfigSchema>['auths']>;

function toPlainLogin(registry: string, auths: Auths): LoginLookup {
  const wanted = toHostName(registry);
  const entry = ownEntry(auths, registry) ?? Object.entries(auths).find(([key]) => toHostName(key) === wanted)?.[1];
  if (entry === undefined) return { status: 'none' };
  if (entry.identitytoken) {
    return { status: 'found', login: { serveraddress: registry, identitytoken: entry.identitytoken } };
  }
  const plain = Buffer.from(entry.auth ?? '', 'base64').toString('utf8');
  const at = plain.indexOf(':');
  if (at <= 0) return { status: 'none' };
  const login = { serveraddress: registry, username: plain.slice(0, at), password: plain.slice(at + 1) };
  return { status: 'found', login };
}

const ownEntry = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** Old files have `https://HOST/v1/` where newer ones have the host alone. */
const toHostName = (key: string): string => key.replace(/^https?:\/\//u, '').replace(/\/.*$/u, '');

/** Runs `docker-credential-NAME get` with the registry on its input, as docker does. */
async function askHelper(name: string, registry: string, facts: LoginFacts, signal: AbortSignal): Promise<LoginLookup> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/u.test(name))
    return { status: 'failed', reason: 'the name of its helper is not valid' };
  const program = `docker-credential-${name}`;
  const answer = await runHelper(program, registry, facts.environment, signal);
  if (answer.failed !== null) {
    // The words of every helper for a registry it has nothing for.
    if (/credentials not found/iu.test(answer.output)) return { status: 'none' };
    return { status: 'failed', reason: `${program} ${answer.failed}` };
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), HelperAnswerSchema), answer.output);
  if (!parsed.success) return { status: 'failed', reason: `${program} gave an answer that is none` };
  const { Username: username, Secret: secret } = parsed.output;
  if (username === '' && secret === '') return { status: 'none' };
  return {
    status: 'found',
    login:
      username === '<token>'
        ? { serveraddress: registry, identitytoken: secret }
        : { serveraddress: registry, username, password: secret },
  };
}

async function runHelper(
  program: string,
  input: string,
  environment: LoginFacts['environment'],
  signal: AbortSignal,
): Promise<{ readonly failed: string | null; readonly output: string }> {
  return new Promise((resolve) => {
    const timeout = AbortSignal.timeout(helperTimeoutMs);
    const child = spawn(program, ['get'], {
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
      signal: AbortSignal.any([signal, timeout]),
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > maxHelperOutputBytes) child.kill();
    });
    child.on('error', (error) => {
      const missing = hasCode(error, 'ENOENT') ? 'is not on the PATH' : reasonOf(error);
      resolve({ failed: timeout.aborted ? 'did not answer in time' : missing, output: '' });
    });
    child.on('close', (code) => resolve({ failed: code === 0 ? null : `ended with code ${code ?? 'none'}`, output }));
    // One that ends without reading is told by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
