import { expect, test } from 'vitest';
import { toDockerfileImages } from './dockerfile-images.ts';

test.each<[string, readonly string[]]>([
  ['FROM debian:12\nRUN x\n', ['debian:12']],
  [
    'from --platform=linux/amd64 r.example:5000/a/b@sha256:00 as Base\nFROM base\nCOPY --from=BASE /x /x',
    ['r.example:5000/a/b@sha256:00'],
  ],
  [
    'ARG REG=r.example\nARG TAG="1"\nFROM ${REG}/a:$TAG\nFROM $NONE/b\nFROM ${OTHER:-c.example/d}\n',
    ['r.example/a:1', 'c.example/d'],
  ],
  [
    '# FROM not/this\nFROM \\\n  # nor:this\n  a/b \\\n AS x\nFROM scratch\nCOPY --chown=1 --from=o.example/tools:2 /a /b\nCOPY --from=0 /c /d',
    ['a/b', 'o.example/tools:2'],
  ],
  ['# escape=`\nFROM `\n  a/b\nRUN dir C:\\\nFROM c/d\n', ['a/b', 'c/d']],
  ['FROM a\nARG X=r.example\nFROM $X/b\n', ['a']],
  ['', []],
])('%j', (text, images) => {
  expect(toDockerfileImages(text)).toEqual(images);
});
