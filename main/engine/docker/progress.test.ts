import http from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readProgress, type ProgressLine } from './json-lines.ts';
import { createPullProgress } from './pull-progress.ts';

async function read(...chunks: (string | Buffer)[]): Promise<{ failed: string | null; lines: ProgressLine[] }> {
  const lines: ProgressLine[] = [];
  const failed = await readProgress(Readable.from(chunks, { objectMode: false }), (line) => lines.push(line));
  return { failed, lines };
}

describe('a progress stream', () => {
  const line = '{"status":"Downloading","id":"aa","progressDetail":{"current":1,"total":5}}';

  it('is read line by line, however it is cut', async () => {
    const whole = Buffer.from(`${line}\r\n{"stream":"Step 1 : ü"}\n`);
    const expected = [
      { status: 'Downloading', id: 'aa', progressDetail: { current: 1, total: 5 } },
      { stream: 'Step 1 : ü' },
    ];
    expect(await read(whole)).toEqual({ failed: null, lines: expected });
    const bytes = [...whole].map((byte) => Buffer.of(byte));
    expect(await read(...bytes)).toEqual({ failed: null, lines: expected });
  });

  it('gives the engine’s error, and goes on to its end', async () => {
    const text = '{"errorDetail":{"message":"no space left"},"error":"no space left"}\n{"status":"after"}\n';
    expect(await read(text)).toMatchObject({ failed: 'no space left', lines: [{}, { status: 'after' }] });
  });

  it('takes what is no such line for none', async () => {
    const { failed, lines } = await read('garbage\n\nnull\n{"status":5}\n{"aux":{"ID":"sha256:1"}}\n');
    expect({ failed, lines }).toEqual({ failed: null, lines: [{}] });
  });

  it('that breaks off is an error, never a good end', async () => {
    const server = http.createServer((_request, response) => {
      response.writeHead(200);
      response.write(`${line}\n`);
      setTimeout(() => response.socket?.destroy(), 10);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const response = await new Promise<http.IncomingMessage>((resolve) =>
      http.get({ host: '127.0.0.1', port, agent: false }, resolve),
    );
    await expect(readProgress(response, () => undefined)).rejects.toThrow();
    server.close();
  });
});

describe('the progress of a pull', () => {
  const run = (...lines: ProgressLine[]) => {
    const next = createPullProgress();
    return lines.map((line) => next(line));
  };
  const of = (id: string, status: string, current?: number, total?: number): ProgressLine => ({
    id,
    status,
    progressDetail: current === undefined || total === undefined ? {} : { current, total },
  });

  it('sums the layers, with a total once all are known', () => {
    expect(
      run(
        of('latest', 'Pulling from library/alpine'),
        of('a', 'Pulling fs layer'),
        of('b', 'Pulling fs layer'),
        of('a', 'Downloading', 10, 100),
        of('b', 'Downloading', 5, 50),
        of('b', 'Verifying Checksum'),
        of('b', 'Download complete'),
        of('b', 'Extracting', 1, 50),
        of('b', 'Pull complete'),
        of('a', 'Downloading', 100, 100),
        of('a', 'Pull complete'),
        { status: 'Digest: sha256:1' },
      ).map((one) => one && [one.doneBytes, one.totalBytes, one.detail]),
    ).toEqual([
      null,
      [0, null, '0 of 1 layers'],
      [0, null, '0 of 2 layers'],
      [10, null, '0 of 2 layers'],
      [15, 150, '0 of 2 layers'],
      null,
      [60, 150, '0 of 2 layers'],
      [60, 150, '0 of 2 layers'],
      [60, 150, '1 of 2 layers'],
      [150, 150, '1 of 2 layers'],
      [150, 150, '2 of 2 layers'],
      null,
    ]);
  });

  it('counts a layer that is there already as whole, without bytes', () => {
    expect(run(of('a', 'Already exists'), of('b', 'Downloading', 3, 9)).at(-1)).toEqual({
      doneBytes: 3,
      totalBytes: 9,
      detail: '1 of 2 layers',
    });
  });

  it('counts a complete layer as whole, though its last bytes were not told', () => {
    expect(run(of('a', 'Downloading', 10, 100), of('a', 'Pull complete')).at(-1)?.doneBytes).toBe(100);
  });

  it('starts a layer anew that is fetched again', () => {
    expect(run(of('a', 'Downloading', 90, 100), of('a', 'Downloading', 1, 100)).at(-1)?.doneBytes).toBe(1);
  });
});
