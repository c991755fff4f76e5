/** Inputs of the migration checker: two types and a VNet, or a cluster that says them itself. */
import type { MigrationType, NetworkKind } from '../../model/aks/outbound-migration.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { choiceNamed } from '../choice.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { readClusterJson } from '../outbound-cluster-json.ts';
import type { ClusterFacts } from '../outbound-cluster-json.ts';
import { networksOf } from '../outbound-migration.ts';
import { readType, readVnet, TYPE_FLAG, VNET_FLAG } from '../outbound-words.ts';

const SKU: Pick<CalculatorFlag, 'takes' | 'placeholder' | 'choices' | 'rare'> = {
  takes: 'one',
  placeholder: 'Standard|StandardV2',
  choices: [
    { value: 'Standard', label: 'Standard' },
    { value: 'StandardV2', label: 'StandardV2' },
  ],
  rare: true,
};

export const OUTBOUND_MIGRATION_FLAGS: readonly CalculatorFlag[] = [
  {
    ...TYPE_FLAG,
    name: 'from',
    aliases: ['current', 'source', 'present', 'old', 'from-type'],
    label: 'From',
    help: 'The outbound type that the cluster has.',
  },
  {
    ...TYPE_FLAG,
    name: 'to',
    aliases: ['outbound-type', 'target', 'new', 'to-type'],
    label: 'To',
    help: 'The outbound type that it is to have. Empty: every type is listed.',
  },
  VNET_FLAG,
  {
    ...SKU,
    name: 'from-sku',
    aliases: ['current-sku'],
    label: 'SKU of the present NAT gateway',
    help: 'Only with managedNATGateway.',
  },
  {
    ...SKU,
    name: 'to-sku',
    aliases: ['outbound-type-sku', 'sku', 'target-sku'],
    label: 'SKU of the new NAT gateway',
    help: 'What az calls --outbound-type-sku. Only with managedNATGateway.',
  },
  {
    name: 'file',
    aliases: ['f', 'cluster-file'],
    takes: 'one',
    placeholder: 'FILE|-',
    label: 'File',
    help: 'The cluster as az aks show -o json prints it: a file, or - for what comes in by standard input.',
    fileFor: 'cluster',
    fileName: 'cluster.json',
    terminalOnly: true,
  },
  {
    name: 'cluster',
    aliases: ['json', 'aks-json'],
    takes: 'one',
    placeholder: 'TEXT',
    label: 'Cluster',
    help: 'What az aks show -o json prints. Type, SKU, VNet, subnets and authorized ranges are read from it.',
    lines: 6,
    rare: true,
  },
];

export interface MigrationQuestion {
  readonly from: MigrationType | null;
  readonly to: MigrationType | null;
  /** Null where the types do not tell it and nobody said it. */
  readonly vnet: NetworkKind | null;
  readonly cluster: ClusterFacts | null;
  readonly assumptions: readonly string[];
}

/** Returns the inputs, or everything that is wrong with them. */
export function readOutboundMigration(values: FlagValues): Result<MigrationQuestion, readonly InputIssue[]> {
  const reader = new InputReader(values);
  const cluster = readCluster(reader);
  const from = readFrom(reader, cluster);
  const to = readTo(reader, from);
  const said = readVnet(reader);
  const vnet = said ?? cluster?.vnet ?? null;
  if (said !== null && cluster?.vnet !== undefined && cluster.vnet !== null && cluster.vnet !== said) {
    const seen = cluster.vnet === 'brought' ? 'its pools have a vnetSubnetId' : 'no pool has a vnetSubnetId';
    reader.refuse('vnet', said, `the cluster is in another kind of VNet: ${seen}.`, cluster.vnet);
  }
  if (reader.issues.length > 0) return err(reader.issues);
  const told = vnet ?? toldBy(from) ?? toldBy(to);
  const assumptions: string[] = [];
  if (told === null && from !== null && to !== null) {
    assumptions.push(
      'Whose VNet it is was not said: taken as one that AKS makes. It is the same in one of your own.',
    );
  } else if (vnet === null && told !== null && from !== null && to !== null) {
    const decisive = toldBy(from) === null ? to : from;
    assumptions.push(
      `Whose VNet it is was not said: ${decisive ?? ''} exists only in ${told === 'managed' ? 'one that AKS makes' : 'one of your own'}.`,
    );
  }
  if (to === 'managedNATGateway' && from !== null && from !== 'managedNATGateway') {
    assumptions.push(
      'Taken as SKU Standard. Where no SKU is named, azure-cli 2.91.0 and newer leave it to the region, which is StandardV2 wherever that exists: --to-sku StandardV2 asks about that.',
    );
  }
  return ok({ from, to, vnet: told, cluster, assumptions });
}

/** Some types exist in one kind of VNet only. */
function toldBy(type: MigrationType | null): NetworkKind | null {
  if (type === null) return null;
  const [first, ...others] = networksOf(type);
  return others.length === 0 ? (first ?? null) : null;
}

function readCluster(reader: InputReader): ClusterFacts | null {
  const given = reader.raw('cluster');
  if (given.length === 0) return null;
  if (given.length > 1) return reader.refuse('cluster', null, `takes one, but ${given.length} were given.`);
  const read = readClusterJson(given[0] ?? '');
  return read.ok
    ? read.value
    : reader.refuse('cluster', null, `The text ${read.error}`, 'az aks show -g GROUP -n CLUSTER -o json');
}

function readFrom(reader: InputReader, cluster: ClusterFacts | null): MigrationType | null {
  const type = withSku(reader, readType(reader, 'from'), 'from-sku');
  if (cluster === null) {
    if (type === null && reader.isGiven('to') && !reader.isGiven('from') && !reader.isGiven('cluster'))
      reader.refuse('from', null, 'from which type?', '--from loadBalancer, or --file cluster.json');
    return type;
  }
  if (type !== null && type !== cluster.outboundType)
    reader.refuse('from', type, `the cluster has outbound type ${cluster.outboundType}.`, 'leaving it out.');
  return cluster.outboundType;
}

function readTo(reader: InputReader, from: MigrationType | null): MigrationType | null {
  const type = readType(reader, 'to');
  // A SKU alone is a wish too: az aks update --outbound-type-sku StandardV2.
  const isManaged = from === 'managedNATGateway' || from === 'managedNATGatewayV2';
  const meant =
    type ?? (reader.isGiven('to-sku') && !reader.isGiven('to') && isManaged ? 'managedNATGateway' : null);
  return withSku(reader, meant, 'to-sku');
}

function withSku(reader: InputReader, type: MigrationType | null, flag: string): MigrationType | null {
  const text = reader.single(flag);
  if (text === null) return type;
  const sku = choiceNamed(SKU, text);
  if (sku === null)
    return reader.refuse(flag, text, `"${text}" is no SKU of a NAT gateway.`, 'Standard or StandardV2.');
  if (type === null || (type !== 'managedNATGateway' && type !== 'managedNATGatewayV2')) {
    const about = type === null ? 'no type' : type;
    return reader.refuse(
      flag,
      text,
      `only a NAT gateway that AKS makes has a SKU here, and ${about} is named.`,
      'managedNATGateway.',
    );
  }
  if (type === 'managedNATGatewayV2' && sku === 'Standard')
    return reader.refuse(flag, text, 'managedNATGatewayV2 is the SKU StandardV2.', 'StandardV2');
  return sku === 'StandardV2' ? 'managedNATGatewayV2' : 'managedNATGateway';
}
