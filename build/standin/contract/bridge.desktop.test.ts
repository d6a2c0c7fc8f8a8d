import { expect, test } from 'vitest';
import { contractTests } from './fixture.ts';

contractTests('contextBridge', ({ startWithPage }) => {
  test('exposes before the page’s first script, and what it exposes is fixed', async () => {
    const { page } = await startWithPage();
    const seen = await page.evaluate(() => {
      const { contract } = globalThis;
      const attempt = (act: () => unknown): string => {
        try {
          act();
          return 'done';
        } catch (error) {
          return (error as Error).name;
        }
      };
      return {
        atStart: (globalThis as unknown as Record<string, unknown>)['atStart'],
        replaced: attempt(() => Object.defineProperty(globalThis, 'contract', { value: 1 })),
        frozen: Object.isFrozen(contract) && Object.isFrozen(contract.nested.list),
        nested: contract.nested,
        custom: { ...contract.custom },
      };
    });
    expect(seen).toMatchObject({
      atStart: { api: 'object', second: 'object' },
      replaced: 'TypeError',
      frozen: true,
      nested: { list: [1, { two: 2 }] },
      custom: { own: 1 },
    });
  });

  test('functions, promises, callbacks and errors cross', async () => {
    const { page } = await startWithPage();
    const crossed = await page.evaluate(async () => {
      const { later, refuse, throws, callBack, echo } = globalThis.contract;
      const reason = (error: unknown): string => (error instanceof Error ? error.message : 'no error');
      let thrown = '';
      try {
        throws();
      } catch (error) {
        thrown = reason(error);
      }
      const back = echo({ list: [new Date(3), new Map([[1, 2]])], call: (value: number) => value * 3 }) as {
        readonly list: [Date, Map<number, number>];
        readonly call: (value: number) => number;
      };
      return {
        later: await later({ a: [1] }),
        refused: await refuse().catch(reason),
        thrown,
        called: callBack((value) => value * 2),
        date: back.list[0].getTime(),
        map: back.list[1].get(1),
        backAgain: back.call(4),
      };
    });
    expect(crossed).toEqual({
      later: { a: [1] },
      refused: expect.stringContaining('refused'),
      thrown: expect.stringContaining('thrown'),
      called: 41,
      date: 3,
      map: 2,
      backAgain: 12,
    });
  });

  test('bytes arrive as bytes', async () => {
    const { page } = await startWithPage();
    const checked = await page.evaluate(() => {
      const bytes = new Uint8Array(1024 * 1024);
      bytes[12345] = 77;
      return globalThis.contract.checkBytes(bytes);
    });
    expect(checked).toEqual([true, 1024 * 1024, 77]);
  });

  test('the page reaches neither Electron nor Node, and the preload only what a sandboxed one may', async () => {
    const { page } = await startWithPage();
    const reach = await page.evaluate(() => ({
      globals: ['require', 'process', 'module', 'ipcRenderer', 'contextBridge', 'Buffer', 'electron'].filter(
        (name) => name in globalThis,
      ),
      // What crossed is made of the page's own objects, so none leads to the preload's world.
      isOwn:
        Object.getPrototypeOf(globalThis.contract.echo) === Function.prototype &&
        Object.getPrototypeOf(globalThis.contract.nested) === Object.prototype,
      throughFunction: Reflect.construct(globalThis.contract.echo.constructor as FunctionConstructor, [
        'return typeof process + typeof require',
      ]).call(null) as unknown,
      sees: globalThis.contract.sees,
    }));
    expect(reach).toMatchObject({ globals: [], isOwn: true, throughFunction: 'undefinedundefined' });
    expect(reach.sees.platform).toBe(process.platform);
    expect(reach.sees.moduleError).toContain('module not found');
  });
});
