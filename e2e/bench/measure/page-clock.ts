import type { Page } from 'playwright';

/** Something in a page: an element that matches, and whose attribute (or text, without one) does. */
export interface Sight {
  readonly selector: string;
  readonly attribute?: string;
  /** Source of a regular expression. */
  readonly pattern: string;
  /** The change itself counts, not the frame after it: for what is drawn in the very frame that it is changed in. */
  readonly atChange?: boolean;
}

/** When something is on screen in a page, in milliseconds of the machine's clock, with fractions. */
export interface Watch {
  readonly seenAtMs: () => Promise<number>;
}

/** The machine's clock in this process, comparable with a page's. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Begins to look; each change of the page is looked at in the page itself, and the frame after it counts. */
export async function watchFor(page: Page, sight: Sight): Promise<Watch> {
  const key = `bench-${Math.random().toString(36).slice(2)}`;
  await page.evaluate(
    ({ name, selector, attribute, pattern, atChange }) => {
      const wanted = new RegExp(pattern, 'u');
      const isThere = (): boolean =>
        [...document.querySelectorAll(selector)].some((element) =>
          wanted.test((attribute === undefined ? element.textContent : element.getAttribute(attribute)) ?? ''),
        );
      const seen = new Promise<number>((resolve) => {
        const note = (): void => resolve(performance.timeOrigin + performance.now());
        const look = (): void => {
          if (!isThere()) return;
          observer.disconnect();
          if (atChange === true) note();
          else requestAnimationFrame(note);
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        look();
      });
      Reflect.set(globalThis, name, seen);
    },
    { name: key, ...sight },
  );
  return { seenAtMs: async () => page.evaluate(async (name) => (await Reflect.get(globalThis, name)) as number, key) };
}

/** When the next event of this type reaches the page. */
export async function watchInput(page: Page, type: 'drop' | 'pointerdown' | 'keydown'): Promise<Watch> {
  const key = `bench-${Math.random().toString(36).slice(2)}`;
  await page.evaluate(
    ({ name, event }) => {
      const at = new Promise<number>((resolve) => {
        const note = (): void => resolve(performance.timeOrigin + performance.now());
        document.addEventListener(event, note, { capture: true, once: true });
      });
      Reflect.set(globalThis, name, at);
    },
    { name: key, event: type },
  );
  return { seenAtMs: async () => page.evaluate(async (name) => (await Reflect.get(globalThis, name)) as number, key) };
}
