import { at } from './statistics.ts';

/**
 * Runs the legs of each round one after the other, the first leg of a round changing from round to round, so that what
 * drifts (caches, other load) hits all of them alike. One more round comes first and does not count.
 * @returns for each leg its figures, in the order of the rounds
 */
export async function interleave<Figures>(
  rounds: number,
  legs: readonly (() => Promise<Figures>)[],
): Promise<readonly (readonly Figures[])[]> {
  const results: Figures[][] = legs.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [offset] of legs.entries()) {
      const index = (round + offset) % legs.length;
      const figures = await at(legs, index)();
      if (round > 0) at(results, index).push(figures);
    }
  }
  return results;
}

/** Runs something and tells how long it took, in milliseconds. */
export async function timed<Value>(
  work: () => Promise<Value>,
): Promise<{ readonly ms: number; readonly value: Value }> {
  const began = performance.now();
  const value = await work();
  return { ms: performance.now() - began, value };
}
