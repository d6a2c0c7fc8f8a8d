import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { hasCode } from '../failure.ts';

/** Where the forwarded agent's socket is inside. */
export const innerAgentSocket = '/run/tazpod/ssh-agent.sock';
/** Docker Desktop, OrbStack and Colima give the Mac's agent here, in the engine's own machine. */
const macAgentSocket = '/run/host-services/ssh-auth.sock';

type Environment = Readonly<Record<string, string | undefined>>;

/** The host's part in the container's environment: time zone and the docker client's proxies. */
export async function readHostEnvironment(
  environment: Environment,
  homeFolder: string,
  endpoint: string,
): Promise<Readonly<Record<string, string>>> {
  const zone = environment['TZ'] ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const folder = environment['DOCKER_CONFIG'] ?? path.join(homeFolder, '.docker');
  const text = await readFile(path.join(folder, 'config.json'), 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR')) return '{}';
    throw error;
  });
  return { ...(/^[\w+/:.,-]{1,128}$/u.test(zone) ? { TZ: zone } : {}), ...toProxies(text, endpoint) };
}

const ProxySchema = v.object({
  httpProxy: v.optional(v.string()),
  httpsProxy: v.optional(v.string()),
  ftpProxy: v.optional(v.string()),
  allProxy: v.optional(v.string()),
  noProxy: v.optional(v.string()),
});
const DockerConfigSchema = v.object({ proxies: v.optional(v.record(v.string(), ProxySchema)) });

/**
 * `proxies` of the docker client's config.json as variables, in both spellings as the docker client sets them: those of
 * the engine in use, else `default`. A file that is no such config gives none: docker itself tells of it. Pure.
 */
export function toProxies(text: string, endpoint: string): Readonly<Record<string, string>> {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), DockerConfigSchema), text);
  const proxies = result.success ? result.output.proxies : undefined;
  const own = proxies?.[endpoint] ?? proxies?.['default'];
  if (own === undefined) return {};
  const named = [
    ['HTTP_PROXY', own.httpProxy],
    ['HTTPS_PROXY', own.httpsProxy],
    ['FTP_PROXY', own.ftpProxy],
    ['ALL_PROXY', own.allProxy],
    ['NO_PROXY', own.noProxy],
  ] as const;
  const pairs = named.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value] as const, [name.toLowerCase(), value] as const],
  );
  return Object.fromEntries(pairs);
}

/** A proxy's name and password are shown to nobody. */
export function hideCredentials(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replace(/\/\/[^/@]*@/u, '//…@')]),
  );
}

/** The socket of the person's SSH agent as the engine can mount it; null where there is none. */
export async function findAgentSocket(environment: Environment): Promise<string | null> {
  if (process.platform === 'darwin') return macAgentSocket;
  const socket = environment['SSH_AUTH_SOCK'];
  if (socket === undefined || !path.isAbsolute(socket)) return null;
  const stats = await stat(socket).catch(() => null);
  return stats?.isSocket() === true ? socket : null;
}

/** The host's language where it says more than "none"; null else. */
export function hostLanguage(environment: Environment): string | null {
  const language = environment['LC_ALL'] ?? environment['LANG'] ?? '';
  return /^[A-Za-z]{2,3}(?:_[A-Z]{2})?\.[A-Za-z0-9-]+(?:@\w+)?$/u.test(language) && !language.startsWith('C.')
    ? language
    : null;
}
