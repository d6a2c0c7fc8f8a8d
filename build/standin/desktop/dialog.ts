import { guarded, UnimplementedError } from '../runtime/unimplemented.ts';
import { runProgram } from './run.ts';

type OpenOptions = Electron.OpenDialogOptions;
type BoxOptions = Electron.MessageBoxOptions;

/** The options; the window before them, if there is one, does not matter to zenity. */
const last = <Options>(args: readonly unknown[]): Options => args.at(-1) as Options;

async function zenity(args: readonly string[]): Promise<{ code: number; output: string }> {
  const answer = await runProgram('zenity', args);
  if (answer.code === 127)
    process.stderr.write('stand-in: dialogs need zenity (apt-get install zenity); this one counts as cancelled\n');
  return answer;
}

async function showOpenDialog(...args: unknown[]): Promise<Electron.OpenDialogReturnValue> {
  const { title, defaultPath, properties = [] } = last<OpenOptions>(args);
  const words = ['--file-selection', '--separator=\n', `--title=${title ?? 'Open'}`];
  if (properties.includes('openDirectory')) words.push('--directory');
  if (properties.includes('multiSelections')) words.push('--multiple');
  if (defaultPath !== undefined) words.push(`--filename=${defaultPath}`);
  const { code, output } = await zenity(words);
  return code === 0
    ? { canceled: false, filePaths: output.replace(/\n$/, '').split('\n') }
    : { canceled: true, filePaths: [] };
}

async function showSaveDialog(...args: unknown[]): Promise<Electron.SaveDialogReturnValue> {
  const { title, defaultPath } = last<Electron.SaveDialogOptions>(args);
  const words = ['--file-selection', '--save', '--confirm-overwrite', `--title=${title ?? 'Save'}`];
  if (defaultPath !== undefined) words.push(`--filename=${defaultPath}`);
  const { code, output } = await zenity(words);
  return code === 0 ? { canceled: false, filePath: output.replace(/\n$/, '') } : { canceled: true, filePath: '' };
}

async function showMessageBox(...args: unknown[]): Promise<Electron.MessageBoxReturnValue> {
  const { message, detail, title, buttons = ['OK'], cancelId = 0, checkboxLabel } = last<BoxOptions>(args);
  if (checkboxLabel !== undefined) throw new UnimplementedError("showMessageBox's checkbox");
  const text = detail === undefined ? message : `${message}\n\n${detail}`;
  const words = ['--question', '--no-markup', '--switch', `--title=${title ?? ''}`, `--text=${text}`];
  const { output } = await zenity([...words, ...buttons.map((button) => `--extra-button=${button}`)]);
  const response = buttons.indexOf(output.replace(/\n$/, ''));
  return { response: response === -1 ? cancelId : response, checkboxChecked: false };
}

/** Electron's `dialog`, through zenity. Tests replace its members, as they do with Electron's. */
export const dialog = guarded('dialog', {
  showOpenDialog,
  showSaveDialog,
  showMessageBox,
  showErrorBox: (title: string, content: string): void => {
    // Before the app is ready Electron writes it to stderr too.
    process.stderr.write(`${title}\n${content}\n`);
    void runProgram('zenity', ['--error', '--no-markup', `--title=${title}`, `--text=${content}`]);
  },
});
