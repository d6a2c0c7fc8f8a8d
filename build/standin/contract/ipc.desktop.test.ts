import { expect, test } from 'vitest';
import { contractTests, eventsOf } from './fixture.ts';

contractTests('ipc', ({ startWithPage }) => {
  test('invoke carries what structured clone carries, both ways', async () => {
    const { page } = await startWithPage();
    const kinds = await page.evaluate(async () => {
      const loop: Record<string, unknown> = { name: 'loop' };
      loop['self'] = loop;
      const value = {
        nothing: null,
        missing: undefined,
        number: -0,
        notANumber: Number.NaN,
        big: 12n,
        date: new Date(5),
        map: new Map([['a', { b: [1] }]]),
        set: new Set([1, 2]),
        pattern: /a+/gi,
        bytes: new Uint8Array([1, 2, 3]),
        floats: new Float64Array([1.5, -2]),
        buffer: new Uint8Array([9]).buffer,
        error: new RangeError('out'),
        loop,
        'a "key"': '“text”\u0000\u2028',
      };
      const back = (await globalThis.contract.invoke('echo', value)) as typeof value;
      return {
        hasMissing: 'missing' in back && back.missing === undefined && back.nothing === null,
        numbers: Object.is(back.number, -0) && Number.isNaN(back.notANumber) && back.big === 12n,
        date: back.date.getTime(),
        map: JSON.stringify([...back.map]),
        set: [...back.set],
        pattern: String(back.pattern),
        bytes: [...back.bytes],
        floats: back.floats instanceof Float64Array && [...back.floats],
        buffer: back.buffer instanceof ArrayBuffer && back.buffer.byteLength,
        error: back.error instanceof Error && back.error.message,
        loop: back.loop['self'] === back.loop,
        text: back['a "key"'],
      };
    });
    expect(kinds).toEqual({
      hasMissing: true,
      numbers: true,
      date: 5,
      map: '[["a",{"b":[1]}]]',
      set: [1, 2],
      pattern: '/a+/gi',
      bytes: [1, 2, 3],
      floats: [1.5, -2],
      buffer: 1,
      error: 'out',
      loop: true,
      text: '“text”\u0000\u2028',
    });
  });

  test('1 MiB of bytes comes back as it went', async () => {
    const { page } = await startWithPage();
    const same = await page.evaluate(async () => {
      const bytes = new Uint8Array(1024 * 1024);
      for (let index = 0; index < bytes.length; index += 1) bytes[index] = (index * 31) & 255;
      const back = (await globalThis.contract.invoke('echo', bytes)) as Uint8Array;
      return (
        back instanceof Uint8Array && back.length === bytes.length && back.every((value, at) => value === bytes[at])
      );
    });
    expect(same).toBe(true);
  });

  test('a handler’s error, a missing handler and what can’t be cloned reject', async () => {
    const { page } = await startWithPage();
    const messages = await page.evaluate(async () => {
      const reason = async (promise: Promise<unknown>): Promise<string> =>
        promise.then(
          () => 'resolved',
          (error: unknown) => (error instanceof Error ? error.message : 'no error'),
        );
      const { invoke } = globalThis.contract;
      return [await reason(invoke('fail')), await reason(invoke('nobody')), await reason(invoke('uncloneable'))];
    });
    expect(messages).toEqual([
      "Error invoking remote method 'fail': TypeError: nope",
      "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
      expect.stringContaining('could not be cloned'),
    ]);
    const uncloneable = page.evaluate(async () => globalThis.contract.invoke('echo', () => 1));
    await expect(uncloneable).rejects.toThrow('could not be cloned');
  });

  test('the sender’s frame is the top one, at the app’s own address', async () => {
    const { app, page } = await startWithPage();
    await page.evaluate(async () => globalThis.contract.invoke('echo', 1));
    const [sender] = await app.evaluate(() => globalThis.contract.senders);
    expect(sender).toMatchObject({ url: 'contract://app/page.html', isTop: true });
    const [id] = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => one.webContents.id),
    );
    expect(sender?.id).toBe(id);
  });

  test('messages go both ways in order, to listeners until they are removed', async () => {
    const { app, page } = await startWithPage();
    const heard = await page.evaluate(async () => {
      const { on, once, post } = globalThis.contract;
      const all: unknown[] = [];
      const first: unknown[] = [];
      once((value) => first.push(value));
      await new Promise<void>((resolve) => {
        const stop = on((value) => {
          all.push(value);
          if (all.length < 100) return;
          stop();
          resolve();
        });
        for (let index = 0; index < 100; index += 1) post(index);
      });
      post('unheard');
      await globalThis.contract.invoke('echo', 'after');
      return { all, first };
    });
    expect(heard.all).toEqual(Array.from({ length: 100 }, (_none, index) => index));
    expect(heard.first).toEqual([0]);
    expect((await eventsOf(app)).at(-1)).toBe('post unheard');
  });
});
