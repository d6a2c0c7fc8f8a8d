import { useRef, useSyncExternalStore } from 'react';
import type { ExternalStore } from './external-store.ts';

/** Renders again only when the selected part differs, so that one project's change redraws one row. */
export function useStore<State, Part>(
  store: ExternalStore<State>,
  select: (state: State) => Part,
  isEqual: (left: Part, right: Part) => boolean = Object.is,
): Part {
  const last = useRef<{ readonly part: Part } | null>(null);
  return useSyncExternalStore(store.subscribe, () => {
    const part = select(store.get());
    if (last.current === null || !isEqual(last.current.part, part)) last.current = { part };
    return last.current.part;
  });
}

export function haveSameItems<Item>(left: readonly Item[], right: readonly Item[]): boolean {
  return left.length === right.length && left.every((item, index) => Object.is(item, right[index]));
}
