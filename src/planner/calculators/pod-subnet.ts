/** `calc pod-subnet`: what Pod Subnet nodes take of their pod subnet, in batches or in blocks. */
import {
  DYNAMIC_POD_ADDRESSES,
  MAX_PODS_RANGE,
  NODES_PER_CLUSTER,
  POD_SUBNET_DEFAULT_MAX_PODS,
  STATIC_BLOCK_PREFIX_LENGTH,
} from '../../model/limits/aks.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { choiceNamed } from '../choice.ts';
import type { Calculator, CalculatorAnswer, CalculatorFlag, Json } from '../calculator.ts';
import { withFallbacks } from '../fallback-values.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { BLOCK_ADDRESSES, planDynamic, planStatic } from '../pod-subnet.ts';
import type { DynamicPlan, PodSubnetInput, PodSubnetRoom, StaticPlan } from '../pod-subnet.ts';
import { readSubnetRange } from '../range-input.ts';
import { lengthText } from './ip-plan-words.ts';

const { batch, requestBelowFree, releaseAboveFree } = DYNAMIC_POD_ADDRESSES.value;

const MODE_FLAG: CalculatorFlag = {
  name: 'mode',
  aliases: ['pod-ip-allocation-mode', 'allocation', 'allocation-mode'],
  takes: 'one',
  placeholder: 'dynamic|static',
  label: 'Allocation',
  help: 'dynamic (DynamicIndividual) or static (StaticBlock). Empty: both.',
  choices: [
    { value: 'dynamic', label: 'dynamic' },
    { value: 'static', label: 'static blocks' },
  ],
  rare: true,
  words: {
    'dynamic-individual': 'dynamic',
    'pod-subnet-dynamic': 'dynamic',
    'static-block': 'static',
    'static-blocks': 'static',
    'pod-subnet-static': 'static',
  },
};

const FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'nodes',
    aliases: ['node-count', 'node', 'n'],
    takes: 'one',
    placeholder: 'N',
    label: 'Nodes at once',
    help: 'All nodes that take from the pod subnet at the same moment, surge nodes included.',
    fallback: '1',
  },
  {
    name: 'max-pods',
    aliases: ['maxpods', 'pods-per-node'],
    takes: 'one',
    placeholder: 'N',
    label: 'Pods per node',
    help: `Pods that a node may run (${MAX_PODS_RANGE.value.lowest} to ${MAX_PODS_RANGE.value.highest}).`,
    fallback: String(POD_SUBNET_DEFAULT_MAX_PODS.value),
  },
  {
    name: 'pods',
    aliases: ['used', 'running-pods', 'pods-running'],
    takes: 'one',
    placeholder: 'N',
    label: 'Pods that run on each node',
    help: 'Only those with an address of their own. Empty means as many as a node may run.',
  },
  {
    name: 'subnet',
    aliases: ['pod-subnet', 'subnet-prefix', 'subnet-cidr'],
    takes: 'one',
    placeholder: 'PREFIX|/LENGTH',
    label: 'Pod subnet',
    help: 'The pod subnet that there is. Without it, the smallest one that fits is named.',
  },
  MODE_FLAG,
  {
    name: 'check',
    aliases: ['strict'],
    takes: 'switch',
    placeholder: '',
    label: 'Check',
    help: 'Exit with 1 if the pod subnet is too small for full nodes.',
    terminalOnly: true,
  },
];

export interface PodSubnetAnswer {
  readonly input: PodSubnetInput;
  /** Null where only the other allocation was asked for. */
  readonly dynamic: DynamicPlan | null;
  readonly staticBlocks: StaticPlan | null;
  readonly verdict: string;
  readonly fits: boolean;
  readonly warnings: readonly string[];
  readonly outcome: 'report' | 'check';
}

