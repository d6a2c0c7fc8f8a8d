import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Input, SearchField } from 'react-aria-components';
import type { SettingsChange } from '../../../preload/contract/settings.ts';
import { useApp, useReady } from '../../store/app-context.ts';
import { withSettings } from '../../store/app-state.ts';
import { bindClasses } from '../classes.ts';
import { IconButton } from '../controls/button.tsx';
import { findSettings, toSettingList } from './setting-list.ts';
import { SettingRow } from './setting-row.tsx';
import styles from './settings-page.module.css';

const css = bindClasses(styles);

/** What a person can set; each takes effect at once. */
export function SettingsPage(): ReactNode {
  const { api, app, ui } = useApp();
  const settings = useReady((state) => state.settings);
  const { appVersion, name, hasTray } = useReady((state) => state.runtime);
  const [typed, setTyped] = useState('');
  const found = findSettings(toSettingList(hasTray), typed);
  const change = async (part: SettingsChange): Promise<void> => {
    const next = await api.request('changeSettings', part);
    app.update((state) => withSettings(state, next));
  };
  return (
    <section className={css('page')} aria-labelledby="settings-title">
      <header className={css('header')}>
        <h1 id="settings-title">Settings</h1>
        <SearchField aria-label="Search settings" className={css('search')} value={typed} onChange={setTyped}>
          <Input className={css('searchInput')} placeholder="Search settings" />
        </SearchField>
        <IconButton
          label="Close settings"
          icon={<X size={16} aria-hidden="true" />}
          onPress={() => ui.update((state) => ({ ...state, page: 'project' }))}
        />
      </header>
      {(['General', 'Vault', 'Terminal'] as const).map((section) => {
        const rows = found.filter((setting) => setting.section === section);
        if (rows.length === 0) return null;
        return (
          <section key={section} aria-label={section}>
            <h2 className={css('section')}>{section}</h2>
            <div className={css('rows')}>
              {rows.map((setting) => (
                <SettingRow
                  key={setting.name}
                  setting={setting}
                  settings={settings}
                  onChange={(part) => void change(part)}
                />
              ))}
            </div>
          </section>
        );
      })}
      <p className={css('about')} role="status">
        {found.length === 0 ? 'No setting matches.' : ''}
      </p>
      <p className={css('about', 'selectable')}>
        TazPod Desktop {appVersion} on {name}
      </p>
    </section>
  );
}
