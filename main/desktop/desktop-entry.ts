/** Marks a start at login: the app stays in the tray. */
export const hiddenFlag = '--hidden';

/** The entry's text; arguments are quoted as the Desktop Entry specification wants it. */
export function toDesktopEntry(program: string, args: readonly string[]): string {
  const command = [program, ...args, hiddenFlag].map(quote).join(' ');
  return `[Desktop Entry]\nType=Application\nName=TazPod Desktop\nExec=${command}\nX-GNOME-Autostart-enabled=true\n`;
}

/** Backslash, quote, backtick and dollar are escaped inside quotes; then the file's own escaping doubles backslashes. */
function quote(argument: string): string {
  const escaped = argument.replaceAll(/["`$\\]/gu, (character) => `\\${character}`).replaceAll('%', '%%');
  return `"${escaped.replaceAll('\\', '\\\\')}"`;
}
