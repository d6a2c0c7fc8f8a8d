import { expect, it } from 'vitest';
import { isGraphicsCard } from './gpu.ts';
import { lineCountOf, toPasteText, wantsPasteQuestion } from './paste-text.ts';

it('asks before lines that would run at once, and before many', () => {
  const many = 'a\n'.repeat(6);
  const cases = ['one', 'one\n', 'one\ntwo', 'one\r\ntwo', many].map((text) => [
    wantsPasteQuestion(text, false),
    wantsPasteQuestion(text, true),
  ]);
  expect(cases).toEqual([
    [false, false],
    [false, false],
    [true, false],
    [true, false],
    [true, true],
  ]);
  expect(lineCountOf(many)).toBe(6);
});

it('pastes nothing that could end the bracket around it', () => {
  expect(toPasteText('a\u001B[201~rm\tb\r\nc\u0000\u009B')).toBe('a[201~rm\tb\r\nc');
});

it('takes no processor for a graphics card', () => {
  const software = [
    'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)',
    'llvmpipe (LLVM 15)',
    'Microsoft Basic Render Driver',
    '',
    null,
  ];
  expect(software.filter((name) => isGraphicsCard(name))).toEqual([]);
  expect(isGraphicsCard('ANGLE (Intel, Mesa Intel(R) UHD Graphics 620, OpenGL 4.6)')).toBe(true);
});
