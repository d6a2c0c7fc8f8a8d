import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, Group, Input, NumberField, Radio, RadioGroup, Switch } from 'react-aria-components';
import type { SettingsChange } from '../../preload/contract/settings.ts';
import { useApp, useReady } from '../store/app-context.ts';
import { withSettings } from '../store/app-state.ts';
import { bindClasses } from './classes.ts';
import { IconButton } from './controls/button.tsx';
import styles from './settings-page.module.css';

const css = bindClasses(styles);

/** What a person can set; each takes effect at once. */
export function SettingsPage(): ReactNode {
  const { api, app, ui } = useApp();
  const settings = useReady((state) => state.settings);
  const { appVersion, name, hasTray } = useReady((state) => state.runtime);
  const change = async (part: SettingsChange): Promise<void> => {
    const next = await api.request('changeSettings', part);
    app.update((state) => withSettings(state, next));
  };
  return (
    <section className={css('page')} aria-labelledby="settings-title">
      <header className={css('header')}>
        <h1 id="settings-title">Settings</h1>
        <IconButton
          label="Close settings"
          icon={<X size={16} aria-hidden="true" />}
          onPress={() => ui.update((state) => ({ ...state, page: 'project' }))}
        />
      </header>
      <div className={css('rows')}>
        <Row label="Theme" note="Follows the system unless you choose.">
          <RadioGroup
            className={css('segments')}
            aria-label="Theme"
            orientation="horizontal"
            value={settings.theme}
            onChange={(theme) => void change({ theme: theme as 'system' | 'light' | 'dark' })}
          >
            {(['system', 'light', 'dark'] as const).map((theme) => (
              <Radio key={theme} value={theme} className={css('segment')}>
                {themeWords[theme]}
              </Radio>
            ))}
          </RadioGroup>
        </Row>
        <SwitchRow
          label="Close to tray"
          note={
            hasTray
              ? 'Closing the window leaves TazPod in the tray.'
              : 'This desktop shows no tray icons, so closing minimises the window.'
          }
          isOn={settings.closeToTray}
          onChange={(closeToTray) => void change({ closeToTray })}
        />
        <SwitchRow
          label="Start at login"
          note="TazPod starts in the tray when you log in."
          isOn={settings.autostart}
          onChange={(autostart) => void change({ autostart })}
        />
        <Row label="Terminal font size" note="In pixels.">
          <NumberField
            aria-label="Terminal font size"
            value={settings.terminalFontSizePx}
            minValue={8}
            maxValue={32}
            step={1}
            onChange={(size) => Number.isInteger(size) && void change({ terminalFontSizePx: size })}
          >
            <Group className={css('number')}>
              <AriaButton slot="decrement" className={css('step')}>
                −
              </AriaButton>
              <Input className={css('numberInput')} />
              <AriaButton slot="increment" className={css('step')}>
                +
              </AriaButton>
            </Group>
          </NumberField>
        </Row>
        <SwitchRow
          label="Copy on select"
          note="Text selected in a terminal goes to the clipboard."
          isOn={settings.copyOnSelect}
          onChange={(copyOnSelect) => void change({ copyOnSelect })}
        />
      </div>
      <p className={css('about', 'selectable')}>
        TazPod Desktop {appVersion} on {name}
      </p>
    </section>
  );
}

const themeWords = { system: 'System', light: 'Light', dark: 'Dark' } as const;

interface RowProps {
  readonly label: string;
  readonly note: string;
  readonly children: ReactNode;
}

const Row = ({ label, note, children }: RowProps): ReactNode => (
  <div className={css('row')}>
    <div className={css('words')}>
      <p>{label}</p>
      <p className={css('note')}>{note}</p>
    </div>
    {children}
  </div>
);

interface SwitchRowProps {
  readonly label: string;
  readonly note: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

const SwitchRow = ({ label, note, isOn, onChange }: SwitchRowProps): ReactNode => (
  <Switch className={css('row', 'switch')} isSelected={isOn} onChange={onChange}>
    <span className={css('words')}>
      <span className={css('label')}>{label}</span>
      <span className={css('note')}>{note}</span>
    </span>
    <span className={css('track')} aria-hidden="true">
      <span className={css('thumb')} />
    </span>
  </Switch>
);
