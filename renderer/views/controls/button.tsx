import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { bindClasses } from '../classes.ts';
import styles from './button.module.css';

const css = bindClasses(styles);

export interface ButtonProps {
  readonly children: ReactNode;
  /** Left out for one that sends its form. */
  readonly onPress?: () => void;
  readonly type?: 'button' | 'submit';
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
  /** Shown in a tooltip, for example why it is disabled. */
  readonly hint?: string | undefined;
}

export function Button({
  children,
  onPress,
  type,
  kind = 'plain',
  isDisabled,
  autoFocus,
  hint,
}: ButtonProps): ReactNode {
  const button = (
    <AriaButton
      className={css('button', kind)}
      type={type ?? 'button'}
      {...(onPress === undefined ? {} : { onPress })}
      isDisabled={isDisabled ?? false}
      autoFocus={autoFocus ?? false}
    >
      {children}
    </AriaButton>
  );
  return hint === undefined ? button : <span title={hint}>{button}</span>;
}

export interface IconButtonProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onPress: () => void;
  readonly isDisabled?: boolean;
  readonly isOn?: boolean;
  /** The key that does the same. */
  readonly keys?: string;
}

/** A button that is an icon; its name is its tooltip and what a screen reader says. */
export function IconButton({ label, icon, onPress, isDisabled, isOn, keys }: IconButtonProps): ReactNode {
  return (
    <span className={css('hint')} title={keys === undefined ? label : `${label} (${keys})`}>
      <AriaButton
        className={css('icon', isOn === true && 'on')}
        aria-label={label}
        onPress={onPress}
        isDisabled={isDisabled ?? false}
        {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
      >
        {icon}
      </AriaButton>
    </span>
  );
}
