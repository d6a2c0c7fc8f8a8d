import { useState, type ReactNode } from 'react';
import { Input, Label, Radio, RadioGroup, Text, TextField } from 'react-aria-components';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp, useReady } from '../../store/app-context.ts';
import { baseImage, containerNameProblem, initialChoice, toImageChoices, toSuggestedName } from '../../words/images.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import initStyles from './init-panel.module.css';
import styles from './panel.module.css';

const css = bindClasses({ ...styles, ...initStyles });

const other = 'other';

/** Chooses what the folder's container is made from, and writes its config. Runs nothing. */
export function InitPanel({ project }: { readonly project: ProjectState }): ReactNode {
  const { actions } = useApp();
  const images = useReady(({ snapshot }) => snapshot.images);
  const choices = toImageChoices(images);
  const [choice, setChoice] = useState(() => initialChoice(choices));
  const [reference, setReference] = useState('');
  const [name, setName] = useState('');
  const nameProblem = containerNameProblem(name);
  const image = choice === other ? reference.trim() : choice;
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
        <RadioGroup className={css('choices')} aria-label="Image" value={choice} onChange={setChoice}>
          {choices.map((one) => (
            <Choice key={one.reference} value={one.reference} note={one.note}>
              <code>{toVisibleText(one.reference)}</code>
            </Choice>
          ))}
          <Choice value={other} note="Any reference that the engine can pull">
            Another image
          </Choice>
        </RadioGroup>
        {choice === other && (
          <TextField className={css('field')} value={reference} onChange={setReference} autoFocus>
            <Label>Image reference</Label>
            <Input className={css('input')} placeholder="registry.example.com/team/image:tag" spellCheck={false} />
          </TextField>
        )}
        {choice === baseImage && choices[1]?.isLocal === false && <BaseImageOffer projectId={project.id} />}
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

interface ChoiceProps {
  readonly value: string;
  readonly note: string;
  readonly children: ReactNode;
}

const Choice = ({ value, note, children }: ChoiceProps): ReactNode => (
  <Radio value={value} className={css('choice')}>
    <span className={css('dot')} aria-hidden="true" />
    <span className={css('choiceText')}>
      <span className={css('choiceName')}>{children}</span>
      <span className={css('note')}>{note}</span>
    </span>
  </Radio>
);

function BaseImageOffer({ projectId }: { readonly projectId: string }): ReactNode {
  const { actions } = useApp();
  const isBuilding = useReady(({ snapshot }) => snapshot.operations.some(({ kind }) => kind === 'build-base-image'));
  return (
    <p className={css('offer')}>
      <span>{isBuilding ? 'It is being built; the status bar shows how far it is.' : 'It has to be built once.'}</span>
      <Button isDisabled={isBuilding} onPress={() => void actions.execute({ type: 'buildBaseImage' }, projectId)}>
        Build base image
      </Button>
    </p>
  );
}
