import { expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';

test('/proc/version names the kernel that uname does', async () => {
  const session = createSession({ cloud: newCloud({}) });
  const release = (await session.run('uname -r')).stdout;
  expect((await session.run('cat /proc/version')).stdout).toBe(`Linux version ${release}`);
});
