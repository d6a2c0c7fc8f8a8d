import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { withSettings } from '../store/app-state.ts';
import { useApp, useReady } from '../store/app-context.ts';
import { bindClasses } from './classes.ts';
import styles from './app.module.css';

const css = bindClasses(styles);

const minPx = 180;
const maxPx = 600;
const stepPx = 16;
const clamp = (px: number): number => Math.round(Math.min(maxPx, Math.max(minPx, px)));

/** The line between list and detail; dragged, or moved with the arrow keys. */
export function ListResizer(): ReactNode {
  const { api, app } = useApp();
  const widthPx = useReady(({ settings }) => settings.listWidthPx);
  const start = useRef<{ readonly x: number; readonly widthPx: number } | null>(null);
  const show = (listWidthPx: number): void =>
    app.update((state) => (state.status === 'ready' ? withSettings(state, { ...state.settings, listWidthPx }) : state));
  const keep = (listWidthPx: number): void => {
    show(listWidthPx);
    void api.request('changeSettings', { listWidthPx });
  };
  const drag = (event: PointerEvent): void => {
    if (start.current !== null) show(clamp(start.current.widthPx + event.clientX - start.current.x));
  };
  const press = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowLeft' ? -stepPx : event.key === 'ArrowRight' ? stepPx : 0;
    if (step === 0) return;
    event.preventDefault();
    keep(clamp(widthPx + step));
  };
  return (
    <div
      className={css('resizer')}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the project list"
      aria-valuenow={widthPx}
      aria-valuemin={minPx}
      aria-valuemax={maxPx}
      tabIndex={0}
      onKeyDown={press}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, widthPx };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onPointerUp={() => {
        if (start.current !== null && start.current.widthPx !== widthPx) keep(widthPx);
        start.current = null;
      }}
    />
  );
}
