import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { Checkbox, Input, Label, Text, TextField } from 'react-aria-components';
import type { Command } from '../../../preload/contract/commands.ts';
import { ratePassphrase } from '../../../preload/contract/passphrase-strength.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp } from '../../store/app-context.ts';
import { newPassphraseProblem, strengthHint, unlockHindrance } from '../../words/vault-words.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { useNow } from '../use-time.ts';
import initStyles from './init-panel.module.css';
import vaultStyles from './vault-tab.module.css';

const css = bindClasses({ ...initStyles, ...vaultStyles });

interface PassphraseFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly description?: string;
  readonly isNew?: boolean;
  readonly autoFocus?: boolean;
}

/** What is typed stays in this field's state until it is sent, and goes from here at once then. */
function PassphraseField({ label, value, onChange, description, isNew, autoFocus }: PassphraseFieldProps): ReactNode {
  return (
    <TextField
      className={css('field')}
      type="password"
      value={value}
      onChange={onChange}
      autoComplete={isNew === true ? 'new-password' : 'current-password'}
      autoFocus={autoFocus ?? false}
      maxLength={1024}
    >
      <Label>{label}</Label>
      <Input className={css('input')} spellCheck={false} {...(autoFocus === true ? { 'data-step': '' } : {})} />
      {description !== undefined && (
        <Text slot="description" className={css('description')}>
          {description}
        </Text>
      )}
    </TextField>
  );
}

interface FormProps {
  readonly label: string;
  readonly submit: string;
  readonly problem: string | null;
  readonly onSubmit: () => void;
  readonly onCancel?: () => void;
  /** What that button says; `Cancel` without it. */
  readonly cancel?: string;
  readonly children: ReactNode;
}

function PassphraseForm({ label, submit, problem, onSubmit, onCancel, cancel, children }: FormProps): ReactNode {
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (problem === null) onSubmit();
  };
  return (
    <form className={css('form')} aria-label={label} onSubmit={send}>
      {children}
      <div className={css('formActions')}>
        <Button kind="primary" type="submit" isDisabled={problem !== null} hint={problem ?? undefined}>
          {submit}
        </Button>
        {onCancel !== undefined && <Button onPress={onCancel}>{cancel ?? 'Cancel'}</Button>}
      </div>
    </form>
  );
}

interface UnlockFormProps {
  readonly project: ProjectState;
  /** Goes on without it. */
  readonly onSkip?: () => void;
}

/** Opens the vault, or gives the key of one that is open already. */
export function UnlockForm({ project, onSkip }: UnlockFormProps): ReactNode {
  const { actions } = useApp();
  const [passphrase, setPassphrase] = useState('');
  const [remember, setRemember] = useState(false);
  const nowMs = useNow(1000);
  const { vault } = project;
  const waitMs = (vault.retryAtMs ?? 0) - nowMs;
  const waits = waitMs > 0 ? `The next try may be made in ${Math.ceil(waitMs / 1000)} s.` : null;
  const isEmpty = passphrase === '' && !vault.remembered;
  const problem = unlockHindrance(project) ?? waits ?? (isEmpty ? 'Type the passphrase.' : null);
  const unlock = (): void => {
    const typed = passphrase === '' ? {} : { passphrase };
    setPassphrase('');
    void actions.execute(
      { type: 'unlockVault', projectId: project.id, ...typed, ...(remember ? { remember } : {}) },
      project.id,
    );
  };
  return (
    <PassphraseForm
      label="Unlock the vault"
      submit={vault.status === 'mounted' ? 'Give key' : 'Unlock'}
      problem={problem}
      onSubmit={unlock}
      {...(onSkip === undefined ? {} : { onCancel: onSkip, cancel: 'Go on without it' })}
    >
      <PassphraseField
        label="Passphrase"
        value={passphrase}
        onChange={setPassphrase}
        description={problem ?? (vault.remembered ? 'Kept on this device: leave it empty to use that one.' : ' ')}
        autoFocus
      />
      {vault.rememberRefusal === null && !vault.remembered && (
        <Checkbox className={css('check')} isSelected={remember} onChange={setRemember}>
          <span className={css('box')} aria-hidden="true" /> Remember on this device
        </Checkbox>
      )}
      {vault.remembered && (
        <Button
          kind="quiet"
          onPress={() => void actions.execute({ type: 'forgetVaultPassphrase', projectId: project.id }, project.id)}
        >
          Forget it on this device
        </Button>
      )}
    </PassphraseForm>
  );
}

/** What is to be said of a passphrase's strength; null until it is known. */
function useRating(passphrase: string): string | null {
  const [rating, setRating] = useState<string | null>(null);
  useEffect(() => {
    if (passphrase === '') {
      setRating(null);
      return undefined;
    }
    let isOld = false;
    void ratePassphrase(passphrase).then(({ words }) => {
      if (!isOld) setRating(words);
    });
    return () => {
      isOld = true;
    };
  }, [passphrase]);
  // The last one's words stay while the next one is looked at: they would only flicker.
  return rating;
}

interface NewPassphraseProps {
  readonly label: string;
  readonly submit: string;
  readonly hindrance: string | null;
  readonly asksOld: boolean;
  readonly toCommand: (passphrase: string, old: string) => Command;
  readonly projectId: string;
  readonly onDone?: () => void;
}

/** A new passphrase, typed twice: for a new vault, or with the old one for a change. */
export function NewPassphraseForm(props: NewPassphraseProps): ReactNode {
  const { label, submit, hindrance, asksOld, toCommand, projectId, onDone } = props;
  const { actions } = useApp();
  const [old, setOld] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const rating = useRating(passphrase);
  const isOldMissing = asksOld && old === '';
  const problem =
    hindrance ?? (isOldMissing ? 'Type the present passphrase.' : newPassphraseProblem(passphrase, repeated));
  const send = (): void => {
    const command = toCommand(passphrase, old);
    for (const clear of [setOld, setPassphrase, setRepeated]) clear('');
    void actions.execute(command, projectId).then((accepted) => accepted && onDone?.());
  };
  return (
    <PassphraseForm
      label={label}
      submit={submit}
      problem={problem}
      onSubmit={send}
      {...(onDone === undefined ? {} : { onCancel: onDone })}
    >
      {asksOld && <PassphraseField label="Present passphrase" value={old} onChange={setOld} autoFocus />}
      <PassphraseField
        label="New passphrase"
        value={passphrase}
        onChange={setPassphrase}
        description={strengthHint(rating)}
        isNew
        autoFocus={!asksOld && hindrance === null}
      />
      <PassphraseField
        label="New passphrase, again"
        value={repeated}
        onChange={setRepeated}
        description={problem ?? 'Both are the same.'}
        isNew
      />
    </PassphraseForm>
  );
}
