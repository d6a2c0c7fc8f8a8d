import { useEffect, useState, type ReactNode } from 'react';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp, useUi } from '../../store/app-context.ts';
import { formatMoment } from '../../words/units.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { savedMoment, savedWords, unlockHindrance, vaultStatusWords } from '../../words/vault-words.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { StateGlyph } from '../controls/state-glyph.tsx';
import { useNow } from '../use-time.ts';
import panelStyles from './panel.module.css';
import { VaultContentView } from './vault-content.tsx';
import { NewPassphraseForm, UnlockForm } from './vault-forms.tsx';
import vaultStyles from './vault-tab.module.css';

const css = bindClasses({ ...panelStyles, ...vaultStyles });

/** The folder's vault: its state, what can be done with it now, what it holds. */
export function VaultTab({ project }: { readonly project: ProjectState }): ReactNode {
  const nowMs = useNow();
  const { vault } = project;
  const isOpen = vault.status === 'unlocked' || vault.status === 'mounted';
  return (
    <div className={css('panel')}>
      <div className={css('body')} tabIndex={0} role="region" aria-label="Vault">
        <h2 className={css('title')}>
          <span className={css('status')}>
            <StateGlyph shape={vault.status === 'unlocked' ? 'running' : isOpen ? 'attention' : 'stopped'} />
            {vaultStatusWords[vault.status]}
          </span>
        </h2>
        <p className={css('lead')} title={savedMoment(vault)} role="status">
          {vault.status === 'absent'
            ? 'An encrypted file in this folder. Unlocked, its files are in ~/secrets inside the container, in memory only.'
            : savedWords(vault, nowMs)}
        </p>
        <VaultNotes project={project} />
        <VaultBody project={project} />
      </div>
      {vault.status === 'unlocked' && <VaultFooter project={project} />}
    </div>
  );
}

/** A save that failed like this can be gone past, by name. */
const unsavedCodes: ReadonlySet<string> = new Set([
  'vault-shrunk',
  'vault-member-unsavable',
  'vault-pack-failed',
  'vault-write-failed',
  'vault-folder-changed',
  'disk-full',
  'folder-not-writable',
]);

/** What helps after a save that was refused: to say that it is meant, or to give up what is unsaved. */
function UnsavedActions({ project }: { readonly project: ProjectState }): ReactNode {
  const { actions } = useApp();
  const { id: projectId, vault } = project;
  const code = vault.failure?.code ?? '';
  if (vault.status !== 'unlocked' || !unsavedCodes.has(code)) return null;
  return (
    <div className={css('formActions')}>
      {code === 'vault-shrunk' && (
        <Button onPress={() => void actions.execute({ type: 'saveVault', projectId, confirm: true }, projectId)}>
          Save it like this
        </Button>
      )}
      <Button
        kind="danger"
        onPress={() => void actions.execute({ type: 'lockVault', projectId, force: true }, projectId)}
      >
        Lock and lose what is unsaved
      </Button>
    </div>
  );
}

function VaultNotes({ project }: { readonly project: ProjectState }): ReactNode {
  const { vault, failure } = project;
  const refused = useUi((state) => state.refusedCommands.get(project.id));
  // Told above the tabs already.
  const isTold = vault.failure?.code === failure?.code || vault.failure?.code === refused?.code;
  return (
    <div className={css('notes')}>
      {vault.failure !== null && !isTold && <FailureNote failure={vault.failure} />}
      <UnsavedActions project={project} />
      {vault.lostSinceMs !== null && (
        <p className={css('warning')} role="status">
          The container ended while the vault was unlocked. What changed in it after {formatMoment(vault.lostSinceMs)}{' '}
          is lost; the file is as it was saved last.
        </p>
      )}
      {vault.conflictCopies.length > 0 && (
        <div className={css('warning')} role="status">
          Someone else changed the vault file. Both versions were kept in <code>.tazpod/vault</code>:
          <ul>
            {vault.conflictCopies.map((name) => (
              <li key={name}>
                <code className={css('selectable')}>{toVisibleText(name)}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function VaultBody({ project }: { readonly project: ProjectState }): ReactNode {
  switch (project.vault.status) {
    case 'absent':
      return (
        <NewPassphraseForm
          label="Create a vault"
          submit="Create vault"
          hindrance={unlockHindrance(project)}
          asksOld={false}
          projectId={project.id}
          toCommand={(passphrase) => ({ type: 'unlockVault', projectId: project.id, passphrase, create: true })}
        />
      );
    case 'locked':
    case 'mounted':
      return <UnlockForm project={project} />;
    case 'unlocked':
      return <OpenVault project={project} />;
    case 'unlocking':
    case 'locking':
      return null;
    default: {
      const never: never = project.vault.status;
      return never;
    }
  }
}

function OpenVault({ project }: { readonly project: ProjectState }): ReactNode {
  const { api } = useApp();
  // Nothing polls: whoever looks asks once.
  useEffect(() => {
    void api.request('execute', { type: 'inspectVault', projectId: project.id });
  }, [api, project.id]);
  return (
    <>
      <Holders project={project} />
      <VaultContentView vault={project.vault} />
    </>
  );
}

function Holders({ project }: { readonly project: ProjectState }): ReactNode {
  const { actions } = useApp();
  const { holders } = project.vault;
  if (holders.length === 0) return null;
  const names = holders.map(({ name, processId }) => `${toVisibleText(name)} (${processId})`).join(', ');
  return (
    <div className={css('warning', 'withAction')} role="status">
      <p>These programs have it open: {names}</p>
      <Button
        kind="danger"
        onPress={() => void actions.execute({ type: 'lockVault', projectId: project.id, endHolders: true }, project.id)}
      >
        End them and lock
      </Button>
    </div>
  );
}

function VaultFooter({ project }: { readonly project: ProjectState }): ReactNode {
  const { actions } = useApp();
  const [isChanging, setChanging] = useState(false);
  const { id: projectId, vault } = project;
  const hindrance = unlockHindrance(project);
  const execute = (type: 'saveVault' | 'lockVault'): void => void actions.execute({ type, projectId }, projectId);
  if (isChanging) {
    return (
      <footer className={css('footer', 'change')}>
        <NewPassphraseForm
          label="Change the passphrase"
          submit="Change passphrase"
          hindrance={hindrance}
          asksOld
          projectId={projectId}
          toCommand={(newPassphrase, passphrase) => ({
            type: 'changeVaultPassphrase',
            projectId,
            passphrase,
            newPassphrase,
          })}
          onDone={() => setChanging(false)}
        />
      </footer>
    );
  }
  const isBlocked = hindrance !== null || vault.saving;
  return (
    <footer className={css('footer')}>
      <p className={css('hint')}>
        <code>~/secrets</code>
      </p>
      <Button kind="quiet" onPress={() => setChanging(true)}>
        Change passphrase…
      </Button>
      <Button isDisabled={isBlocked} hint={hindrance ?? undefined} onPress={() => execute('saveVault')}>
        Save now
      </Button>
      <Button kind="primary" isDisabled={isBlocked} hint={hindrance ?? undefined} onPress={() => execute('lockVault')}>
        Lock
      </Button>
    </footer>
  );
}
