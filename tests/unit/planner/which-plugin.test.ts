import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PLUGIN_SUPPORT } from '../../../src/model/limits/network-plugins.ts';
import type { PluginFeature, PluginOption } from '../../../src/model/limits/network-plugins.ts';
import { runCalc } from '../../../src/planner/command-line.ts';
import { moveBetween, PLUGIN_OPTIONS } from '../../../src/planner/plugin-migration.ts';
import { choosePlugin } from '../../../src/planner/which-plugin.ts';
import type { PluginNeeds } from '../../../src/planner/which-plugin.ts';

const choose = (needs: Partial<PluginNeeds>) =>
  choosePlugin({
    features: [],
    policy: null,
    nodes: null,
    pods: null,
    maxPods: null,
    surge: { kind: 'percent', percent: 10 },
    spaceLength: null,
    existing: null,
    inPlace: 'not-required',
    until: null,
    ...needs,
  });

const remaining = (needs: Partial<PluginNeeds>) =>
  choose(needs)
    .ranking.filter((each) => each.standing !== 'ruled-out')
    .map((each) => each.option);
const best = (needs: Partial<PluginNeeds>) => remaining(needs)[0] ?? null;

describe('the best plugin', () => {
  test.each<[string, Partial<PluginNeeds>, PluginOption | null]>([
    ['for a cluster that asks for nothing', {}, 'overlay'],
    ['for network policies', { policy: 'any' }, 'overlay-cilium'],
    ['for pods reached by their address', { features: ['pods-reachable'] }, 'pod-subnet-dynamic'],
    ['for firewalls that tell pods apart', { features: ['pod-source'] }, 'pod-subnet-dynamic'],
    ['for Windows nodes', { features: ['windows'] }, 'overlay'],
    [
      'for Windows nodes with reachable pods',
      { features: ['windows', 'pods-reachable'] },
      'pod-subnet-dynamic',
    ],
    ['for virtual nodes', { features: ['virtual-nodes'] }, 'pod-subnet-dynamic'],
    ['for IPv6', { features: ['dual-stack'] }, 'overlay'],
    ['for rules of their own for pods', { features: ['pod-rules'] }, 'pod-subnet-dynamic'],
    [
      'for node auto-provisioning with reachable pods',
      { features: ['node-auto-provisioning', 'pods-reachable'] },
      'node-subnet',
    ],
    [
      'for 60,000 reachable pods, more than dynamic allocation is advised for',
      { features: ['pods-reachable'], nodes: 600, pods: 60_000 },
      'pod-subnet-static',
    ],
    ['for a kubenet cluster that has to stay', { existing: 'kubenet', inPlace: 'required' }, 'overlay'],
    [
      'for a Pod Subnet cluster that has to stay',
      { existing: 'pod-subnet-dynamic', inPlace: 'required' },
      'pod-subnet-dynamic',
    ],
    ['for Windows and Cilium', { features: ['windows'], policy: 'cilium' }, null],
    ['for IPv6 and reachable pods', { features: ['dual-stack', 'pods-reachable'] }, 'pod-subnet-static'],
    ['for more nodes than AKS has', { nodes: 5_001 }, null],
  ])('%s', (_, needs, expected) => {
    expect(best(needs)).toBe(expected);
  });
});

describe('what rules a plugin out', () => {
  const reasonsAgainst = (needs: Partial<PluginNeeds>, option: PluginOption) =>
    choose(needs)
      .ranking.find((each) => each.option === option)
      ?.reasons.filter((each) => each.effect === 'rules-out')
      .map((each) => each.text)
      .join(' ') ?? '';

  test.each<[string, Partial<PluginNeeds>, PluginOption, string]>([
    ['401 nodes', { nodes: 401 }, 'kubenet', '400'],
    ['its end', { until: '2028-03-31' }, 'kubenet', '2028-03-31'],
    [
      'too little space, summed',
      { nodes: 50, maxPods: 30, spaceLength: 24 },
      'node-subnet',
      '1,705 addresses',
    ],
    ['more addresses than a VNet has', { nodes: 400, maxPods: 250 }, 'node-subnet', '65,536'],
    [
      'the end of Azure Network Policy Manager',
      { policy: 'azure', until: '2029-01-01' },
      'overlay',
      '2028-09-30',
    ],
    [
      'its earlier end on Windows',
      { policy: 'azure', until: '2027-01-01', features: ['windows'] },
      'overlay',
      '2026-09-30',
    ],
    ['a cluster too large for it', { policy: 'azure', nodes: 251 }, 'overlay', '250 nodes'],
    [
      'no new clusters for it on Windows',
      { policy: 'azure', features: ['windows'] },
      'overlay',
      'no new clusters',
    ],
    ['IPv6 with Calico', { policy: 'calico', features: ['dual-stack'] }, 'overlay', 'neither'],
    ['more pods than its nodes run', { nodes: 2, pods: 1_000, maxPods: 250 }, 'overlay', '1,000 are wanted'],
  ])('%s', (_, needs, option, why) => {
    expect(reasonsAgainst(needs, option)).toContain(why);
  });

  test('kubenet is not ruled out the day before its end', () => {
    expect(reasonsAgainst({ until: '2028-03-30' }, 'kubenet')).toBe('');
  });
});

