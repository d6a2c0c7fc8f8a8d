import { useState, type ReactNode } from 'react';
import { Input, Label, Text, TextField } from 'react-aria-components';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp } from '../../store/app-context.ts';
import { containerNameProblem, toSuggestedName } from '../../words/images.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { ImageChoice, useImageSelection } from './image-choice.tsx';
import initStyles from './init-panel.module.css';
import styles from './panel.module.css';

const css = bindClasses({ ...styles, ...initStyles });

/** Chooses what the folder's container is made from, and writes its config. Runs nothing. */
export function InitPanel({ project }: { readonly project: ProjectState }): ReactNode {
  const { actions } = useApp();
  const selection = useImageSelection();
  const { image } = selection;
  const [name, setName] = useState('');
  const nameProblem = containerNameProblem(name);
  const write = (): void => {
    const part = name === '' ? {} : { containerName: name };
    void actions.execute({ type: 'initProject', folder: project.folder, image, ...part }, project.id);
  };
  return (
    <section className={css('panel')} aria-labelledby="init-title">
      <div className={css('body')} tabIndex={-1} data-step>
        <h2 id="init-title" className={css('title')}>
          Choose the image for this folder
        </h2>
        <p className={css('lead')}>
          TazPod writes <code>.tazpod/config.yaml</code> into the folder and asks for your trust next. Nothing runs yet.
        </p>
        <ImageChoice selection={selection} projectId={project.id} />
        <TextField className={css('field')} value={name} onChange={setName} isInvalid={nameProblem !== null}>
          <Label>Container name</Label>
          <Input
            className={css('input')}
            placeholder={toSuggestedName(project.name)}
            spellCheck={false}
            maxLength={63}
          />
          <Text slot="description" className={css('description', nameProblem !== null && 'problem')}>
            {nameProblem ?? 'Empty: made from the folder’s name.'}
          </Text>
        </TextField>
      </div>
      <footer className={css('footer')}>
        <Button kind="primary" isDisabled={image === '' || nameProblem !== null} onPress={write}>
          Write config
        </Button>
      </footer>
    </section>
  );
}
