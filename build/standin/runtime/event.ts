/** What Electron hands to listeners that may forbid what comes next. */
export interface CancellableEvent {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

export function createEvent<Details extends object>(details: Details): CancellableEvent & Details {
  let prevented = false;
  return Object.defineProperty(
    {
      ...details,
      preventDefault: () => {
        prevented = true;
      },
    },
    'defaultPrevented',
    { enumerable: true, get: () => prevented },
  ) as CancellableEvent & Details;
}
