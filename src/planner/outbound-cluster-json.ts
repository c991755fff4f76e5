/** What `az aks show -o json` says of a cluster's way out. */
import { ALL_MIGRATION_TYPES } from '../model/aks/outbound-migration.ts';
import type { MigrationType, NetworkKind } from '../model/aks/outbound-migration.ts';
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { parseJson } from './nsg-json.ts';

/** Null stands for what the text does not say. */
export interface ClusterFacts {
  readonly name: string | null;
  readonly resourceGroup: string | null;
  readonly outboundType: MigrationType;
  readonly vnet: NetworkKind | null;
  /** Ids of the subnets of nodes and of pods, each once. */
  readonly subnets: readonly string[];
  /** Ids of addresses or prefixes that the cluster leaves with now. */
  readonly outboundAddresses: readonly string[];
  /** Ranges that may speak with the API server; empty: everybody. */
  readonly authorizedRanges: readonly string[] | null;
  readonly apiServer: 'private' | 'public' | null;
  /** Pools of Windows nodes that do not translate themselves. */
  readonly poolsWithoutOutboundNat: readonly string[];
}

/**
 * Reads a cluster from `az aks show`, from a list with one cluster, from the ARM resource, or from its
 * networkProfile alone. Errors: a sentence that says what is missing.
 */
export function readClusterJson(text: string): Result<ClusterFacts, string> {
  const [first = ''] = text.trim();
  if (first !== '{' && first !== '[') return err('is no JSON: that begins with a { or a [.');
  const read = parseJson({ text, line: 1 });
  if ('problem' in read) return err(`line ${read.problem.line ?? 1}: ${read.problem.message}`);
  const parsed = read.data;
  if (Array.isArray(parsed) && parsed.length !== 1) {
    return err(`holds ${parsed.length} clusters: one is wanted, as az aks show prints it.`);
  }
  const whole = objectOf(Array.isArray(parsed) ? parsed[0] : parsed);
  if (whole === null) return err('is no object: what az aks show -o json prints is wanted.');
  const properties = { ...whole, ...objectOf(whole['properties']) };
  const profile = objectOf(properties['networkProfile']) ?? properties;
  const outboundType = textOf(profile['outboundType']);
  if (outboundType === null) return err('has no networkProfile.outboundType.');
  const gateway = objectOf(profile['natGatewayProfile']);
  const named =
    outboundType === 'managedNATGateway' && textOf(gateway?.['sku']) === 'StandardV2'
      ? 'managedNATGatewayV2'
      : outboundType;
  const type = ALL_MIGRATION_TYPES.find((each) => each.toLowerCase() === named.toLowerCase());
  if (type === undefined) return err(`has outbound type "${outboundType}", which is none of AKS.`);
  const pools = listOf(properties['agentPoolProfiles']);
  const subnets = pools.flatMap((pool) =>
    [subnetOf(pool), textOf(pool['podSubnetId'] ?? pool['podSubnetID'])].filter((id) => id !== null),
  );
  const api = objectOf(properties['apiServerAccessProfile']);
  const isWhole = pools.length > 0;
  return ok({
    name: textOf(properties['name']),
    resourceGroup: textOf(properties['resourceGroup']) ?? groupOf(textOf(properties['id'])),
    outboundType: type,
    vnet: isWhole ? (pools.some((pool) => subnetOf(pool) !== null) ? 'brought' : 'managed') : null,
    subnets: [...new Set(subnets)],
    outboundAddresses: [objectOf(profile['loadBalancerProfile']), gateway].flatMap((each) =>
      listOf(each?.['effectiveOutboundIPs']).flatMap((address) => textOf(address['id']) ?? []),
    ),
    authorizedRanges: isWhole ? textsOf(api?.['authorizedIpRanges'] ?? api?.['authorizedIPRanges']) : null,
    apiServer: isWhole ? (api?.['enablePrivateCluster'] === true ? 'private' : 'public') : null,
    poolsWithoutOutboundNat: pools.flatMap((pool) =>
      objectOf(pool['windowsProfile'])?.['disableOutboundNat'] === true ? (textOf(pool['name']) ?? []) : [],
    ),
  });
}

/** azure-cli prints `vnetSubnetId`; ARM and older versions write it with a large ID. */
function subnetOf(pool: Fields): string | null {
  return textOf(pool['vnetSubnetId'] ?? pool['vnetSubnetID']);
}

function groupOf(id: string | null): string | null {
  return /\/resourceGroups\/([^/]+)\//i.exec(id ?? '')?.[1] ?? null;
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value)
    ? value.flatMap((each: unknown): readonly Fields[] => {
        const fields = objectOf(each);
        return fields === null ? [] : [fields];
      })
    : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap((each: unknown) => textOf(each) ?? []) : [];
}
