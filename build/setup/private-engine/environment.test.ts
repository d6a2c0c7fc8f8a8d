import { expect, it } from 'vitest';
import { daemonEnvironment } from './environment.mjs';

it('the daemon gets no folder that ends with the session, and all else', () => {
  const { PATH, ...rest } = daemonEnvironment({
    HOME: '/root',
    HTTPS_PROXY: 'http://proxy:3128',
    PATH: '/usr/bin',
    TMPDIR: '/tmp/session',
    XDG_RUNTIME_DIR: '/run/user/0',
  });
  expect(rest).toEqual({ HOME: '/root', HTTPS_PROXY: 'http://proxy:3128' });
  expect(PATH?.split(':')).toContain('/usr/sbin');
});
