import { Notification } from 'electron';
import type { Notice } from './notices.ts';

/** Shows a notice; a click leads to the project. */
export function showNotice(notice: Notice, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title: notice.title, body: notice.body });
  notification.on('click', onClick);
  notification.show();
}
