import type { ReactNode } from 'react';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { remedyOf } from '../../actions/failure-actions.ts';
import { actionLabels, hindranceOf, type ActionId } from '../../actions/project-actions.ts';
import { useApp, useEngineReady, useUi } from '../../store/app-context.ts';
import { withoutEntry } from '../../store/ui-state.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { StateGlyph } from '../controls/state-glyph.tsx';
import { DifferenceTable } from '../panels/difference-table.tsx';
import styles from './notices.module.css';
import { OperationProgress } from './operation-progress.tsx';

const css = bindClasses(styles);

/** What there is to say about a project now, between its header and its tabs. Nothing to say takes no room. */
export function Notices({ project }: { readonly project: ProjectState }): ReactNode {
  const { ui } = useApp();
  const engineReady = useEngineReady();
  const refused = useUi((state) => state.refusedCommands.get(project.id));
  const isReviewing = useUi((state) => state.reviewingId === project.id);
  const { failure, network, adoptable, trust, container } = project;
  const isIdle = project.operations.length === 0;
  const dismiss = (): void =>
    ui.update((state) => ({ ...state, refusedCommands: withoutEntry(state.refusedCommands, project.id) }));
  const asksAgain = trust.status === 'untrusted' && container.status === 'running' && !isReviewing;
  return (
    <div className={css('notices')}>
      <OperationProgress operations={project.operations} />
      {refused !== undefined && (
        <FailureNote failure={refused}>
          <Remedy project={project} id={remedyOf(refused, project, engineReady)} />
          <Button kind="quiet" onPress={dismiss}>
            Dismiss
          </Button>
        </FailureNote>
      )}
      {failure !== null && isIdle && failure.code !== refused?.code && project.config.status !== 'invalid' && (
        <FailureNote failure={failure}>
          <Remedy project={project} id={remedyOf(failure, project, engineReady)} />
          <Remedy project={project} id="stop-without-saving" />
        </FailureNote>
      )}
      {asksAgain && (
        <Notice project={project} id="review" text="The config asks for something else than you trusted.">
          The container goes on as it is. Review it before the next start.
        </Notice>
      )}
      {network.tooLarge && (
        <Notice project={project} id="reconnect" text={mtuWords(project)}>
          Large packets get lost, so downloads hang. Joining the right network keeps the container and its ports.
        </Notice>
      )}
      <RebuildNotice project={project} />
      {adoptable !== null && container.status === 'missing' && (
        <Notice
          project={project}
          id="adopt"
          text={`The container ${toVisibleText(adoptable.name)} (${toVisibleText(adoptable.image)}, ${adoptable.status}) mounts this folder.`}
        >
          Another tool made it. Adopt takes it over as this project's container.
        </Notice>
      )}
    </div>
  );
}

const shortId = (id: string): string => id.replace(/^sha256:/u, '').slice(0, 12);

const mtuWords = ({ network }: ProjectState): string =>
  `The container's network has MTU ${network.mtu ?? '?'}, but the way out carries ${network.wantedMtu ?? '?'} only.`;

interface NoticeProps {
  readonly project: ProjectState;
  readonly id: ActionId;
  readonly text: string;
  readonly children: ReactNode;
}

function Notice({ project, id, text, children }: NoticeProps): ReactNode {
  return (
    <div className={css('notice')} role="status">
      <span className={css('glyph')}>
        <StateGlyph shape="attention" />
      </span>
      <div className={css('words')}>
        <p className={css('selectable')}>{text}</p>
        <div className={css('more')}>{children}</div>
      </div>
      <Remedy project={project} id={id} alwaysShown />
    </div>
  );
}

/** What Rebuild would change: the image behind a tag that moved, what the config asks for by now, or both. One button. */
function RebuildNotice({ project }: { readonly project: ProjectState }): ReactNode {
  const { imageChange, drift } = project;
  if (imageChange === null && drift.length === 0) return null;
  const image = imageChange === null ? '' : toVisibleText(imageChange.image);
  const moved = `${image} names another image than the container was made from`;
  const text =
    imageChange === null
      ? 'The config changed since the container was made.'
      : drift.length === 0
        ? `${moved}.`
        : `The config changed since the container was made, and ${moved}.`;
  return (
    <Notice project={project} id="rebuild" text={text}>
      {imageChange !== null && (
        <p>
          Rebuild uses the new one (<code>{shortId(imageChange.after)}</code>, before{' '}
          <code>{shortId(imageChange.before)}</code>).
        </p>
      )}
      {drift.length > 0 && (
        <details className={css('details')}>
          <summary>What differs</summary>
          <DifferenceTable differences={drift} before="Container" after="Config" />
        </details>
      )}
    </Notice>
  );
}

interface RemedyProps {
  readonly project: ProjectState;
  readonly id: ActionId | null;
  /** Disabled with its reason instead of left out. */
  readonly alwaysShown?: boolean;
}

function Remedy({ project, id, alwaysShown }: RemedyProps): ReactNode {
  const { actions } = useApp();
  const engineReady = useEngineReady();
  if (id === null) return null;
  const hindrance = hindranceOf(id, project, engineReady);
  if (hindrance !== null && alwaysShown !== true) return null;
  return (
    <Button
      isDisabled={hindrance !== null}
      hint={hindrance ?? undefined}
      onPress={() => actions.perform(id, project.id)}
    >
      {actionLabels[id]}
    </Button>
  );
}
