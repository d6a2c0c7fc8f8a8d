import { expect, it } from 'vitest';
import { toProbeError } from './prove.ts';

it('an image without a shell is told apart from a runtime that can run nothing', () => {
  const missing =
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown\r\n';
  expect(toProbeError(missing, 'scratch').failure).toMatchObject({ code: 'image-unsuitable' });
  expect(toProbeError('', 'scratch').failure).toMatchObject({ code: 'image-unsuitable' });
  const broken =
    'OCI runtime exec failed: open /run/user/0/runc-process658682992: no such file or directory: unknown\r\n';
  const { failure } = toProbeError(broken, 'debian');
  expect(failure).toMatchObject({ code: 'engine-failed' });
  expect(failure.message).toContain('open /run/user/0/runc-process658682992');
});
