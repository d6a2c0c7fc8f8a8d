/** Closes a union: does not compile while a case is missing; throws where the impossible arrives at run time. */
export function assertNever(value: never): never {
  throw new Error(`No case for ${JSON.stringify(value)}`);
}
