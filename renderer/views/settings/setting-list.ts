import type { Settings } from '../../../preload/contract/settings.ts';

type NamesOf<Value> = {
  [Name in keyof Settings]: Settings[Name] extends Value ? (Value extends Settings[Name] ? Name : never) : never;
}[keyof Settings];
type ChoiceName = 'theme' | 'terminalCursor' | 'terminalBell';

interface About {
  readonly section: 'General' | 'Vault' | 'Terminal';
  readonly label: string;
  /** What it does, in one line. */
  readonly note: string;
}

/** How one setting is shown and changed. */
export type Setting = About &
  (
    | { readonly kind: 'switch'; readonly name: NamesOf<boolean> }
    | {
        readonly kind: 'number';
        readonly name: NamesOf<number>;
        readonly min: number;
        readonly max: number;
        readonly step: number;
      }
    | { readonly kind: 'text'; readonly name: NamesOf<string>; readonly placeholder: string }
    | {
        readonly kind: 'choice';
        readonly name: ChoiceName;
        /** Value and word of each. */
        readonly choices: readonly (readonly [string, string])[];
      }
  );

const onOff = (section: About['section'], name: NamesOf<boolean>, label: string, note: string): Setting => ({
  kind: 'switch',
  section,
  name,
  label,
  note,
});

/** Every setting of the page, in order; the list's width is set by dragging it. */
export function toSettingList(hasTray: boolean): readonly Setting[] {
  return [
    {
      kind: 'choice',
      section: 'General',
      name: 'theme',
      label: 'Theme',
      note: 'Follows the system unless you choose.',
      choices: [
        ['system', 'System'],
        ['light', 'Light'],
        ['dark', 'Dark'],
      ],
    },
    onOff(
      'General',
      'closeToTray',
      'Close to tray',
      hasTray
        ? 'Closing the window leaves TazPod in the tray.'
        : 'This desktop shows no tray icons, so closing minimises the window.',
    ),
    onOff('General', 'autostart', 'Start at login', 'TazPod starts in the tray when you log in.'),
    onOff(
      'Vault',
      'lockOnScreenLock',
      'Lock with the screen',
      'Vaults are saved and locked when the screen is locked.',
    ),
    onOff('Vault', 'lockOnSuspend', 'Lock before sleep', 'Vaults are saved and locked when the machine goes to sleep.'),
    onOff(
      'Vault',
      'lockWhenLastTerminalCloses',
      'Lock after the last terminal',
      'A vault is saved and locked when the last terminal of its project ends.',
    ),
    ...terminalSettings,
  ];
}

const terminalSettings: readonly Setting[] = [
  {
    kind: 'text',
    section: 'Terminal',
    name: 'terminalFontFamily',
    label: 'Terminal font',
    note: 'Tried before the bundled JetBrains Mono.',
    placeholder: 'JetBrains Mono',
  },
  {
    kind: 'number',
    section: 'Terminal',
    name: 'terminalFontSizePx',
    label: 'Terminal font size',
    note: 'In pixels.',
    min: 8,
    max: 32,
    step: 1,
  },
  {
    kind: 'choice',
    section: 'Terminal',
    name: 'terminalCursor',
    label: 'Cursor',
    note: 'Programs may choose another one.',
    choices: [
      ['block', 'Block'],
      ['bar', 'Bar'],
      ['underline', 'Underline'],
    ],
  },
  onOff('Terminal', 'terminalCursorBlinks', 'Cursor blinks', 'In the terminal that has the focus.'),
  {
    kind: 'number',
    section: 'Terminal',
    name: 'terminalScrollbackLines',
    label: 'Scrollback',
    note: 'Lines kept above the screen of each terminal.',
    min: 0,
    max: 100_000,
    step: 1_000,
  },
  {
    kind: 'choice',
    section: 'Terminal',
    name: 'terminalBell',
    label: 'Bell',
    note: 'What it does in the terminal in view; other tabs are marked.',
    choices: [
      ['flash', 'Flash'],
      ['none', 'Nothing'],
    ],
  },
  onOff(
    'Terminal',
    'terminalScreenReader',
    'Text for screen readers',
    'Programs that read the screen get what terminals show.',
  ),
  onOff('Terminal', 'copyOnSelect', 'Copy on select', 'Text selected in a terminal goes to the clipboard.'),
  onOff(
    'Terminal',
    'warnBeforePaste',
    'Ask before pasting lines',
    'Before many lines, or lines that would run at once.',
  ),
  onOff('Terminal', 'marksPrompts', 'Mark prompts', 'Of bash, in terminals that open from now on.'),
  {
    kind: 'number',
    section: 'Terminal',
    name: 'noticeAfterSeconds',
    label: 'Notice after a long command',
    note: 'Seconds it must have run, when it ends while you look elsewhere; 0 for none. Needs marked prompts.',
    min: 0,
    max: 86_400,
    step: 5,
  },
];

/** The settings that hold every word that was typed, in their label, note or section. */
export function findSettings(list: readonly Setting[], typed: string): readonly Setting[] {
  const words = typed.toLowerCase().split(/\s+/u);
  return list.filter(({ section, label, note }) => {
    const text = `${section} ${label} ${note}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
