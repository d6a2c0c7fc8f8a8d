import { Command, Settings, Stethoscope } from 'lucide-react';
import type { ReactNode } from 'react';
import type { EngineState, Operation } from '../../preload/contract/snapshot.ts';
import { keyLabel } from '../keys/key-map.ts';
import { useApp, useIsMac, useReady } from '../store/app-context.ts';
import { fractionOf, kindWords } from '../words/progress-words.ts';
import { toVisibleText } from '../words/visible-text.ts';
import { bindClasses } from './classes.ts';
import { Button, IconButton } from './controls/button.tsx';
import { StateGlyph } from './controls/state-glyph.tsx';
import styles from './status-bar.module.css';
import { useLasting } from './use-time.ts';

const css = bindClasses(styles);

/** The engine, how many run, what this window runs on. */
export function StatusBar(): ReactNode {
  const { ui } = useApp();
  const isMac = useIsMac();
  const engine = useReady(({ snapshot }) => snapshot.engine);
  const operation = useReady(({ snapshot }) => snapshot.operations[0]);
  const runtime = useReady(({ runtime: { name } }) => name);
  const total = useReady(({ snapshot }) => snapshot.projects.length);
  const running = useReady(
    ({ snapshot }) => snapshot.projects.filter(({ container }) => container.status === 'running').length,
  );
  return (
    <footer className={css('bar')} aria-label="Status" data-region="status">
      <EngineWords engine={engine} />
      {operation !== undefined && <GlobalOperation operation={operation} />}
      <span className={css('gap')} />
      {total > 0 && (
        <span className={css('part')}>
          {running} of {total} running
        </span>
      )}
      <span className={css('part', 'runtime')} title="What this window runs on">
        {runtime}
      </span>
      <IconButton
        label="Commands"
        keys={keyLabel('Mod-Shift-P', isMac)}
        icon={<Command size={14} aria-hidden="true" />}
        onPress={() => ui.update((state) => ({ ...state, paletteOpen: true }))}
      />
      <IconButton
        label="Doctor"
        icon={<Stethoscope size={15} aria-hidden="true" />}
        onPress={() => ui.update((state) => ({ ...state, page: state.page === 'doctor' ? 'project' : 'doctor' }))}
      />
      <IconButton
        label="Settings"
        keys={keyLabel('Mod-,', isMac)}
        icon={<Settings size={15} aria-hidden="true" />}
        onPress={() => ui.update((state) => ({ ...state, page: state.page === 'settings' ? 'project' : 'settings' }))}
      />
    </footer>
  );
}

function EngineWords({ engine }: { readonly engine: EngineState }): ReactNode {
  const { api } = useApp();
  if (engine.status === 'connecting') return <span className={css('part')}>Connecting to the engine</span>;
  if (engine.status === 'away') {
    return (
      <span className={css('part', 'away')}>
        <StateGlyph shape="attention" />
        <span title={toVisibleText(engine.failure.message)}>No engine</span>
        <Button kind="quiet" onPress={() => void api.request('retryEngine')}>
          Look again
        </Button>
      </span>
    );
  }
  const { version, source, endpoint, operatingSystem, rootless } = engine;
  const words = [`Docker ${version}`, source, ...(rootless ? ['rootless'] : [])].map(toVisibleText);
  return (
    <span className={css('part', 'engine')} title={toVisibleText(`${endpoint} · ${operatingSystem}`)}>
      {words.join(' · ')}
    </span>
  );
}

function GlobalOperation({ operation }: { readonly operation: Operation }): ReactNode {
  const { actions } = useApp();
  const lasts = useLasting(true);
  const fraction = fractionOf(operation);
  if (!lasts) return null;
  const percent = fraction === null ? '' : ` ${Math.floor(fraction * 100)}%`;
  return (
    <span className={css('part', 'operation')}>
      <StateGlyph shape="busy" />
      <span className={css('engine')} title={toVisibleText(operation.subject)}>
        {kindWords[operation.kind]} {operation.kind === 'pull-image' ? toVisibleText(operation.subject) : ''}
        {percent}
      </span>
      {operation.cancellable && (
        <Button
          kind="quiet"
          onPress={() => void actions.execute({ type: 'cancelOperation', operationId: operation.id }, null)}
        >
          Cancel
        </Button>
      )}
    </span>
  );
}
