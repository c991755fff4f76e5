/** `calc snat-ports`: the source ports of a cluster's nodes behind its load balancer. */
import { PORTS_PER_ADDRESS } from '../../model/limits/aks.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { snatPorts } from '../snat-ports.ts';
import type { PortSettings, SnatPorts } from '../snat-ports.ts';
import { formatShare } from './kubenet-plan.ts';
import { readSnatPorts, SNAT_PORTS_FLAGS } from './snat-ports-flags.ts';
import type { SnatPortsQuestion } from './snat-ports-flags.ts';
import {
  addressesText,
  boundaryText,
  MOMENTS,
  nodesText,
  number,
  paceText,
  proposalOf,
  snatAdvice,
  snatVerdict,
  snatWarnings,
  togetherText,
  updateLine,
} from './snat-ports-words.ts';

export interface SnatPortsAnswer extends SnatPortsQuestion {
  readonly plan: SnatPorts;
  /** AKS takes the settings, and every node has what it needs. */
  readonly fits: boolean;
  readonly verdict: string;
  /** Settings that the command line sets; null where none would do. */
  readonly proposal: PortSettings | null;
  readonly advice: readonly string[];
  readonly warnings: readonly string[];
}

export const snatPortsCalculator: Calculator = {
  name: 'snat-ports',
  title: 'SNAT ports',
  summary:
    'Says how many source ports each node has behind the load balancer, what AKS refuses, and which settings give enough.',
  positional: null,
  flags: SNAT_PORTS_FLAGS,
  examples: [
    { does: 'What does each node have, and when less?', line: '--nodes 48 --surge 10%' },
    { does: 'Would AKS take this?', line: '--nodes 8,7,7 --surge 1 --ports 3200 --check' },
    {
      does: 'Settings for 5,000 connections of a node to one address and port',
      line: '--nodes 20 --max-count 40 --connections 5000',
    },
  ],
  notes: [
    `An address has ${number(PORTS_PER_ADDRESS.value)} ports for each of TCP and UDP. A TCP port serves any number of destinations at once, one connection to each address and port; a UDP port serves one flow to each address.`,
    'AKS counts every pool at its maximum with its surge. Ports of one node help no other.',
    'Exit code 0 also where AKS refuses or ports are too few ("fits": false); 1 with --check. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runSnatPorts(values);
    if (!answer.ok) return answer;
    const { value } = answer;
    const fails = value.outcome === 'check' && !value.fits;
    return ok({ json: toJson(value), text: toText(value), exitCode: fails ? 1 : 0 });
  },
};

/** Returns the plan as data; the page draws it. */
export function runSnatPorts(values: FlagValues): Result<SnatPortsAnswer, readonly InputIssue[]> {
  const question = readSnatPorts(values);
  if (!question.ok) return question;
  const { input } = question.value;
  const plan = snatPorts(input);
  return ok({
    ...question.value,
    plan,
    fits:
      plan.refusal === null &&
      plan.moments.every((each) => each.portsPerNode !== null) &&
      (plan.wish === null || plan.wish.met === true),
    verdict: snatVerdict(input, plan),
    proposal: proposalOf(input, plan),
    advice: snatAdvice(input, plan),
    warnings: snatWarnings(input, plan),
  });
}

function toJson({
  plan,
  input,
  fits,
  verdict,
  proposal,
  advice,
  warnings,
}: SnatPortsAnswer): CalculatorAnswer['json'] {
  const { wish, refusal } = plan;
  const now = plan.moments[0];
  const last = plan.moments.at(-1);
  return {
    fits,
    verdict,
    pools: input.pools.map((each) => ({
      name: each.name,
      nodes: each.nodes,
      maxNodes: each.most,
      surge: formatShare(each.surge),
    })),
    nodes: now?.nodes ?? 0,
    countedNodes: plan.counted,
    outboundIps: input.addresses,
    allocatedOutboundPorts: input.allocated,
    portsPerNode: now?.portsPerNode ?? null,
    portsPerNodeAtMost: last?.portsPerNode ?? null,
    connectionsToOneDestination: last?.portsPerNode ?? null,
    portsNeeded: last?.needed ?? null,
    portsAvailable: last?.available ?? 0,
    sizes: plan.moments.map(({ kind, nodes, portsPerNode, needed }): Json => ({
      when: kind,
      nodes,
      portsPerNode,
      portsNeeded: needed,
    })),
    nextBoundary: plan.boundary,
    refusal:
      refusal === null
        ? null
        : { code: refusal.code, message: refusal.message, target: refusal.target ?? null },
    maxNodes: plan.mostNodes,
    maxPortsPerNode: plan.mostPorts,
    minOutboundIps: plan.leastAddresses,
    newConnectionsPerSecondPerNode: plan.perSecond === null ? null : Math.floor(plan.perSecond * 100) / 100,
    connectionsPerNode: wish?.connections ?? null,
    enough: wish?.met ?? null,
    settings:
      proposal === null
        ? null
        : { outboundIps: proposal.addresses, allocatedOutboundPorts: proposal.allocated },
    natGatewayIps: wish?.gatewayAddresses ?? null,
    command: proposal === null ? null : updateLine(proposal),
    advice,
    warnings,
  };
}

function toText({ plan, input, verdict, proposal, advice, warnings }: SnatPortsAnswer): readonly string[] {
  const { refusal } = plan;
  return [
    verdict,
    ...(refusal === null ? [] : ['', `(${refusal.code}) ${refusal.message}`]),
    '',
    ...plan.moments.map(
      (each) =>
        `${MOMENTS[each.kind].padEnd(28)}  ${nodesText(each.nodes)}, ${each.portsPerNode === null ? 'ports not documented' : `${number(each.portsPerNode)} ports each, ${number(each.needed ?? 0)} of ${number(each.available)}`}`,
    ),
    '',
    ...(input.allocated > 0
      ? []
      : [
          `Azure's table with ${addressesText(input.addresses)}:`,
          ...plan.table.map(
            ({ from, to, ports }) =>
              `  ${from <= plan.counted && plan.counted <= to ? '>' : ' '} ${`${number(from)} to ${number(to)} nodes`.padEnd(20)}  ${number(ports)}`,
          ),
          '',
        ]),
    `Next boundary          ${boundaryText(plan)}`,
    `Nodes at most          ${number(plan.mostNodes)} at once, as far as ports go`,
    `Ports at most          ${number(plan.mostPorts)} for each of ${nodesText(plan.counted)} with ${addressesText(input.addresses)}`,
    `Addresses at least     ${number(plan.leastAddresses)} for these ports`,
    `Connections at once    ${togetherText(plan)}`,
    `New connections        ${paceText(plan)}`,
    ...advice.map((each) => `Advice: ${each}`),
    ...warnings.map((each) => `Warning: ${each}`),
    ...(proposal === null ? [] : ['', updateLine(proposal)]),
  ];
}
