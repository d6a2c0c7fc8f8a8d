import type { TazpodApi } from '../../preload/api.ts';
import { toFailure } from '../../preload/contract/errors.ts';
import type { AppState } from '../store/app-state.ts';
import type { ExternalStore } from '../store/external-store.ts';
import type { Refusal, UiState } from '../store/ui-state.ts';

/** Registers folders one by one, brings the last one into view and tells of every refusal. */
export async function registerFolders(
  folders: readonly string[],
  { api, app, ui }: { api: TazpodApi; app: ExternalStore<AppState>; ui: ExternalStore<UiState> },
): Promise<void> {
  const refusals: Refusal[] = [];
  let shownId: string | null = null;
  for (const folder of folders) {
    if (folder === '') {
      refusals.push({ folder: 'Something that is no file', failure: toFailure('folder-not-found', { folder: 'It' }) });
      continue;
    }
    const known = projectIds(app.get());
    const answer = await api.request('execute', { type: 'registerProject', folder });
    if (answer.accepted) shownId = idOf(app.get(), folder, known) ?? shownId;
    else refusals.push({ folder, failure: answer.failure });
  }
  ui.update((state) => ({
    ...state,
    ...(shownId === null ? {} : { selectedId: shownId, page: 'project' as const, search: '' }),
    refusals: [...state.refusals.filter(({ folder }) => !folders.includes(folder)), ...refusals],
  }));
}

const projectIds = (state: AppState): ReadonlySet<string> =>
  new Set(state.status === 'ready' ? state.projects.keys() : []);

/** The canonical path may differ from the one that was given: else it is whichever project is new. */
function idOf(state: AppState, folder: string, known: ReadonlySet<string>): string | null {
  if (state.status !== 'ready') return null;
  const { projects } = state.snapshot;
  const wanted = folder.replace(/[/\\]+$/u, '');
  const found = projects.find((project) => project.folder === wanted) ?? projects.find(({ id }) => !known.has(id));
  return found?.id ?? null;
}
