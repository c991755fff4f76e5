/** Inputs of the SNAT port calculator. */
import {
  ALLOCATED_OUTBOUND_PORTS,
  DEFAULT_MAX_SURGE,
  MANAGED_OUTBOUND_ADDRESSES,
  NODES_PER_POOL,
} from '../../model/limits/aks.ts';
import { LOAD_BALANCER_PORT_HOLD } from '../../model/limits/snat.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { withFallbacks } from '../fallback-values.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { readPerPool, readPools } from '../pool-input.ts';
import type { SnatInput } from '../snat-ports.ts';

export const SNAT_PORTS_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'nodes',
    aliases: ['node-count', 'node', 'n'],
    takes: 'many',
    placeholder: 'N[,N...]',
    label: 'Nodes',
    help: 'Nodes of the cluster; one number per node pool if there are several, as in 3,10 or system=3 user=10 (each pool surges by itself).',
    required: true,
  },
  {
    name: 'max-count',
    aliases: ['max-nodes', 'autoscaler-max', 'max-node-count', 'autoscale-max'],
    takes: 'many',
    placeholder: 'N[,N...]',
    label: "Autoscaler's maximum",
    help: 'The most nodes the cluster autoscaler may run, one number per pool. AKS counts these.',
  },
  {
    name: 'surge',
    aliases: ['max-surge', 'surge-nodes', 'upgrade-surge'],
    takes: 'many',
    placeholder: 'N|N%',
    label: 'Surge',
    help: 'Extra nodes of a pool while it is upgraded: one value for all pools, or one for each. A percentage rounds up. Never more than the pool has.',
    fallback: DEFAULT_MAX_SURGE.value,
  },
  {
    name: 'outbound-ips',
    aliases: [
      'outbound-addresses',
      'managed-outbound-ip-count',
      'load-balancer-managed-outbound-ip-count',
      'ips',
      'addresses',
    ],
    takes: 'one',
    placeholder: 'N',
    label: 'Outbound addresses',
    help: 'Public addresses of the outbound rule, those of prefixes included: a /28 has 16.',
    fallback: '1',
  },
  {
    name: 'ports',
    aliases: [
      'outbound-ports',
      'load-balancer-outbound-ports',
      'allocated-outbound-ports',
      'ports-per-node',
      'allocated-ports',
    ],
    takes: 'one',
    placeholder: 'N',
    label: 'Ports of each node',
    help: 'Allocated outbound ports, a multiple of 8; 0 lets Azure share them out by the number of nodes.',
    fallback: '0',
  },
  {
    name: 'connections',
    aliases: ['connections-per-node', 'wanted', 'want', 'flows', 'concurrent'],
    takes: 'one',
    placeholder: 'N',
    label: 'Connections of a node to one destination',
    help: `How many a node has to hold to one address and port at once, those that have closed less than ${LOAD_BALANCER_PORT_HOLD.value.fin} seconds ago included. The settings that allow it are named.`,
  },
  {
    name: 'check',
    aliases: ['strict'],
    takes: 'switch',
    placeholder: '',
    label: 'Check',
    help: 'Exit with 1 if AKS refuses the settings, or if a node has fewer ports than it needs.',
    terminalOnly: true,
  },
];

const MOST_CONNECTIONS = 10_000_000;

export interface SnatPortsQuestion {
  readonly input: SnatInput;
  readonly outcome: 'report' | 'check';
}

/** Returns the inputs, or everything that is wrong with them. */
export function readSnatPorts(values: FlagValues): Result<SnatPortsQuestion, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(SNAT_PORTS_FLAGS, values));
  const { names, pools, atFirst } = readPools(reader);
  const surges = readPerPool(reader, 'surge', names, (text) =>
    reader.countOrPercentOf('surge', text, {
      counts: { lowest: 0, highest: NODES_PER_POOL.value },
      percents: { lowest: 1, highest: 100 },
    }),
  );
  const addresses = reader.integer('outbound-ips', MANAGED_OUTBOUND_ADDRESSES.value);
  const allocated = reader.integer('ports', ALLOCATED_OUTBOUND_PORTS.value);
  const { step } = ALLOCATED_OUTBOUND_PORTS.value;
  if (allocated !== null && allocated % step !== 0) {
    const nearest = Math.ceil(allocated / step) * step;
    reader.refuse(
      'ports',
      String(allocated),
      `${allocated} is no multiple of ${step} (az: --load-balancer-allocated-ports must be a multiple of ${step}).`,
      String(nearest),
    );
  }
  const connections = reader.integer('connections', { lowest: 1, highest: MOST_CONNECTIONS });
  if (addresses === null || allocated === null || reader.issues.length > 0) return err(reader.issues);
  return ok({
    input: {
      pools: pools.map((most, index) => ({
        name: names[index] ?? `pool ${index + 1}`,
        nodes: atFirst?.[index] ?? most,
        most,
        surge: surges[index] ?? surges[0] ?? { kind: 'count', count: 0 },
      })),
      addresses,
      allocated,
      connections,
    },
    outcome: reader.isGiven('check') ? 'check' : 'report',
  });
}
