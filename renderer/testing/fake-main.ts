import { startApp } from '../start.tsx';
import { createFakeApi } from './fake-api.ts';
import { scenarios } from './scenarios/scenarios.ts';

/** `?scenario=few&theme=dark`: the page as the app would fill it, for development and screenshots. Never packaged. */
const query = new URLSearchParams(location.search);
const name = query.get('scenario') ?? 'few';
const scenario = scenarios[name];
if (scenario === undefined) throw new Error(`no scenario ${name}; there are ${Object.keys(scenarios).join(', ')}`);
const theme = query.get('theme');
const settings = theme === 'light' || theme === 'dark' ? ({ theme } as const) : {};
const fake = createFakeApi({ ...scenario(), settings: { ...scenario().settings, ...settings } });
Object.assign(window, { fake });
startApp(fake.api, document);
