import { useState, type ReactNode } from 'react';
import { Button as AriaButton, Group, Input, NumberField, Radio, RadioGroup, Switch } from 'react-aria-components';
import { SettingsChangeSchema, type Settings, type SettingsChange } from '../../../preload/contract/settings.ts';
import * as v from 'valibot';
import { bindClasses } from '../classes.ts';
import type { Setting } from './setting-list.ts';
import styles from './settings-page.module.css';

const css = bindClasses(styles);

interface SettingRowProps {
  readonly setting: Setting;
  readonly settings: Settings;
  readonly onChange: (part: SettingsChange) => void;
}

/** One setting with what it does and the control that changes it. */
export function SettingRow({ setting, settings, onChange }: SettingRowProps): ReactNode {
  const { label, note, kind } = setting;
  const change = (value: string | number | boolean): void => {
    const part: unknown = { [setting.name]: value };
    if (v.is(SettingsChangeSchema, part)) onChange(part);
  };
  if (kind === 'switch') {
    return (
      <Switch className={css('row', 'switch')} isSelected={settings[setting.name]} onChange={change}>
        <span className={css('words')}>
          <span className={css('label')}>{label}</span>
          <span className={css('note')}>{note}</span>
        </span>
        <span className={css('track')} aria-hidden="true">
          <span className={css('thumb')} />
        </span>
      </Switch>
    );
  }
  return (
    <div className={css('row')}>
      <div className={css('words')}>
        <p>{label}</p>
        <p className={css('note')}>{note}</p>
      </div>
      {kind === 'choice' && <Choice setting={setting} value={settings[setting.name]} onChange={change} />}
      {kind === 'number' && <NumberBox setting={setting} value={settings[setting.name]} onChange={change} />}
      {kind === 'text' && <TextBox setting={setting} value={settings[setting.name]} onChange={change} />}
    </div>
  );
}

interface ControlProps<Kind extends Setting['kind'], Value> {
  readonly setting: Extract<Setting, { kind: Kind }>;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

const Choice = ({ setting, value, onChange }: ControlProps<'choice', string>): ReactNode => (
  <RadioGroup
    className={css('segments')}
    aria-label={setting.label}
    orientation="horizontal"
    value={value}
    onChange={onChange}
  >
    {setting.choices.map(([choice, word]) => (
      <Radio key={choice} value={choice} className={css('segment')}>
        {word}
      </Radio>
    ))}
  </RadioGroup>
);

const NumberBox = ({ setting, value, onChange }: ControlProps<'number', number>): ReactNode => (
  <NumberField
    aria-label={setting.label}
    value={value}
    minValue={setting.min}
    maxValue={setting.max}
    step={setting.step}
    onChange={onChange}
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
);

/** Taken when it is left or with Enter: half a font's name is none. */
function TextBox({ setting, value, onChange }: ControlProps<'text', string>): ReactNode {
  const [draft, setDraft] = useState(value);
  return (
    <input
      className={css('text')}
      aria-label={setting.label}
      placeholder={setting.placeholder}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => onChange(draft)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange(draft);
      }}
    />
  );
}
