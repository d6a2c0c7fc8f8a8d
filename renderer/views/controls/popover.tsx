import type { ReactNode, RefObject } from 'react';
import { Popover as AriaPopover, type PopoverProps } from 'react-aria-components';
import { bindClasses } from '../classes.ts';
import styles from './action-menu.module.css';

const css = bindClasses(styles);

export interface PlainPopoverProps {
  readonly children: ReactNode;
  readonly label: string;
  readonly placement?: NonNullable<PopoverProps['placement']>;
  readonly trigger?: RefObject<HTMLElement | null>;
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
}

/** The one look of everything that opens beside what was pressed. */
export function Popover({ children, label, trigger, placement = 'bottom end', ...rest }: PlainPopoverProps): ReactNode {
  return (
    <AriaPopover
      className={css('popover')}
      placement={placement}
      offset={4}
      aria-label={label}
      {...(trigger === undefined ? {} : { triggerRef: trigger })}
      {...rest}
    >
      {children}
    </AriaPopover>
  );
}
