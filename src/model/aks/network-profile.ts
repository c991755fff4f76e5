/** The ranges of a cluster, and the checks AKS makes on them before it creates anything. */
import type { AzureError } from '../azure/error.ts';
import { azureError, notSimulated } from '../azure/error.ts';
import type { VirtualNetwork } from '../azure/resources.ts';
import { formatAddress, parseAddress, sameAddress, addressPlus } from '../ip/address.ts';
import {
  firstAddress,
  formatPrefix,
  lastAddress,
  parsePrefix,
  prefix,
  prefixContains,
  prefixCovers,
  prefixesOverlap,
} from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import {
  DEFAULT_DNS_SERVICE_IP,
  DEFAULT_POD_CIDR,
  DEFAULT_SERVICE_CIDR,
  FORBIDDEN_CLUSTER_RANGES,
  POD_RANGE_CHECKED_PER_SUBNET_FROM,
  POD_RANGE_PREFIX_LENGTH,
  SHORTEST_SERVICE_PREFIX,
} from '../limits/aks.ts';
import { SERVICE_RANGES } from '../limits/aks-plugins.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { invalidParameter } from './names.ts';

export interface ClusterRanges {
  /** Null where pods have addresses of the VNet. */
  readonly podCidr: string | null;
  readonly serviceCidr: string;
  readonly dnsServiceIp: string;
}

export interface WantedRanges {
  readonly podCidr: string | null;
  readonly serviceCidr: string | null;
  readonly dnsServiceIp: string | null;
}

/** The VNet that the nodes will be in, as far as ranges matter. */
export type NodeNetwork = Pick<VirtualNetwork, 'addressSpace'> & {
  readonly subnets: readonly { readonly addressPrefix: string }[];
};

/**
 * Returns the ranges of a new cluster, defaults filled in. Errors, in the order the service finds
 * them: `InvalidParameter`, `DnsServiceIpParseError`, `DnsServiceIpOutOfServiceCidr`,
 * `DnsServiceIpConflicting`, `DnsBroadcastAddressConflicting`, `InvalidParameter` (forbidden ranges),
 * `PodCidrOverlapServiceCidr`, `ServiceCidrOverlapExistingSubnetsCidr`, `NetworkProfileCIDROverlapVNET`.
 */
export function checkRanges(
  wanted: WantedRanges,
  network: NodeNetwork,
  now: number,
  podRange: 'own' | 'none',
): Result<ClusterRanges, AzureError> {
  const pods =
    podRange === 'none'
      ? ok(null)
      : parseRange('networkProfile.podCIDR', wanted.podCidr ?? DEFAULT_POD_CIDR.value);
  if (!pods.ok) return pods;
  const services = parseRange('networkProfile.serviceCIDR', wanted.serviceCidr ?? DEFAULT_SERVICE_CIDR.value);
  if (!services.ok) return services;
  const dns = checkDnsServiceIp(wanted.dnsServiceIp ?? DEFAULT_DNS_SERVICE_IP.value, services.value);
  if (!dns.ok) return dns;
  if (services.value.length < SHORTEST_SERVICE_PREFIX.value) {
    return err(
      invalidParameter(
        'networkProfile.serviceCIDR',
        `The service CIDR ${formatPrefix(services.value)} is too large. It must be no larger than /${SHORTEST_SERVICE_PREFIX.value}.`,
      ),
    );
  }
  const forbidden = touchesForbidden('networkProfile.serviceCIDR', services.value);
  if (forbidden !== null) return err(forbidden);
  if (!SERVICE_RANGES.value.some((range) => prefixCovers(prefix(range), services.value))) {
    return err(
      invalidParameter(
        'networkProfile.serviceCIDR',
        `The service CIDR ${formatPrefix(services.value)} is neither private nor shared address space. It must lie in one of ${SERVICE_RANGES.value.join(', ')}.`,
      ),
    );
  }
  const usable = pods.value === null ? null : checkPodRange(pods.value, services.value);
  if (usable !== null) return err(usable);
  const taken = serviceRangeOverlap(services.value, network.subnets);
  if (taken !== null) return err(taken);
  const overlap = pods.value === null ? null : podRangeOverlap(pods.value, network, now);
  if (overlap !== null) return err(overlap);
  return ok({
    podCidr: pods.value === null ? null : formatPrefix(pods.value),
    serviceCidr: formatPrefix(services.value),
    dnsServiceIp: dns.value,
  });
}

