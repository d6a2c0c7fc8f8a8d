import type { ReactNode } from 'react';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { offeredVault, wantsLogin, type OfferedVault } from '../../actions/actions.ts';
import { useApp } from '../../store/app-context.ts';
import { syncHindrance } from '../../words/sync-words.ts';
import { formatAgo, formatBytes } from '../../words/units.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { UnlockForm } from '../panels/vault-forms.tsx';
import { LoginPanel } from '../sync/login-panel.tsx';
import { useSyncCommand } from '../sync/use-sync-command.ts';
import { useNow } from '../use-time.ts';
import styles from './terminal-pane.module.css';

const css = bindClasses(styles);

/**
 * The guided entry's step before the first terminal: the vault is there and can be unlocked, the remote has it and it can be
 * pulled, or the remote wants a login first; each can be left out.
 */
export function VaultStep({ project }: { readonly project: ProjectState }): ReactNode {
  const { actions, ui } = useApp();
  const goOn = (): void => {
    ui.update((state) => ({
      ...state,
      wantsTerminal: null,
      withoutVault: new Set(state.withoutVault).add(project.id),
    }));
    actions.perform('open-terminal', project.id);
  };
  const offered = offeredVault(project);
  if (offered === null && wantsLogin(project)) return <LoginStep project={project} onSkip={goOn} />;
  if (offered !== null) return <PullStep project={project} offered={offered} onSkip={goOn} />;
  return (
    <section className={css('step')} aria-label="Unlock the vault first">
      <h2 className={css('stepTitle')}>Unlock the vault first</h2>
      <p className={css('stepLead')}>
        Its files are then in <code>~/secrets</code>, in memory only. A terminal works without them too.
      </p>
      <UnlockForm project={project} onSkip={goOn} />
    </section>
  );
}

interface LoginStepProps {
  readonly project: ProjectState;
  readonly onSkip: () => void;
}

function LoginStep({ project, onSkip }: LoginStepProps): ReactNode {
  return (
    <section className={css('step')} aria-label="Log in to AWS first">
      <h2 className={css('stepTitle')}>Log in to AWS first</h2>
      <p className={css('stepLead')}>
        There is no vault in this folder. Whether its remote has one shows after the login. A terminal works without it
        too.
      </p>
      <LoginPanel project={project} />
      <div className={css('stepActions')}>
        <Button onPress={onSkip}>Go on without it</Button>
      </div>
    </section>
  );
}

interface PullStepProps {
  readonly project: ProjectState;
  readonly offered: OfferedVault;
  readonly onSkip: () => void;
}

function PullStep({ project, offered: { theirs, remote }, onSkip }: PullStepProps): ReactNode {
  const nowMs = useNow();
  const command = useSyncCommand(project);
  const hindrance = syncHindrance(project);
  const { etag, timeMs, machine, sizeBytes } = theirs;
  return (
    <section className={css('step')} aria-label="Pull the vault first">
      <h2 className={css('stepTitle')}>Pull the vault first</h2>
      <p className={css('stepLead')}>
        There is none in this folder, but <bdi>{toVisibleText(remote.shown)}</bdi> has one ({formatBytes(sizeBytes)}
        {timeMs === null ? '' : `, saved ${formatAgo(timeMs, nowMs)}`}
        {machine !== null && (
          <>
            {' '}
            on <bdi>{toVisibleText(machine)}</bdi>
          </>
        )}
        ). It is unlocked in the next step. A terminal works without it too.
      </p>
      <div className={css('stepActions')}>
        <Button
          kind="primary"
          isDisabled={hindrance !== null}
          hint={hindrance ?? undefined}
          onPress={() => command.send({ type: 'pullVault', projectId: project.id, etag })}
        >
          {command.isRunning ? 'Pulling…' : 'Pull the vault'}
        </Button>
        <Button onPress={onSkip}>Go on without it</Button>
      </div>
      {command.failure !== null && <FailureNote failure={command.failure} />}
    </section>
  );
}
