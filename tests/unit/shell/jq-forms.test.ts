import { expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { jqFilterAt, jqFormNotSimulated } from '../../../src/shell/jq-forms.ts';
import { createSession } from '../../../src/shell/session.ts';

test.each([
  ['del(.spec.ports[] | select(.port == 80))', 'select(... | not)'],
  ['del(.items[].metadata.uid)', 'del'],
  ['del(.a[0], .metadata.name)', 'del(.a) | del(.b)'],
  ['(.spec.ports[] | select(.name == "http")).targetPort = 80', 'assignment'],
  ['(.a, .b) |= 1', 'assignment'],
  ['.a[]?.b = 1', 'assignment'],
  ['.a[0:1] = []', 'assignment'],
  ['.. |= .', 'assignment'],
  ['.noProxy -= ["10.0.0.0/8"]', '-='],
  ['.a |= empty', 'empty'],
  ['path(.a[])', 'paths'],
  ['.a | @sh', '@sh'],
])('%s is refused', (filter, why) => {
  expect(jqFormNotSimulated(filter)).toContain(why);
});

test.each([
  'del(.status) | .spec.ports[0].targetPort = 80',
  'del(.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"])',
  'del(.a | .b[$k][-1])',
  '.spec.ports |= map(select((.port == 80) | not))',
  '.items[] | select(.spec.nodeName == "n" and .spec.hostNetwork) | .metadata.name',
  '.a[].b |= "x" | .c += ["d"] | .n -= 1 | ."e-f"["g"] //= 2',
  'reduce .[] as $x ({}; .[$x.name] = $x.value)',
  '"(a) = \\(.b)" | select((.c | length) >= 3 or .d != (.e))',
  '[path(..)] | length',
])('%s is left to jq', (filter) => {
  expect(jqFormNotSimulated(filter)).toBeNull();
});

test('the filter is found behind options that take values', () => {
  expect(jqFilterAt(['-r', '--arg', 'k', 'del(.a[])', '--indent', '2', '.b', 'file'])).toBe(6);
  expect(jqFilterAt(['-n'])).toBeNull();
});

test('the shell refuses it, and answers the rest', async () => {
  const session = createSession({ cloud: newCloud() });
  const refused = await session.run(`echo '{"a":[1]}' | jq 'del(.a[])'`);
  expect(refused.exitCode).toBe(5);
  expect(refused.stderr).toContain('jq: not simulated in this workbook: del(...) of more than one place');
  expect((await session.run(`echo '{"a":[1]}' | jq -c '.a += [2]'`)).stdout).toBe('{"a":[1,2]}\n');
});
