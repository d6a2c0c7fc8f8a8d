import { useState, type ReactNode } from 'react';
import type { ConfigState, ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp } from '../../store/app-context.ts';
import { toShortPath } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { DifferenceTable } from './difference-table.tsx';
import { ImageChoice, useImageSelection } from './image-choice.tsx';
import styles from './panel.module.css';

const css = bindClasses(styles);

interface ImagePickerProps {
  readonly project: ProjectState;
  readonly config: Extract<ConfigState, { status: 'valid' }>;
  readonly onDone: () => void;
}

/** Chooses another image for a project, shows what would be written, and writes it after a yes. */
export function ImagePicker({ project, config, onDone }: ImagePickerProps): ReactNode {
  const { actions } = useApp();
  const selection = useImageSelection(config.image);
  const [isAsking, setAsking] = useState(false);
  const { image } = selection;
  const write = (): void => {
    void actions.execute({ type: 'changeImage', projectId: project.id, image }, project.id).then(onDone);
  };
  return (
    <section className={css('panel')} aria-labelledby="picker-title">
      <div className={css('body')} tabIndex={0} role="region" aria-label="Choose an image">
        <h2 id="picker-title" className={css('title')}>
          {isAsking ? 'Write this into the config?' : 'Choose another image'}
        </h2>
        {isAsking ? (
          <>
            <p className={css('lead')}>
              <code title={config.file}>{toShortPath(config.file)}</code> gets this one change; comments and everything
              else stay. You are asked for your trust before the next start or rebuild.
            </p>
            <DifferenceTable
              differences={[{ key: 'image', before: config.image, after: image }]}
              before="Now"
              after="Then"
            />
          </>
        ) : (
          <>
            <p className={css('lead')}>The container stays as it is until you rebuild it.</p>
            <ImageChoice selection={selection} projectId={project.id} />
          </>
        )}
      </div>
      <footer className={css('footer')}>
        <Button onPress={isAsking ? () => setAsking(false) : onDone}>{isAsking ? 'Back' : 'Cancel'}</Button>
        {isAsking ? (
          <Button kind="primary" onPress={write}>
            Write config
          </Button>
        ) : (
          <Button
            kind="primary"
            isDisabled={image === '' || image === config.image}
            hint={image === config.image ? 'It is the one that the config has' : undefined}
            onPress={() => setAsking(true)}
          >
            Use this image
          </Button>
        )}
      </footer>
    </section>
  );
}
