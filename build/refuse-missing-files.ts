import type { Plugin } from 'vite';

/** Vite's words for a file that a style sheet or a `new URL` names and that isn't there, as a package's font that was never installed. */
const leftMissing = /(?:didn't resolve|doesn't exist) at build time/u;

/**
 * Fails a build whose files name others that are missing: Vite only warns, and such a build would count as current
 * after the package has come.
 */
export function refuseMissingFiles(): Plugin {
  const missing = new Set<string>();
  return {
    name: 'refuse-missing-files',
    apply: 'build',
    configResolved: ({ logger }) => {
      for (const level of ['warn', 'warnOnce'] as const) {
        const say = logger[level].bind(logger);
        logger[level] = (message, options) => {
          if (leftMissing.test(message)) missing.add(message.trim());
          say(message, options);
        };
      }
    },
    buildEnd() {
      if (missing.size > 0) this.error([...missing].join('\n'));
    },
  };
}
