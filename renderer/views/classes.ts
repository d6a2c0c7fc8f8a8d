/** Binds a CSS module, so that classes are named as text and a condition leaves one out. */
export function bindClasses(
  module: Readonly<Record<string, string>>,
): (...names: readonly (string | false | null | undefined)[]) => string {
  return (...names) =>
    names
      .filter((name): name is string => typeof name === 'string' && name !== '')
      .map((name) => module[name] ?? name)
      .join(' ');
}
