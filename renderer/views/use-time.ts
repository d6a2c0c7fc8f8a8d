import { useEffect, useState } from 'react';

/** Now, in milliseconds, renewed at an interval; every minute where only ages are shown. */
export function useNow(everyMs = 30_000): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

/** Below this, in milliseconds, what comes and goes is not shown: it would only flash. */
export const flashMs = 300;

/** True once `active` has lasted. */
export function useLasting(active: boolean, delayMs = flashMs): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(() => setLasting(true), delayMs);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [active, delayMs]);
  return active && lasting;
}

/** The page may be busy no longer than this before what waits for a quiet moment comes all the same, in milliseconds. */
const quietPatienceMs = 200;

/** False while the first frames are drawn and answered, true for good from the first quiet moment on. */
export function useIdleOnce(): boolean {
  const [isIdle, setIsIdle] = useState(false);
  useEffect(() => {
    const handle = requestIdleCallback(() => setIsIdle(true), { timeout: quietPatienceMs });
    return () => cancelIdleCallback(handle);
  }, []);
  return isIdle;
}

/** Whether a media query holds, kept in step. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = (): void => setMatches(list.matches);
    follow();
    list.addEventListener('change', follow);
    return () => list.removeEventListener('change', follow);
  }, [query]);
  return matches;
}

/** Windows narrower than this show the list as a rail of states. */
export const useNarrow = (): boolean => useMedia('(max-width: 719px)');
