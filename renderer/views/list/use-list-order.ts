import { useState, type FocusEvent } from 'react';
import { useReady } from '../../store/app-context.ts';
import { haveSameItems } from '../../store/use-store.ts';
import { holdOrder, matchesSearch, toListOrder } from '../../words/list-order.ts';

export interface ListOrder {
  readonly ids: readonly string[];
  /** For the list's element: while someone points at it or is in it, nothing moves. */
  readonly holdProps: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: (event: FocusEvent<HTMLElement>) => void;
  };
}

export function useListOrder(search: string): ListOrder {
  const wanted = useReady(
    ({ snapshot }) =>
      toListOrder(search === '' ? snapshot.projects : snapshot.projects.filter((one) => matchesSearch(one, search))),
    haveSameItems,
  );
  const [shown, setShown] = useState(wanted);
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const [shownSearch, setShownSearch] = useState(search);
  // A new search is a new list: there is nothing to keep in place.
  const holds = (isPointed || isFocused) && search === shownSearch;
  const next = holds ? holdOrder(shown, wanted) : wanted;
  if (search !== shownSearch) setShownSearch(search);
  if (!haveSameItems(next, shown)) setShown(next);
  return {
    ids: next,
    holdProps: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: (event) => setFocused(event.currentTarget.contains(event.relatedTarget)),
    },
  };
}
