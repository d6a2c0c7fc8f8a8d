import { useRef, type ReactNode } from 'react';
import { Dialog } from 'react-aria-components';
import { useApp } from '../../store/app-context.ts';
import { useStore } from '../../store/use-store.ts';
import { isOpenableLink } from '../../terminal/links.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { Popover } from '../controls/popover.tsx';
import styles from './terminal-pane.module.css';

const css = bindClasses(styles);

/** Shows where a link in the terminal leads before anything opens it: its text may say something else. */
export function LinkQuestion(): ReactNode {
  const { api, terminals } = useApp();
  const click = useStore(terminals.clickedLink, (value) => value);
  const point = useRef<HTMLSpanElement>(null);
  const close = (): void => terminals.clickedLink.set(null);
  const canOpen = click !== null && isOpenableLink(click.link);
  const act = (name: 'openLink' | 'copyText'): void => {
    if (click !== null) void api.request(name, click.link);
    close();
  };
  return (
    <>
      <span
        ref={point}
        aria-hidden="true"
        style={{ position: 'fixed', left: click?.x ?? 0, top: click?.y ?? 0, width: 0, height: 0 }}
      />
      {click !== null && (
        <Popover
          key={`${click.x} ${click.y}`}
          label="Link"
          trigger={point}
          placement="bottom start"
          isOpen
          onOpenChange={(isOpen) => !isOpen && close()}
        >
          <Dialog className={css('link')} aria-label="Open this link">
            <code className={css('url', 'selectable')}>{toVisibleText(click.link)}</code>
            {!canOpen && <p className={css('why')}>Only https links, and http on this machine, can be opened.</p>}
            <div className={css('linkActions')}>
              {canOpen && (
                <Button kind="primary" autoFocus onPress={() => act('openLink')}>
                  Open in browser
                </Button>
              )}
              <Button onPress={() => act('copyText')}>Copy</Button>
            </div>
          </Dialog>
        </Popover>
      )}
    </>
  );
}
