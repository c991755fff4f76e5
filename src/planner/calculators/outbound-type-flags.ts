/** The questions of `outbound-type`, and reading the answers into what the planner judges by. */
import { allLocations, locationDisplayName, normaliseLocation } from '../../model/azure/locations.ts';
import { DEFAULT_MAX_SURGE, NODES_PER_CLUSTER } from '../../model/limits/aks.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { choiceNamed } from '../choice.ts';
import { withFallbacks } from '../fallback-values.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { surgeNodes } from '../kubenet-plan.ts';
import { networksOf } from '../outbound-migration.ts';
import type { OutboundFeature } from '../outbound-support.ts';
import type { OutboundNeeds } from '../outbound-type.ts';
import { readType, readVnet, TYPE_FLAG, VNET_FLAG } from '../outbound-words.ts';

interface Question {
  readonly feature: OutboundFeature;
  readonly aliases: readonly string[];
  readonly label: string;
  readonly help: string;
  readonly rare?: true;
}

const QUESTIONS: readonly Question[] = [
  {
    feature: 'fixed-address',
    aliases: [
      'fixed-addresses',
      'fixed-ip',
      'static-ip',
      'static-egress-ip',
      'allow-list',
      'partner',
      'own-addresses',
    ],
    label: 'A partner allows our addresses',
    help: 'They must be known before the cluster leaves by them, and stay.',
  },
  {
    feature: 'fqdn-filter',
    aliases: ['fqdn', 'fqdn-filtering', 'filter', 'filter-by-name', 'egress-filter'],
    label: 'Egress is filtered by name',
    help: 'Only some host names may be reached.',
  },
  {
    feature: 'inspection',
    aliases: ['nva', 'appliance', 'inspect', 'firewall'],
    label: 'Everything passes an appliance',
    help: 'A firewall or another network virtual appliance sees all traffic to the internet.',
  },
  {
    feature: 'isolated',
    aliases: ['no-internet', 'network-isolated', 'isolated-cluster', 'air-gapped'],
    label: 'No internet at all',
    help: 'A network isolated cluster.',
  },
  {
    feature: 'zone-redundant',
    aliases: ['zones', 'zone-redundancy', 'zonal', 'availability-zones'],
    label: 'The way out outlives a zone',
    help: 'Connections can still be opened where one availability zone fails.',
  },
  {
    feature: 'ipv6',
    aliases: ['dual-stack', 'dualstack'],
    label: 'IPv6 to the internet',
    help: 'A dual-stack cluster that leaves by IPv6 too.',
  },
  {
    feature: 'windows',
    aliases: ['windows-nodes', 'win'],
    label: 'Windows nodes',
    help: 'At least one Windows node pool.',
    rare: true,
  },
  {
    feature: 'ping',
    aliases: ['icmp'],
    label: 'Ping to the internet',
    help: 'ICMP echo must come through, not only TCP and UDP.',
    rare: true,
  },
];

const YES_NO: Pick<CalculatorFlag, 'takes' | 'placeholder' | 'choices' | 'words'> = {
  takes: 'optional',
  placeholder: '[yes|no]',
  choices: [
    { value: 'yes', label: 'yes' },
    { value: 'no', label: 'no' },
  ],
  words: { '': 'yes', true: 'yes', y: 'yes', 1: 'yes', required: 'yes', false: 'no', n: 'no', 0: 'no' },
};

const SWITCHES: readonly CalculatorFlag[] = QUESTIONS.map(({ feature, ...question }) => ({
  name: feature,
  ...YES_NO,
  ...question,
}));

export const OUTBOUND_TYPE_FLAGS: readonly CalculatorFlag[] = [
  VNET_FLAG,
  ...SWITCHES.filter((flag) => flag.rare === undefined),
  {
    name: 'nodes',
    aliases: ['node-count', 'n'],
    takes: 'one',
    placeholder: 'N',
    label: 'Nodes now',
    help: 'All pools together. An even share of the connections is counted for each.',
    fallback: '3',
  },
  {
    name: 'max-nodes',
    aliases: ['most-nodes', 'max-count', 'nodes-later'],
    takes: 'one',
    placeholder: 'N',
    label: 'Nodes at most',
    help: 'What the autoscaler may reach, without surge. Empty: as many as now.',
  },
  {
    name: 'connections',
    aliases: ['flows', 'peak-connections', 'connections-to-one-destination', 'concurrent-connections'],
    takes: 'one',
    placeholder: 'N',
    label: 'Connections to one destination',
    help: 'Open at once at the peak, of the whole cluster, to the one address and port that it calls most.',
  },
  {
    name: 'busiest-node',
    aliases: ['connections-per-node', 'node-connections'],
    takes: 'one',
    placeholder: 'N',
    label: 'Of the busiest node',
    help: 'How many of them one node opens. Empty: an even share.',
    rare: true,
  },
  {
    name: 'max-addresses',
    aliases: ['most-addresses', 'max-ips', 'addresses', 'allowed-addresses'],
    takes: 'one',
    placeholder: 'N',
    label: 'Addresses at most',
    help: 'How many addresses a partner allows. Counts with connections.',
    rare: true,
  },
  {
    name: 'surge',
    aliases: ['max-surge'],
    takes: 'one',
    placeholder: 'N|N%',
    label: 'Surge',
    help: 'Extra nodes during an upgrade: a load balancer keeps ports for them too.',
    fallback: DEFAULT_MAX_SURGE.value,
    rare: true,
  },
  {
    name: 'region',
    aliases: ['location', 'l'],
    takes: 'one',
    placeholder: 'REGION',
    label: 'Region',
    help: 'Some have no NAT gateways of SKU StandardV2.',
    rare: true,
  },
  {
    ...TYPE_FLAG,
    name: 'existing',
    aliases: ['from', 'current'],
    label: 'The cluster that exists',
    help: 'Its present outbound type: what it can become is judged by the migration tables.',
    rare: true,
  },
  {
    name: 'in-place',
    aliases: ['no-new-cluster', 'keep-cluster'],
    ...YES_NO,
    label: 'Without a new cluster',
    help: 'The existing cluster must be updated.',
    rare: true,
  },
  ...SWITCHES.filter((flag) => flag.rare !== undefined),
];

