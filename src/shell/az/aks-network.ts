/** The network flags of `az aks create`: what each means, and what azure-cli checks itself (acs/managed_cluster_decorator.py). */
import type { ManagedClusterInput } from '../../model/aks/create-managed-cluster.ts';
import type { NetworkPlugin, NetworkProfile } from '../../model/aks/managed-cluster.ts';
import { azureError, notSimulated } from '../../model/azure/error.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { outboundOptions, outboundType, readNewOutboundType, readOutbound } from './aks-outbound.ts';
import type { AzArguments, AzFailure, AzOption } from './command.ts';
import { choice, flag, text } from './option.ts';
import { optionalText, refusedByAzure, usageFailure } from './outcome.ts';

const PLUGINS: readonly NetworkPlugin[] = ['kubenet', 'azure', 'none'];
const DATA_PLANES: readonly NonNullable<NetworkProfile['networkDataplane']>[] = ['azure', 'cilium'];
export const networkOptions: readonly AzOption[] = [
  choice('--network-plugin', PLUGINS, 'The Kubernetes network plugin to use.'),
  choice('--network-plugin-mode', ['overlay'], 'The network plugin mode to use.', { since: '2.47.0' }),
  choice('--network-dataplane', DATA_PLANES, 'The network dataplane to use.', { since: '2.47.0' }),
  text('--network-policy', 'Network Policy Engine to use: "azure", "calico", "cilium" or "none".'),
  text(
    '--pod-cidr',
    'A CIDR notation IP range from which to assign pod IPs when kubenet or Azure CNI Overlay is used.',
  ),
  text('--pod-cidrs', 'A comma-separated list of CIDR notation IP ranges from which to assign pod IPs.', {
    since: '2.46.0',
  }),
  text('--service-cidr', 'A CIDR notation IP range from which to assign service cluster IPs.'),
  text(
    '--service-cidrs',
    'A comma-separated list of CIDR notation IP ranges from which to assign service cluster IPs.',
    { since: '2.46.0' },
  ),
  text('--dns-service-ip', 'An IP address assigned to the Kubernetes DNS service.'),
  text(
    '--ip-families',
    'A comma-separated list of IP versions to use for cluster networking. Each IP version should be in the format IPvN.',
    { since: '2.46.0' },
  ),
  outboundType,
  choice(
    '--load-balancer-sku',
    ['basic', 'standard'],
    "Azure Load Balancer SKU selection for your cluster. basic or standard. Defaults to 'standard'.",
  ),
  ...outboundOptions,
  flag('--skip-subnet-role-assignment', 'Skip role assignment for subnet (advanced networking).'),
];

/** What the network flags ask of the service. */
export type NetworkInput = Pick<
  ManagedClusterInput,
  | 'networkPlugin'
  | 'networkPolicy'
  | 'podCidr'
  | 'serviceCidr'
  | 'dnsServiceIp'
  | 'outboundType'
  | 'outbound'
  | 'networkPluginMode'
  | 'networkDataplane'
  | 'subnetRoleAssignment'
>;

/** Checks the spelling of a policy, as the parser's validators do. */
export function checkNetworkPolicy(args: AzArguments): Result<null, AzFailure> {
  const policy = optionalText(args, 'networkPolicy');
  // Python's islower is false for a text without letters too.
  if (policy === undefined || (policy === policy.toLowerCase() && /\p{L}/u.test(policy))) return ok(null);
  return usageFailure('--network-policy should be provided in lowercase');
}

/** Returns what the flags ask for. Errors: azure-cli's own, then what is not simulated. */
export function readNetwork(args: AzArguments): Result<NetworkInput, AzFailure> {
  const plugin = PLUGINS.find((each) => each === optionalText(args, 'networkPlugin')) ?? null;
  const mode = optionalText(args, 'networkPluginMode') === 'overlay' ? 'overlay' : null;
  const policy = optionalText(args, 'networkPolicy') ?? null;
  if (plugin === 'azure' && mode === null && (optionalText(args, 'podCidr') ?? '') !== '') {
    return usageFailure(
      'Please specify network plugin mode `overlay` when using --pod-cidr or use network plugin `kubenet`. For more information about Azure CNI Overlay please see https://aka.ms/aks/azure-cni-overlay',
    );
  }
  if (plugin === null && policy !== null) {
    return usageFailure('Please explicitly specify the network plugin type');
  }
  const type = readNewOutboundType(args);
  if (!type.ok) return type;
  const families = checkFamilies(optionalText(args, 'ipFamilies'));
  if (!families.ok) return families;
  const pods = oneRange(args, 'podCidr', 'podCidrs', 'networkProfile.podCIDRs');
  if (!pods.ok) return pods;
  const services = oneRange(args, 'serviceCidr', 'serviceCidrs', 'networkProfile.serviceCIDRs');
  if (!services.ok) return services;
  return ok({
    networkPlugin: plugin,
    networkPluginMode: mode,
    networkDataplane: DATA_PLANES.find((each) => each === optionalText(args, 'networkDataplane')) ?? null,
    networkPolicy: policy,
    podCidr: pods.value,
    serviceCidr: services.value,
    dnsServiceIp: notEmpty(optionalText(args, 'dnsServiceIp')),
    outboundType: type.value,
    outbound: readOutbound(args),
    subnetRoleAssignment: args['skipSubnetRoleAssignment'] === true ? 'skip' : 'grant',
  });
}

function checkFamilies(text: string | undefined): Result<null, AzFailure> {
  const families = words(text);
  const other = families.find((each) => !/^ipv[46]$/i.test(each));
  if (other !== undefined) {
    return refusedByAzure(
      azureError(
        'InvalidParameter',
        `The value of parameter networkProfile.ipFamilies is invalid. Error details: '${other}' is not one of IPv4, IPv6.`,
        'networkProfile.ipFamilies',
      ),
    );
  }
  if (families.every((each) => each.toLowerCase() === 'ipv4')) return ok(null);
  return refusedByAzure(notSimulated(`Dual-stack networking (--ip-families ${text ?? ''})`));
}

/** Returns the range that either of a flag and its plural gives; two ranges are dual-stack. */
function oneRange(
  args: AzArguments,
  single: 'podCidr' | 'serviceCidr',
  plural: 'podCidrs' | 'serviceCidrs',
  parameter: string,
): Result<string | null, AzFailure> {
  const one = notEmpty(optionalText(args, single));
  const ranges = words(optionalText(args, plural));
  const [first] = ranges;
  if (ranges.length > 1) {
    return refusedByAzure(notSimulated(`Dual-stack networking (${ranges.join(',')})`));
  }
  if (one !== null && first !== undefined && one !== first) {
    return refusedByAzure(
      azureError(
        'InvalidParameter',
        `The value of parameter ${parameter} is invalid. Error details: its first range ${first} must be ${one}, which is given too.`,
        parameter,
      ),
    );
  }
  return ok(one ?? first ?? null);
}

function words(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** An empty text is the same as none, as in azure-cli. */
export function notEmpty(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}
