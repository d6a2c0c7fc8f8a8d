import type { Difference, Grant, ProjectState, TrustState } from '../../preload/contract/snapshot.ts';
import type { Context } from './context.ts';
import { CliFailure, cliFailure } from './failure.ts';
import { canAsk } from './io.ts';
import { projectById } from './project-folder.ts';
import { escapeBlock, escapeText } from './text/escape.ts';
import { styleFor, type Style } from './text/style.ts';
import { displayWidth, padEnd } from './text/width.ts';

type Untrusted = Extract<TrustState, { status: 'untrusted' }>;

const valueOf = (value: string | null): string => (value === null ? 'nothing' : escapeText(value));

/** What the container would get: one line each and what it means; what changed since the last answer is marked. */
export function renderGrants(grants: readonly Grant[], differences: readonly Difference[], style: Style): string {
  const changed = new Map(differences.map((difference) => [difference.key, difference]));
  const columns = Math.max(0, ...grants.map((grant) => displayWidth(escapeText(grant.label))));
  const lines = grants.flatMap((grant) => {
    const difference = changed.get(grant.key);
    changed.delete(grant.key);
    const mark = difference === undefined ? ' ' : style.amber('*');
    const was = difference === undefined ? '' : style.amber(`  (was ${valueOf(difference.before)})`);
    const label = padEnd(escapeText(grant.label), columns);
    return [
      `${mark} ${style.bold(label)}  ${escapeText(grant.value)}${was}`,
      `  ${' '.repeat(columns)}  ${style.dim(escapeText(grant.meaning))}`,
    ];
  });
  // What was granted before and is no longer asked for.
  for (const { key, before, after } of changed.values()) {
    lines.push(`${style.amber('*')} ${escapeText(key)}: ${valueOf(before)} -> ${valueOf(after)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Why the question is there. */
export function trustHeading(project: ProjectState, trust: Untrusted): string {
  const name = escapeText(project.name);
  return trust.trustedBefore
    ? `What ${name} asks for changed since you allowed it. Its container would get:`
    : `${name} was never allowed to run. Its container would get:`;
}

async function askToTrust(context: Context, trust: Untrusted): Promise<boolean> {
  const { io } = context;
  for (;;) {
    const answer = (await io.input.ask('Allow this? [y/N, d shows the exact request] '))?.trim().toLowerCase();
    if (answer === 'y' || answer === 'yes') return true;
    if (answer !== 'd' && answer !== 'details') return false;
    io.err.write(`${escapeBlock(trust.createRequest)}\n`);
  }
}

/** How often a config may change while its question is shown. */
const mostRounds = 3;

/**
 * Sees to it that the project is trusted: at once where it is, else by the answer given beforehand, else by asking.
 * Throws `not-trusted` where nobody can be asked or the answer is no.
 * @param isAllowed the caller allowed it beforehand (`--trust`, `--yes`)
 * @param showGrants false where the grants stand above the question already
 */
export async function ensureTrusted(
  context: Context,
  projectId: string,
  isAllowed: boolean,
  showGrants = true,
): Promise<void> {
  const { io, link } = context;
  const style = styleFor(io.err.isTty, io.environment);
  for (let round = 1; ; round += 1) {
    const project = projectById(link.snapshot, projectId);
    const { trust } = project;
    if (trust.status !== 'untrusted') return;
    if (!isAllowed) {
      if (!canAsk(io)) throw cliFailure('not-trusted', { folder: project.folder });
      if (showGrants || round > 1) {
        io.err.write(`${trustHeading(project, trust)}\n\n${renderGrants(trust.grants, trust.differences, style)}\n`);
      }
      if (!(await askToTrust(context, trust))) throw cliFailure('not-trusted', { folder: project.folder });
    }
    // Exactly what was shown: were the config to change meanwhile, the hash would no longer fit.
    const answer = await link.client.ask({ type: 'trustProject', projectId, trustHash: trust.trustHash });
    if (answer.accepted) return;
    if (answer.failure.code !== 'trust-changed' || round === mostRounds) {
      throw new CliFailure(answer.failure);
    }
    io.err.write(`${escapeBlock(answer.failure.message)}\n`);
    await link.client.ask({ type: 'refreshProjects' });
  }
}
