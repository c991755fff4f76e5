import { expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession } from '../../../src/shell/session.ts';

async function ran(script: string): Promise<{ readonly stdout: string; readonly exitCode: number }> {
  const session = createSession({ cloud: newCloud({}) });
  const { stdout, exitCode } = await session.runScript('try.sh', script);
  return { stdout, exitCode };
}

test.each([
  ['an assignment after a test that failed', 'set -e\n[ a = b ] && echo no\nF=1\necho "ok $F"'],
  ['an assignment as the way out of a test', 'set -e\n[ a = b ] || F=1\necho "ok $F"'],
  ['several assignments', 'set -e\n[ a = b ] && echo no\nE=0 F=1\necho "ok $F"'],
  ['an array element', 'set -e\n[ a = b ] && echo no\nF[2]=1\necho "ok ${F[2]}"'],
  ['in a function', 'set -e\nf() { [ a = b ] && echo no\nF=1; }\nf\necho "ok $F"'],
  ['in a loop', 'set -e\nfor X in a b; do [ $X = z ] && continue\nF=1; done\necho "ok $F"'],
  ['the status is that of the assignment', 'false\nF=1\n[ $? = 0 ] && echo "ok $F"'],
  ['the value sees the status before it', 'false\nF=$?\necho "ok $F"'],
])('%s succeeds', async (_, script) => {
  expect(await ran(script)).toEqual({ stdout: 'ok 1\n', exitCode: 0 });
});

test.each([
  ['a command substitution keeps its status', 'F=$(false)\necho $?', '1\n'],
  ['and ends a script under set -e', 'set -e\nF=$(false)\necho no', ''],
  ['an assignment before a command is for that command alone', 'F=1 true\necho "[$F]"', '[]\n'],
])('%s', async (_, script, stdout) => {
  expect((await ran(script)).stdout).toBe(stdout);
});