/** Returns the refusal of a pod range by itself or beside the service range, or null. */
export function checkPodRange(pods: Prefix, services: Prefix): AzureError | null {
  if (pods.length > POD_RANGE_PREFIX_LENGTH.value) {
    return invalidParameter(
      'networkProfile.podCIDR',
      `The pod CIDR ${formatPrefix(pods)} is too small. Each node needs a /${POD_RANGE_PREFIX_LENGTH.value} of it.`,
    );
  }
  const forbidden = touchesForbidden('networkProfile.podCIDR', pods);
  if (forbidden !== null) return forbidden;
  if (!prefixesOverlap(pods, services)) return null;
  return azureError(
    'PodCidrOverlapServiceCidr',
    `The specified pod CIDR ${formatPrefix(pods)} is conflicted with the service CIDR ${formatPrefix(services)}.`,
    'networkProfile.podCIDR',
  );
}

/** Returns the refusal of a service range that overlaps one of these subnets, or null. */
export function serviceRangeOverlap(
  services: Prefix,
  subnets: readonly { readonly addressPrefix: string }[],
): AzureError | null {
  const subnet = subnets.find(({ addressPrefix }) => prefixesOverlap(prefix(addressPrefix), services));
  if (subnet === undefined) return null;
  return azureError(
    'ServiceCidrOverlapExistingSubnetsCidr',
    `The specified service CIDR ${formatPrefix(services)} is conflicted with an existing subnet CIDR ${subnet.addressPrefix}`,
    'networkProfile.serviceCIDR',
  );
}

/** Returns the refusal of a pod range that overlaps the nodes' network, or null. */
export function podRangeOverlap(pods: Prefix, network: NodeNetwork, now: number): AzureError | null {
  const occupied =
    now >= Date.parse(POD_RANGE_CHECKED_PER_SUBNET_FROM.value) / 1000
      ? network.subnets.map((subnet) => subnet.addressPrefix)
      : network.addressSpace.addressPrefixes;
  const range = occupied.find((each) => prefixesOverlap(prefix(each), pods));
  if (range === undefined) return null;
  return azureError(
    'NetworkProfileCIDROverlapVNET',
    `NetworkProfile CIDR ${formatPrefix(pods)} overlaps with reserved VNET CIDR ${range}`,
    'networkProfile.podCIDR',
  );
}

/** Returns the refusal of a VNet whose space touches a range that AKS keeps for itself, or null. */
export function checkNodeNetwork(network: NodeNetwork): AzureError | null {
  for (const range of network.addressSpace.addressPrefixes) {
    const refusal = touchesForbidden('agentPoolProfile.vnetSubnetID', prefix(range));
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Returns a range of a request. Error: `InvalidParameter`, with the masked form where host bits are set. */
export function parseRange(parameter: string, text: string): Result<Prefix, AzureError> {
  if (text.includes(':') || text.includes(',')) return err(notSimulated(`Dual-stack networking (${text})`));
  const parsed = parsePrefix(text);
  if (parsed.ok) return parsed;
  const { reason, suggestion } = parsed.error;
  const about = reason.startsWith('octet') ? reason : `it ${reason}`;
  return err(
    invalidParameter(
      parameter,
      `'${text}' is not a valid CIDR: ${about}.${suggestion === undefined ? '' : ` Did you mean ${suggestion}?`}`,
    ),
  );
}

function checkDnsServiceIp(text: string, services: Prefix): Result<string, AzureError> {
  const target = 'networkProfile.dnsServiceIP';
  const parsed = parseAddress(text);
  if (!parsed.ok) {
    return err(
      azureError('DnsServiceIpParseError', `The DNS service IP ${text} is not a valid IP address.`, target),
    );
  }
  if (!prefixContains(services, parsed.value)) {
    return err(
      azureError(
        'DnsServiceIpOutOfServiceCidr',
        `The DNS service IP ${text} is out of the range defined by service CIDR ${formatPrefix(services)}.`,
        target,
      ),
    );
  }
  const first = firstAddress(services);
  const apiServer = addressPlus(first, 1);
  if (sameAddress(parsed.value, first) || (apiServer !== null && sameAddress(parsed.value, apiServer))) {
    return err(
      azureError(
        'DnsServiceIpConflicting',
        `The DNS service IP ${text} is conflicted with the predefined API server service IP ${apiServer === null ? '' : formatAddress(apiServer)}.`,
        target,
      ),
    );
  }
  if (sameAddress(parsed.value, lastAddress(services))) {
    return err(
      azureError(
        'DnsBroadcastAddressConflicting',
        `The DNS service IP ${text} is conflicted with the broadcast address of service CIDR ${formatPrefix(services)}.`,
        target,
      ),
    );
  }
  return ok(formatAddress(parsed.value));
}

function touchesForbidden(parameter: string, range: Prefix): AzureError | null {
  for (const text of FORBIDDEN_CLUSTER_RANGES.value) {
    if (prefixesOverlap(prefix(text), range)) {
      return invalidParameter(
        parameter,
        `The range ${formatPrefix(range)} overlaps with ${text}, which AKS keeps for itself. AKS clusters may not use ${FORBIDDEN_CLUSTER_RANGES.value.join(', ')}.`,
      );
    }
  }
  return null;
}