export const podSubnet: Calculator = {
  name: 'pod-subnet',
  title: 'Pod Subnet batches and blocks',
  summary: 'Says how many addresses of a pod subnet each node takes, and how many nodes a pod subnet holds.',
  positional: null,
  flags: FLAGS,
  examples: [
    { does: 'Both allocations', line: '--nodes 20 --max-pods 30' },
    { does: 'How many nodes start in a /24?', line: '--mode dynamic --subnet /24' },
    { does: 'A max pods that wastes nothing', line: '--mode static --max-pods 32' },
  ],
  notes: [
    `Dynamic: batches of ${batch}, another while fewer than ${requestBelowFree} are free, given back above ${releaseAboveFree} free.`,
    `Static: blocks of ${BLOCK_ADDRESSES} (a /${STATIC_BLOCK_PREFIX_LENGTH.value}) for the life of the node, one address of which no pod gets.`,
    "Blocks that hold one of Azure's five addresses are not counted: the safe side of what no page says.",
    'Exit code 0 also where nodes cannot be full ("fits": false); 1 with --check. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runPodSubnet(values);
    if (!answer.ok) return answer;
    const { value } = answer;
    const fails = value.outcome === 'check' && !value.fits;
    return ok({ json: toJson(value), text: toText(value), exitCode: fails ? 1 : 0 });
  },
};

/** Returns the plan as data; the page draws it. */
export function runPodSubnet(values: FlagValues): Result<PodSubnetAnswer, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(FLAGS, values));
  const nodes = reader.integer('nodes', { lowest: 1, highest: NODES_PER_CLUSTER.value });
  const maxPods = reader.integer('max-pods', MAX_PODS_RANGE.value);
  const most = maxPods ?? MAX_PODS_RANGE.value.highest;
  const pods = reader.integer('pods', { lowest: 0, highest: most }) ?? most;
  const subnet = readSubnetRange(reader, 'subnet');
  const mode = readMode(reader);
  if (nodes === null || maxPods === null || reader.issues.length > 0) return err(reader.issues);
  const input = { nodes, maxPods, pods, subnetLength: subnet.length };
  const dynamic = mode === 'static' ? null : planDynamic(input);
  const staticBlocks = mode === 'dynamic' ? null : planStatic(input, MAX_PODS_RANGE.value);
  const rooms = [dynamic?.room, staticBlocks?.room].filter((each) => each !== null && each !== undefined);
  return ok({
    input,
    dynamic,
    staticBlocks,
    verdict: verdictOf(input, dynamic, staticBlocks),
    fits: rooms.every((room) => room.fits),
    warnings: warningsOf(input, dynamic, staticBlocks),
    outcome: reader.isGiven('check') ? 'check' : 'report',
  });
}

function readMode(reader: InputReader): 'dynamic' | 'static' | 'both' {
  const text = reader.single('mode');
  if (text === null || text.toLowerCase() === 'both') return 'both';
  const named = choiceNamed(MODE_FLAG, text);
  if (named === 'dynamic' || named === 'static') return named;
  reader.refuse('mode', text, `"${text}" is no allocation of a pod subnet.`, 'dynamic or static.');
  return 'both';
}

const number = (value: number): string => value.toLocaleString('en');

function verdictOf(
  { nodes, subnetLength }: PodSubnetInput,
  dynamic: DynamicPlan | null,
  staticBlocks: StaticPlan | null,
): string {
  const who = nodes === 1 ? 'One full node takes' : `${number(nodes)} full nodes take`;
  const parts = [
    ...(dynamic === null ? [] : [partOf('dynamically', dynamic, subnetLength)]),
    ...(staticBlocks === null ? [] : [partOf('in static blocks', staticBlocks, subnetLength)]),
  ];
  return `${who} ${parts.join(', and ')}.`;
}

function partOf(how: string, plan: DynamicPlan | StaticPlan, length: number | null): string {
  const addresses = `${number(plan.addressesNeeded)} addresses ${how}`;
  if (plan.room === null) return `${addresses} (${lengthText(plan.smallestPrefix)})`;
  return `${addresses} (${plan.room.fits ? 'fits' : 'does not fit'} in the /${length ?? ''})`;
}

