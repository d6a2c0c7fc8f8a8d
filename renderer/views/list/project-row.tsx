import { memo, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { useSteadyProject } from '../use-steady-project.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { rowNote, rowWord, shapeOf, spokenRow, stateWords } from '../../words/project-words.ts';
import { parentOf, toShortPath, toVisibleName, toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { StateGlyph } from '../controls/state-glyph.tsx';
import styles from './project-list.module.css';

const css = bindClasses(styles);

export interface ProjectRowProps {
  readonly id: string;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  /** Another project has this name too, so its place must be seen. */
  readonly isAmbiguous: boolean;
  readonly isRail: boolean;
  readonly onSelect: (id: string) => void;
  readonly onMenu: (id: string, x: number, y: number) => void;
}

/** One project. Draws again only when it changed itself. */
export const ProjectRow = memo(function ProjectRow(props: ProjectRowProps): ReactNode {
  const { id, isSelected, isTabStop, isRail, onSelect, onMenu } = props;
  const project = useSteadyProject(id);
  if (project === undefined) return null;
  const name = toVisibleName(project.name);
  const nowMs = Date.now();
  const openMenu = (event: MouseEvent | KeyboardEvent): void => {
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    const byPointer = 'clientX' in event && event.clientX > 0;
    onMenu(id, byPointer ? event.clientX : box.left + 24, byPointer ? event.clientY : box.bottom - 4);
  };
  return (
    <li
      className={css('row', isSelected && 'selected')}
      role="option"
      aria-selected={isSelected}
      aria-label={spokenRow(project, nowMs)}
      tabIndex={isTabStop ? 0 : -1}
      data-project-id={id}
      title={`${name}\n${toVisibleText(project.folder)}\n${stateWords(project, nowMs)}`}
      onClick={() => onSelect(id)}
      onContextMenu={openMenu}
      onKeyDown={(event) => {
        if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) openMenu(event);
      }}
    >
      <StateGlyph shape={shapeOf(project)} />
      {!isRail && <RowText project={project} name={name} isAmbiguous={props.isAmbiguous} />}
    </li>
  );
});

interface RowTextProps {
  readonly project: ProjectState;
  readonly name: string;
  readonly isAmbiguous: boolean;
}

function RowText({ project, name, isAmbiguous }: RowTextProps): ReactNode {
  const word = rowWord(project);
  const note = rowNote(project);
  const place = isAmbiguous ? toShortPath(parentOf(project.folder)) : '';
  return (
    <span className={css('text')}>
      <span className={css('first')}>
        <bdi className={css('name')}>{name}</bdi>
        {word !== '' && <span className={css('word')}>{word}</span>}
      </span>
      {(place !== '' || note !== '') && (
        <span className={css('second')}>{[place, note].filter((part) => part !== '').join(' · ')}</span>
      )}
    </span>
  );
}
