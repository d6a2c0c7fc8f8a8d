/** @typedef {{ message: string, nextStep: string }} Explanation */

/** Why no window can be shown; null where one can. @param {import('./facts.mjs').DesktopFacts} facts @returns {Explanation | null} */
export function explainDisplay({ platform, display, waylandDisplay }) {
  if (platform !== 'linux' || display !== '' || waylandDisplay !== '') return null;
  return {
    message: 'there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be shown',
    nextStep:
      'run "npm start" inside a desktop session, or use the command line: npm run --silent tazpod -- enter FOLDER',
  };
}

/**
 * Ubuntu 24.04 and newer keep programs outside a package from making user namespaces, which Electron's sandbox needs.
 * @param {import('./facts.mjs').DesktopFacts} facts @returns {Explanation | null}
 */
export function explainSandbox({ platform, restrictsNamespaces, hasSetuidSandbox, isRoot }) {
  if (platform !== 'linux' || !restrictsNamespaces || hasSetuidSandbox || isRoot) return null;
  return {
    message:
      "this system keeps Electron's sandbox from starting outside a package (kernel.apparmor_restrict_unprivileged_userns = 1)",
    nextStep:
      'install the .deb, which brings an AppArmor profile, or allow it until the next start of this machine: ' +
      'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
  };
}
