import { app, type Session, type WebContents } from 'electron';
import { isAppAddress } from './app-address.ts';

/** Denies pages everything they do not need: permissions, other addresses, new windows, embedded pages. */
export function lockDownSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
}

/** Holds for every page there will ever be, whoever makes it. */
export function lockDownContents(log: (line: string) => void): void {
  app.on('web-contents-created', (_event, contents) => lockDown(contents, log));
}

function lockDown(contents: WebContents, log: (line: string) => void): void {
  contents.on('will-navigate', (event) => {
    if (isAppAddress(event.url)) return;
    log('a page tried to go elsewhere');
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