const MOST_CONNECTIONS = 100_000_000;
const MOST_ADDRESSES = 1_000;

export function readOutboundType(values: FlagValues): Result<OutboundNeeds, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(OUTBOUND_TYPE_FLAGS, values));
  const vnet = readVnet(reader);
  const features = QUESTIONS.filter(({ feature }) => readYes(reader, feature)).map(({ feature }) => feature);
  const highest = NODES_PER_CLUSTER.value;
  const nodes = reader.integer('nodes', { lowest: 1, highest }) ?? 1;
  const most = reader.integer('max-nodes', { lowest: 1, highest }) ?? nodes;
  if (most < nodes) {
    reader.refuse('max-nodes', String(most), `fewer than the ${nodes} nodes that run now.`, String(nodes));
  }
  const connections = reader.integer('connections', { lowest: 1, highest: MOST_CONNECTIONS });
  const busiestNode = reader.integer('busiest-node', { lowest: 1, highest: MOST_CONNECTIONS });
  if (connections !== null && busiestNode !== null) {
    const share = Math.ceil(connections / nodes);
    if (busiestNode > connections)
      reader.refuse(
        'busiest-node',
        String(busiestNode),
        `more than the ${connections} of the cluster.`,
        String(share),
      );
    else if (busiestNode < share)
      reader.refuse(
        'busiest-node',
        String(busiestNode),
        `less than an even share: ${connections} connections of ${nodes} nodes are ${share} each.`,
        String(share),
      );
  }
  const mostAddresses = reader.integer('max-addresses', { lowest: 1, highest: MOST_ADDRESSES });
  const surge = reader.countOrPercent('surge', {
    counts: { lowest: 0, highest },
    percents: { lowest: 1, highest: 100 },
  });
  const region = readRegion(reader);
  const existing = readType(reader, 'existing');
  const inPlace = readYes(reader, 'in-place');
  if (inPlace && !reader.isGiven('existing')) {
    reader.refuse(
      'in-place',
      null,
      'says nothing alone: which type does the cluster have?',
      '--existing loadBalancer',
    );
  }
  if (vnet !== null && existing !== null && !networksOf(existing).includes(vnet)) {
    const only = networksOf(existing)[0] ?? 'managed';
    reader.refuse('vnet', vnet, `a cluster with outbound type ${existing} is in another kind of VNet.`, only);
  }
  if (surge === null || reader.issues.length > 0) return err(reader.issues);
  return ok({
    vnet: vnet ?? (existing === null ? null : onlyNetwork(networksOf(existing))),
    vnetKnownBy: vnet === null && existing !== null ? 'existing' : 'vnet',
    features,
    nodes,
    mostNodes: most + surgeNodes(surge, most),
    connections,
    busiestNode,
    mostAddresses,
    region,
    existing,
    inPlace: inPlace ? 'required' : 'not-required',
  });
}

function onlyNetwork(kinds: ReturnType<typeof networksOf>): OutboundNeeds['vnet'] {
  return kinds.length === 1 ? (kinds[0] ?? null) : null;
}

/** A flag alone means yes. */
function readYes(reader: InputReader, flag: string): boolean {
  if (!reader.isGiven(flag)) return false;
  const text = reader.single(flag) ?? 'yes';
  const named = choiceNamed(YES_NO, text);
  if (named === null) reader.refuse(flag, text, `"${text}" is neither yes nor no.`, 'yes or no.');
  return named === 'yes';
}

/** `West Europe` comes as two words. */
function readRegion(reader: InputReader): string | null {
  const words = reader.raw('region').join(' ').trim();
  if (words === '') return null;
  const name = normaliseLocation(words);
  if (locationDisplayName(name) !== null) return name;
  const near = allLocations().find((each) => each.name.startsWith(name.slice(0, 5)))?.name;
  return reader.refuse(
    'region',
    words,
    `"${words}" is no region that this workbook knows.`,
    near ?? 'westeurope',
  );
}