describe('contradictions', () => {
  test.each<[string, Partial<PluginNeeds>, readonly (readonly string[])[]]>([
    ['Windows and Cilium', { features: ['windows'], policy: 'cilium' }, [['policy-cilium', 'windows']]],
    [
      'two of them, each named',
      {
        features: ['windows', 'virtual-nodes', 'static-egress-gateway'],
        policy: 'cilium',
        existing: 'overlay',
        inPlace: 'required',
      },
      [
        ['policy-cilium', 'windows'],
        ['existing', 'in-place', 'virtual-nodes'],
      ],
    ],
    ['none while a plugin remains', { features: ['windows', 'virtual-nodes'] }, []],
  ])('%s', (_, needs, expected) => {
    const found = choose(needs).contradictions.map((each) => [...each.requirements].sort());
    for (const each of expected) expect(found).toContainEqual([...each]);
    if (expected.length === 0) expect(found).toEqual([]);
  });

  test('each says what remains without one of its wishes', () => {
    const { without } = choose({ features: ['windows'], policy: 'cilium' });
    expect(without).toContainEqual({ requirement: 'windows', best: 'overlay-cilium' });
    expect(without).toContainEqual({ requirement: 'policy-cilium', best: 'overlay' });
  });

  test('are found exactly where no plugin remains, and none of their wishes can be left out', () => {
    const features = fc.subarray(Object.keys(PLUGIN_SUPPORT) as PluginFeature[], { maxLength: 6 });
    fc.assert(
      fc.property(features, (chosen) => {
        const switches = chosen.filter((each) => !each.startsWith('policy-'));
        const { contradictions } = choose({ features: switches });
        expect(contradictions.length > 0).toBe(remaining({ features: switches }).length === 0);
        for (const { requirements } of contradictions) {
          const of = requirements.filter((each) => switches.some((one) => one === each)) as PluginFeature[];
          expect(remaining({ features: of })).toEqual([]);
          for (const dropped of of) {
            expect(remaining({ features: of.filter((each) => each !== dropped) })).not.toEqual([]);
          }
        }
      }),
    );
  });
});

describe('moves of a running cluster', () => {
  test.each<[PluginOption, PluginOption, string]>([
    ['kubenet', 'overlay', 'in-place'],
    ['kubenet', 'overlay-cilium', 'in-place'],
    ['node-subnet', 'overlay', 'in-place'],
    ['node-subnet', 'node-subnet-cilium', 'in-place'],
    ['node-subnet-cilium', 'overlay-cilium', 'in-place'],
    ['pod-subnet-dynamic', 'pod-subnet-dynamic-cilium', 'in-place'],
    ['pod-subnet-dynamic', 'pod-subnet-static', 'new-pools'],
    ['pod-subnet-dynamic', 'overlay', 'new-cluster'],
    ['pod-subnet-static', 'overlay', 'new-cluster'],
    ['overlay', 'node-subnet', 'new-cluster'],
    ['overlay', 'kubenet', 'new-cluster'],
    ['overlay-cilium', 'overlay', 'unknown'],
    ['kubenet', 'node-subnet', 'new-cluster'],
  ])('%s to %s: %s', (from, to, kind) => {
    expect(moveBetween(from, to).kind).toBe(kind);
  });

  test('every plugin stays what it is', () => {
    for (const option of PLUGIN_OPTIONS) expect(moveBetween(option, option).kind).toBe('stays');
  });
});

describe('in the terminal', () => {
  const calc = (line: string) => runCalc(['which-plugin', ...line.split(' ')]);

  test.each([
    ['a wish alone', '--windows', 0],
    ['a wish with yes', '--windows yes', 0],
    ['a wish with an equals sign', '--windows=true', 0],
    ['a wish taken back', '--windows no --policy cilium', 0],
    ['other words', '--nap --network-policy cilium --node-count 20 --vnet 10.0.0.0/20', 0],
    ['a year alone', '--until 2027', 0],
    ['a contradiction', '--windows --policy cilium', 1],
    ['an engine that does not exist', '--policy istio', 2],
    ['a date that does not exist', '--until 2027-02-30', 2],
    ['a space without a number of nodes', '--space /24', 2],
    ['no new cluster without an old one', '--in-place', 2],
    ['neither yes nor no', '--windows perhaps', 2],
    ['a plugin that does not exist', '--existing flannel', 2],
  ])('%s', (_, line, code) => {
    expect(calc(line).exitCode).toBe(code);
  });

  test('JSON has every plugin with its reasons and sources', () => {
    const answer: unknown = JSON.parse(calc('--pods-reachable --nodes 50 --max-pods 30 --json').stdout);
    expect(answer).toMatchObject({
      best: 'pod-subnet-dynamic',
      ranking: { length: 9 },
      contradictions: [],
    });
    expect(JSON.stringify(answer)).toContain('https://learn.microsoft.com');
  });
});
