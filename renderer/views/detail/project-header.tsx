import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, MenuTrigger } from 'react-aria-components';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { menuActionsOf, primaryActionOf } from '../../actions/project-actions.ts';
import { useApp, useEngineReady, useUi } from '../../store/app-context.ts';
import { shapeOf, stateWords } from '../../words/project-words.ts';
import { formatMoment } from '../../words/units.ts';
import { toShortPath, toVisibleName, toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { ActionMenu } from '../controls/action-menu.tsx';
import { Button } from '../controls/button.tsx';
import { Popover } from '../controls/popover.tsx';
import { StateGlyph } from '../controls/state-glyph.tsx';
import { useNow } from '../use-time.ts';
import styles from './project-header.module.css';

const css = bindClasses(styles);

/** Name, place and state; the one action that makes sense now, the rest behind it. */
export function ProjectHeader({ project }: { readonly project: ProjectState }): ReactNode {
  const nowMs = useNow();
  const name = toVisibleName(project.name);
  const { container } = project;
  const startedAtMs = container.status === 'running' || container.status === 'paused' ? container.startedAtMs : null;
  return (
    <header className={css('header')}>
      <div className={css('names')}>
        <h1 className={css('name', 'selectable')} title={name}>
          <bdi>{name}</bdi>
        </h1>
        <HeaderFacts project={project} />
      </div>
      <p className={css('state')} {...(startedAtMs === null ? {} : { title: `Started ${formatMoment(startedAtMs)}` })}>
        <StateGlyph shape={shapeOf(project)} />
        <span>{stateWords(project, nowMs)}</span>
      </p>
      <HeaderActions project={project} title={stateWords(project, nowMs)} />
    </header>
  );
}

function HeaderFacts({ project }: { readonly project: ProjectState }): ReactNode {
  const { container, config, network } = project;
  const image = container.status === 'missing' ? (config.status === 'valid' ? config.image : null) : container.image;
  return (
    <p className={css('facts')}>
      <code className={css('path')} title={toVisibleText(project.folder)}>
        <bdi>{toShortPath(project.folder)}</bdi>
      </code>
      {image !== null && (
        <span className={css('fact')} title={toVisibleText(image)}>
          image <code>{toVisibleText(image)}</code>
        </span>
      )}
      <PortLinks project={project} />
      {network.mtu !== null && <span className={css('fact', 'fixed')}>MTU {network.mtu}</span>}
      {container.status !== 'missing' && container.adopted && <span className={css('fact', 'fixed')}>adopted</span>}
    </p>
  );
}

/** Published ports: each opens the browser, by the same check as every other link. */
function PortLinks({ project: { ports } }: { readonly project: ProjectState }): ReactNode {
  const { api } = useApp();
  return ports.map(({ hostPort, containerPort }) => (
    <AriaButton
      key={hostPort}
      className={css('fact', 'fixed', 'port')}
      aria-label={`Open http://localhost:${hostPort} in the browser, port ${containerPort} inside`}
      onPress={() => void api.request('openLink', `http://localhost:${hostPort}/`)}
    >
      localhost:{hostPort}
    </AriaButton>
  ));
}

function HeaderActions({ project, title }: { readonly project: ProjectState; readonly title: string }): ReactNode {
  const { actions } = useApp();
  const engineReady = useEngineReady();
  const primary = primaryActionOf(project, engineReady);
  const tab = useUi((state) => state.tabs.get(project.id) ?? 'terminal');
  // The step itself is below with a button of its own; this one leads there.
  const isInView = tab === 'terminal' && (primary.id === 'review' || primary.id === 'write-config');
  const groups = menuActionsOf(project, engineReady);
  return (
    <div className={css('split')} role="group" aria-label="Project actions">
      <Button
        kind={isInView ? 'plain' : 'primary'}
        isDisabled={primary.hindrance !== null}
        hint={primary.hindrance ?? undefined}
        onPress={() => actions.perform(primary.id, project.id)}
      >
        {primary.label}
      </Button>
      <MenuTrigger>
        <AriaButton className={css('more')} aria-label="More actions">
          <ChevronDown size={16} aria-hidden="true" />
        </AriaButton>
        <Popover label="More actions">
          <ActionMenu title={title} groups={groups} onAction={(id) => actions.perform(id, project.id)} />
        </Popover>
      </MenuTrigger>
    </div>
  );
}
