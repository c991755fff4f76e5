import { describe, expect, it } from 'vitest';
import { runScenario } from '../../../src/shell/scenario.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { clusterFacts } from '../../../src/ui/comparison/cluster-facts.ts';
import { compareCell } from '../../../src/ui/comparison/compare.ts';
import { INWARD, OUTWARD, PLUGINS } from '../../../src/ui/comparison/plugins.ts';
import { scenarioText } from '../../support/scenario-text.ts';

const clouds = new Map<string, Promise<Cloud>>();

function world(scenario: string): Promise<Cloud> {
  const known = clouds.get(scenario);
  if (known !== undefined) return known;
  const built = (async () => {
    const { session, exitCode, stderr } = await runScenario(scenarioText(scenario));
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    return session.cloud;
  })();
  clouds.set(scenario, built);
  return built;
}

/**
 * Whose address the destination sees, as documented per plugin in the order of PLUGINS: kubenet, Node
 * Subnet, Pod Subnet dynamic and static, Overlay, Overlay on Cilium. Sources: configure-kubenet,
 * concepts-network-legacy-cni, concepts-network-cni-overview, concepts-network-azure-cni-overlay (AKS
 * documentation, April to July 2026), ip-masq-agent-v2 and azure-container-networking for the rest.
 */
const DOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  'pod-on-same-node': ['pod', 'pod', 'pod', 'pod', 'pod', 'pod'],
  'pod-on-other-node': ['pod', 'pod', 'pod', 'pod', 'pod', 'pod'],
  'other-node': ['node', 'pod', 'pod', 'pod', 'node', 'node'],
  'vm-in-the-vnet': ['node', 'pod', 'pod', 'pod', 'node', 'node'],
  'vm-in-a-peered-vnet': ['node', 'node', 'pod', 'pod', 'node', 'node'],
  'on-premises': ['node', 'node', 'pod', 'pod', 'node', 'node'],
  internet: ['public', 'public', 'public', 'public', 'public', 'public'],
  'instance-metadata': ['node', 'node', 'node', 'node', 'node', 'node'],
};

describe.each(PLUGINS.map((plugin, at) => [plugin.name, plugin, at] as const))('%s', (_, plugin, at) => {
  it.each(OUTWARD.map((flow) => [flow.title, flow] as const))(
    'a pod that calls %s is seen as documented',
    async (__, flow) => {
      const cell = compareCell(await world(plugin.scenario), flow);
      expect(cell.disposition).toBe('delivered');
      expect(cell.seen?.whose).toBe(DOCUMENTED[flow.id]?.[at]);
    },
  );

  const flat = ['node-subnet', 'pod-subnet', 'pod-subnet-static'].includes(plugin.id);
  it.each(INWARD.map((flow) => [flow.title, flow] as const))(
    `%s ${flat ? 'reaches' : 'does not reach'} a pod at its address`,
    async (__, flow) => {
      const cell = compareCell(await world(plugin.scenario), flow);
      if (flat) expect(cell).toMatchObject({ disposition: 'delivered', seen: { whose: 'caller' } });
      else expect(['no-route', 'dropped-by-route']).toContain(cell.disposition);
    },
  );
});

describe('the facts about the six clusters', () => {
  it('are the same questions for each, answered from its own cloud', async () => {
    const all = await Promise.all(PLUGINS.map(async ({ scenario }) => clusterFacts(await world(scenario))));
    const of = (id: string): readonly string[] =>
      all.map((facts) => facts.find((each) => each.id === id)?.value ?? 'missing');
    // Two nodes; Node Subnet reserves 29 addresses for each with its 30 pods.
    expect(of('node-subnet')).toEqual(['2', '58', '2', '2', '2', '2']);
    expect(of('pod-subnet')).toEqual(['none', 'none', '32', '64', 'none', 'none']);
    expect(of('max-pods')).toEqual(['110', '30', '250', '31', '250', '250']);
    expect(of('route-table')).toEqual(['yes', 'none', 'none', 'none', 'none', 'none']);
    expect(of('services')).toEqual([...Array<string>(5).fill('kube-proxy'), 'cilium']);
  });
});
