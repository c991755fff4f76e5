/** Whether nodes reach the public API server of their cluster: the way to it, and whether it lets them in. */
import { armKey } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { parseAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { admitsNone, edgeAddresses, nodeSubnetId } from './authorized-ranges.ts';
import { egressPathOf, firewallAddresses } from './egress-path.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { firewallDenies } from './required-egress.ts';

/**
 * Returns why a node with this address of its subnet cannot talk to the API server, as a clause; null if it can, or
 * if nobody knows.
 */
export function whyNoApiServer(
  cloud: Cloud,
  cluster: ManagedCluster,
  pool: Pick<AgentPool, 'vnetSubnetId'>,
  source: Address,
): string | null {
  const server = cloud.kubernetes[armKey(cluster.id)]?.controlPlane.apiServer;
  const known = parseAddress(server?.address ?? '');
  if (server === undefined || !known.ok) return null;
  const path = egressPathOf(cloud, nodeSubnetId(cluster, pool), known.value);
  switch (path.kind) {
    case 'unknown':
      return null;
    case 'blocked':
      return `${cluster.fqdn}:${server.port}: ${path.why}`;
    case 'edge':
      return notAdmitted(cloud, cluster, edgeAddresses(cloud, cluster, pool), 'the nodes leave by');
    case 'firewall': {
      const why = firewallDenies(cloud, path.firewall, source, {
        host: cluster.fqdn,
        address: known.value,
        protocol: 'tcp',
        port: server.port,
        request: 'https',
      });
      if (why !== null)
        return `*.hcp.${cluster.location}.azmk8s.io:${server.port} (https, here ${cluster.fqdn}), where route ${path.route.name} leads to ${why}`;
      return notAdmitted(
        cloud,
        cluster,
        firewallAddresses(cloud, path.firewall),
        `firewall ${path.firewall.name} makes the nodes leave by`,
      );
    }
  }
}

function notAdmitted(
  cloud: Cloud,
  cluster: ManagedCluster,
  sources: readonly string[] | null,
  whose: string,
): string | null {
  if (sources === null || sources.length === 0 || !admitsNone(cloud, cluster, sources)) return null;
  return `${cluster.fqdn}: ${sources.join(', ')}, which ${whose}, is not among the authorized IP ranges of the API server`;
}
