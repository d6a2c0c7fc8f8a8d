import { useState, type ReactNode } from 'react';
import { Form, Input, Label, TextField } from 'react-aria-components';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { syncHindrance } from '../../words/sync-words.ts';
import { countOf, formatBytes } from '../../words/units.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { MemberList } from './member-list.tsx';
import styles from './sync.module.css';
import { useSyncCommand } from './use-sync-command.ts';

const css = bindClasses(styles);

interface DetailProps {
  readonly project: ProjectState;
  /** Of the version. */
  readonly name: string;
}

/** A look into one version, and the way to bring it back. */
export function VersionDetail({ project, name }: DetailProps): ReactNode {
  const look = useSyncCommand(project);
  const restore = useSyncCommand(project);
  const [passphrase, setPassphrase] = useState('');
  const hindrance = syncHindrance(project);
  const { id: projectId, sync } = project;
  const preview = sync.preview?.name === name ? sync.preview : null;
  const asksPassphrase = look.failure?.code === 'passphrase-needed' || look.failure?.code === 'vault-unreadable';
  const peek = (): void => {
    look.send({ type: 'previewVersion', projectId, name, ...(passphrase === '' ? {} : { passphrase }) });
    setPassphrase('');
  };
  return (
    <div className={css('detail')}>
      {preview !== null && (
        <>
          <p className={css('quiet')}>
            {countOf(preview.memberCount, 'member')}, {formatBytes(preview.usedBytes)}
            {preview.machine === null ? '' : `, from ${toVisibleText(preview.machine)}`}
          </p>
          <MemberList members={preview.members} count={preview.memberCount} />
        </>
      )}
      {preview === null && asksPassphrase && (
        <Form
          className={css('passphrase')}
          onSubmit={(event) => {
            event.preventDefault();
            if (passphrase !== '') peek();
          }}
        >
          <TextField type="password" value={passphrase} onChange={setPassphrase} autoFocus>
            <Label>Passphrase of this version</Label>
            <Input className={css('input')} autoComplete="off" />
          </TextField>
        </Form>
      )}
      {look.failure !== null && look.failure.code !== 'passphrase-needed' && <FailureNote failure={look.failure} />}
      {restore.failure !== null && <FailureNote failure={restore.failure} />}
      {restore.isDone && (
        <p className={css('done')} role="status">
          Restored. The vault that was here is kept beside it; Sync now pushes this one.
        </p>
      )}
      <div className={css('detailActions')}>
        {preview === null && (
          <Button
            isDisabled={hindrance !== null || (asksPassphrase && passphrase === '')}
            hint={hindrance ?? undefined}
            onPress={peek}
          >
            Look inside
          </Button>
        )}
        <Button
          isDisabled={hindrance !== null}
          hint={hindrance ?? undefined}
          onPress={() => restore.send({ type: 'restoreVersion', projectId, name })}
        >
          Restore this version
        </Button>
      </div>
      <p className={css('quiet')}>
        Restoring saves and locks an unlocked vault first. What was not pushed goes into the history.
      </p>
    </div>
  );
}
