import { describe, expect, test } from 'vitest';
import { choiceNamed } from '../../../src/planner/choice.ts';
import { runCalc } from '../../../src/planner/command-line.ts';
import { CALCULATORS } from '../../../src/planner/registry.ts';
import { draftFromAddress } from '../../../src/ui/calc/url-state.ts';

const flags = CALCULATORS.flatMap((calculator) =>
  calculator.flags.flatMap((flag) => (flag.choices === undefined ? [] : [{ calculator, flag }])),
);

test.each(flags.map((each) => [`${each.calculator.name} --${each.flag.name}`, each.flag] as const))(
  'every word of %s stands for one of its choices',
  (_, flag) => {
    const values = flag.choices?.map(({ value }) => value);
    for (const [word, value] of Object.entries(flag.words ?? {})) {
      expect(values).toContain(value);
      expect(choiceNamed(flag, word)).toBe(value);
    }
    expect(choiceNamed(flag, 'no-such-thing')).toBeNull();
  },
);

describe('the same word in the terminal and in the address of the page', () => {
  test.each([
    ['ip-plan', 'ipam', 'azure', 'node-subnet', '--nodes 3'],
    ['ip-plan', 'ipam', 'NodeSubnet', 'node-subnet', '--nodes 3'],
    ['ip-plan', 'ipam', 'node_subnet', 'node-subnet', '--nodes 3'],
    ['ip-plan', 'ipam', 'azurecni', 'node-subnet', '--nodes 3'],
    ['ip-plan', 'ipam', 'overlay-cilium', 'overlay', '--nodes 3'],
    ['ip-plan', 'network-plugin', 'kubenet', 'kubenet', '--nodes 3'],
    ['pod-subnet', 'mode', 'StaticBlock', 'static', ''],
    ['pod-subnet', 'pod-ip-allocation-mode', 'DynamicIndividual', 'dynamic', ''],
    ['which-plugin', 'windows', 'true', 'yes', ''],
    ['which-plugin', 'policy', 'npm', 'azure', ''],
    ['which-plugin', 'existing', 'azure', 'node-subnet', ''],
  ])('calc %s --%s %s ticks %s', (name, flag, word, value, rest) => {
    const calculator = CALCULATORS.find((each) => each.name === name);
    if (calculator === undefined) throw new Error(name);
    expect(Object.values(draftFromAddress(calculator, `?${flag}=${word}`) ?? {})).toEqual([value]);
    const answer = (given: string) =>
      runCalc([name, ...rest.split(' ').filter(Boolean), `--${flag}`, given, '--json']);
    expect(answer(word)).toEqual(answer(value));
    expect(answer(word).stderr).toBe('');
  });

  test('several, and one that is none, stay in their order', () => {
    const calculator = CALCULATORS.find((each) => each.name === 'ip-plan');
    if (calculator === undefined) throw new Error('ip-plan');
    expect(draftFromAddress(calculator, '?ipam=azure,flannel+overlay')).toEqual({
      ipam: 'node-subnet,flannel,overlay',
    });
  });
});