function warningsOf(
  { nodes, maxPods }: PodSubnetInput,
  dynamic: DynamicPlan | null,
  staticBlocks: StaticPlan | null,
): readonly string[] {
  const warnings: string[] = [];
  const room = dynamic?.room ?? null;
  if (room !== null && nodes > room.nodesThatStart) {
    warnings.push(
      `Dynamic: node ${number(room.nodesThatStart + 1)} cannot start, since each takes ${batch} addresses at once; ${room.stranded} stay unused.`,
    );
  } else if (room !== null && !room.fits) {
    warnings.push(
      `Dynamic: all ${number(nodes)} nodes start, but only ${number(room.fullNodes)} could be full.`,
    );
  }
  const blocks = staticBlocks?.room ?? null;
  if (blocks !== null && !blocks.fits) {
    warnings.push(`Static: node ${number(blocks.fullNodes + 1)} finds no blocks.`);
  }
  if (staticBlocks !== null && staticBlocks.node.wasted > 0) {
    const better = staticBlocks.wasteFree.join(' or ');
    warnings.push(
      `Static: ${maxPods} pods leave ${staticBlocks.node.wasted} of ${staticBlocks.node.usable} addresses of each node unused${better === '' ? '' : `; ${better} pods would leave none`}.`,
    );
  }
  return warnings;
}

function toJson(answer: PodSubnetAnswer): CalculatorAnswer['json'] {
  const { input, dynamic, staticBlocks } = answer;
  return {
    verdict: answer.verdict,
    fits: answer.fits,
    nodes: input.nodes,
    maxPods: input.maxPods,
    pods: input.pods,
    subnetPrefix: input.subnetLength,
    dynamic:
      dynamic === null
        ? null
        : {
            batch,
            addressesPerNodeAtFirst: dynamic.perNodeAtFirst,
            addressesPerNode: dynamic.perNodeNow,
            addressesPerFullNode: dynamic.perNodeFull,
            addressesAtFirst: dynamic.addressesAtFirst,
            addressesNow: dynamic.addressesNow,
            addressesNeeded: dynamic.addressesNeeded,
            smallestPrefix: dynamic.smallestPrefix,
            releaseAboveFree,
            steps: dynamic.steps.map((each) => ({ ...each })),
            ...roomJson(dynamic.room),
          },
    static:
      staticBlocks === null
        ? null
        : {
            blocks: staticBlocks.node.blocks,
            addressesPerNode: staticBlocks.node.addresses,
            usable: staticBlocks.node.usable,
            wasted: staticBlocks.node.wasted,
            wasteFree: staticBlocks.wasteFree,
            blocksNeeded: staticBlocks.blocksNeeded,
            addressesNeeded: staticBlocks.addressesNeeded,
            smallestPrefix: staticBlocks.smallestPrefix,
            ...roomJson(staticBlocks.room),
          },
    warnings: answer.warnings,
  };
}

function roomJson(room: PodSubnetRoom | null): { readonly [key: string]: Json } {
  if (room === null) return {};
  const { available, nodesThatStart, fullNodes, stranded, fits } = room;
  return { available, maxNodes: nodesThatStart, maxFullNodes: fullNodes, strandedAddresses: stranded, fits };
}

function toText(answer: PodSubnetAnswer): readonly string[] {
  const { input, dynamic, staticBlocks, verdict, warnings } = answer;
  return [
    verdict,
    '',
    ...(dynamic === null
      ? []
      : [
          'Dynamic allocation',
          `  Per node     ${dynamic.perNodeAtFirst} at first, ${dynamic.perNodeNow} with ${input.pods} pods, ${dynamic.perNodeFull} when full`,
          `  All nodes    ${number(dynamic.addressesAtFirst)} at first, ${number(dynamic.addressesNeeded)} when full: ${lengthText(dynamic.smallestPrefix)}`,
          ...roomText(dynamic.room, 'addresses'),
          `  Steps        ${dynamic.steps.map((each) => `${each.fromPods}-${each.toPods} pods: ${each.addresses}`).join('; ')}`,
          '',
        ]),
    ...(staticBlocks === null
      ? []
      : [
          'Static blocks',
          `  Per node     ${staticBlocks.node.blocks} blocks, ${staticBlocks.node.usable} addresses for pods, ${staticBlocks.node.wasted} unused`,
          `  All nodes    ${number(staticBlocks.blocksNeeded)} blocks: ${lengthText(staticBlocks.smallestPrefix)}`,
          ...roomText(staticBlocks.room, 'blocks'),
          '',
        ]),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}

function roomText(room: PodSubnetRoom | null, unit: string): readonly string[] {
  if (room === null) return [];
  return [
    `  Pod subnet   ${number(room.available)} ${unit}: ${number(room.nodesThatStart)} nodes start, ${number(room.fullNodes)} can be full, ${number(room.stranded)} addresses stay unused`,
  ];
}
