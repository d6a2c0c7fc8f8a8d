import { useState, type ReactNode } from 'react';
import { Input, Label, Radio, RadioGroup, TextField } from 'react-aria-components';
import { useApp, useReady } from '../../store/app-context.ts';
import { baseImage, initialChoice, toImageChoices } from '../../words/images.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import initStyles from './init-panel.module.css';
import styles from './panel.module.css';

const css = bindClasses({ ...styles, ...initStyles });

const other = 'other';

/** What is chosen, and how to choose another one. */
export interface ImageSelection {
  /** Empty while another one is being typed. */
  readonly image: string;
  readonly choice: string;
  readonly reference: string;
  readonly choose: (choice: string) => void;
  readonly type: (reference: string) => void;
}

/** @param present the image to begin with; absent for the usual one */
export function useImageSelection(present?: string): ImageSelection {
  const images = useReady(({ snapshot }) => snapshot.images);
  const choices = toImageChoices(images);
  const isListed = present === undefined || choices.some(({ reference }) => reference === present);
  const [choice, choose] = useState(() => (isListed ? (present ?? initialChoice(choices)) : other));
  const [reference, type] = useState(isListed ? '' : present);
  return { image: choice === other ? reference.trim() : choice, choice, reference, choose, type };
}

/** The images to choose from, or any reference. */
export function ImageChoice({
  selection,
  projectId,
}: {
  readonly selection: ImageSelection;
  readonly projectId: string;
}): ReactNode {
  const images = useReady(({ snapshot }) => snapshot.images);
  const choices = toImageChoices(images);
  const { choice, choose, reference, type } = selection;
  const isBaseMissing = choices.some((one) => one.reference === baseImage && !one.isLocal);
  return (
    <>
      <RadioGroup className={css('choices')} aria-label="Image" value={choice} onChange={choose}>
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
        <TextField className={css('field')} value={reference} onChange={type} autoFocus>
          <Label>Image reference</Label>
          <Input className={css('input')} placeholder="registry.example.com/team/image:tag" spellCheck={false} />
        </TextField>
      )}
      {choice === baseImage && isBaseMissing && <BaseImageOffer projectId={projectId} />}
    </>
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
