import { useState, type ReactNode } from 'react';
import type { Failure } from '../../../preload/contract/errors.ts';
import type { LoginPrompt, ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp } from '../../store/app-context.ts';
import { loginNeedOf, loginPromptOf, syncHindrance } from '../../words/sync-words.ts';
import { formatElapsed } from '../../words/units.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { OperationProgress } from '../detail/operation-progress.tsx';
import { useNow } from '../use-time.ts';
import styles from './sync.module.css';
import { useSyncCommand } from './use-sync-command.ts';

const css = bindClasses(styles);

/** Why a login is needed, the button for it, and while one is under way, what to confirm. Nothing where none is. */
export function LoginPanel({ project }: { readonly project: ProjectState }): ReactNode {
  const command = useSyncCommand(project);
  const need = loginNeedOf(project);
  const prompt = loginPromptOf(project);
  const hindrance = syncHindrance(project);
  const isUnderWay = project.sync.operations.length > 0;
  if (need === null && prompt === null) return null;
  return (
    <>
      {isUnderWay && (
        <div className={css('progress')}>
          <OperationProgress operations={project.sync.operations} />
        </div>
      )}
      {prompt !== null && <LoginQuestion key={prompt.userCode} prompt={prompt} isOurs={command.isRunning} />}
      {need !== null && !isUnderWay && (
        <FailureNote failure={command.failure ?? need}>
          <Button
            kind="primary"
            isDisabled={hindrance !== null}
            hint={hindrance ?? undefined}
            onPress={() => command.send({ type: 'logIn', projectId: project.id })}
          >
            Log in…
          </Button>
        </FailureNote>
      )}
    </>
  );
}

interface QuestionProps {
  readonly prompt: LoginPrompt;
  /** Begun by this window's button: another one's takes no focus from whoever types here. */
  readonly isOurs: boolean;
}

/** The page's address and the code, before anything opens that page. */
function LoginQuestion({ prompt: { page, userCode, expiresAtMs }, isOurs }: QuestionProps): ReactNode {
  const { api } = useApp();
  const [failure, setFailure] = useState<Failure | null>(null);
  const leftMs = Math.max(0, expiresAtMs - useNow(1000));
  const open = (): void => {
    void api.request('openLink', page).then((result) => setFailure(result.ok ? null : result.failure));
  };
  return (
    <section className={css('login')} aria-label="Confirm the login">
      <p>Confirm the login in a browser, on this or any other device. The page must show this code:</p>
      <p className={css('userCode', 'selectable')}>{toVisibleText(userCode)}</p>
      <code className={css('page', 'selectable')}>{toVisibleText(page)}</code>
      <div className={css('detailActions')}>
        <Button kind="primary" autoFocus={isOurs} onPress={open}>
          Open the page
        </Button>
        <Button onPress={() => void api.request('copyText', page)}>Copy the address</Button>
        <Button onPress={() => void api.request('copyText', userCode)}>Copy the code</Button>
      </div>
      <p className={css('quiet')}>The code is good for {formatElapsed(leftMs)} more.</p>
      {failure !== null && <FailureNote failure={failure} />}
    </section>
  );
}
