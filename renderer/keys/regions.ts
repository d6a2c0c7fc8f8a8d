/** What takes the focus of a region, the first that is there. */
const wanted = [
  '[data-active-pane] .xterm-helper-textarea',
  '.xterm-helper-textarea',
  '[role="option"][tabindex="0"]',
  'button:not([disabled])',
  '[tabindex="0"]',
  'input',
] as const;

/** Moves the focus to the next part of the window: list, project, terminal, status bar. */
export function moveRegion(backward: boolean): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(isShown);
  if (regions.length === 0) return;
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const step = backward ? -1 : 1;
  const next = at === -1 ? 0 : (at + step + regions.length) % regions.length;
  const region = regions[next];
  if (region === undefined) return;
  focusInside(region);
}

/** Gives the focus to the part of an element that takes it first; to itself where none does. */
export function focusInside(element: HTMLElement): void {
  const region = element.closest('[data-region]');
  const inner = wanted
    .map((selector) => element.querySelector<HTMLElement>(selector))
    .find((one) => one !== null && one.closest('[data-region]') === region);
  (inner ?? element).focus();
}

const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0;
