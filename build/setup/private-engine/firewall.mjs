import { findProgram } from '../engine-facts.mjs';
import { run } from '../run.mjs';

/**
 * The rules of one table that name one of the interfaces, as arguments that delete them.
 * @param {string} listed what `iptables -S` printed @param {readonly string[]} interfaces
 * @returns {string[][]}
 */
export function toDeletions(listed, interfaces) {
  const rules = listed.split('\n').filter((rule) => rule.startsWith('-A '));
  return rules
    .map((rule) => rule.trim().replace('-A', '-D').split(' '))
    .filter(([, , ...words]) => words.some((word) => interfaces.includes(word)));
}

/**
 * Removes the packet filter rules of interfaces that are gone; dockerd leaves them behind.
 * @param {readonly string[]} interfaces
 */
export async function removeRules(interfaces) {
  const iptables = findProgram('iptables');
  if (iptables === undefined || interfaces.length === 0) return;
  for (const table of ['nat', 'filter']) {
    const { stdout } = await run(iptables, ['-w', '-t', table, '-S'], { quiet: true });
    for (const deletion of toDeletions(stdout, interfaces))
      await run(iptables, ['-w', '-t', table, ...deletion], { quiet: true });
  }
}
