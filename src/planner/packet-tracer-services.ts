/** Which Services a flow is meant for, under the keys that the import names what it left out by. */
import type { ArmKey } from '../model/azure/resources.ts';
import type { Answer } from '../model/compile/ask.ts';
import type { Compiled } from '../model/compile/compile.ts';
import type { ClusterPart } from '../model/compile/inventory.ts';
import { formatAddress } from '../model/ip/address.ts';
import { parsePrefix, prefixContains } from '../model/ip/prefix.ts';
import { NODE_PORT_RANGE } from '../model/limits/kubernetes.ts';
import { kindKeyOf, objectKeyOf } from './import/read-kubernetes.ts';

/** Returns the keys of those Services, and of what decides about them as a whole. */
export function servicesMeant(compiled: Compiled, answer: Answer): readonly ArmKey[] {
  return compiled.inventory.clusters.flatMap((cluster) => {
    const named = namedServices(cluster, answer);
    return [
      ...named,
      ...(named.length === 0 ? [] : [kindKeyOf(cluster.key, 'pods')]),
      ...(mayMeanService(compiled, cluster, answer) ? [kindKeyOf(cluster.key, 'services')] : []),
    ];
  });
}

function namedServices({ key, state }: ClusterPart, { to, port }: Answer): readonly ArmKey[] {
  const wanted = formatAddress(to.address);
  return Object.values(state.services).flatMap((service) => {
    const { clusterIP, ports } = service.spec;
    const ingress = (service.status.loadBalancer.ingress ?? []).map(({ ip }) => ip);
    const isMeant =
      service === to.service ||
      [clusterIP, ...ingress].includes(wanted) ||
      (to.place?.kind === 'node' && port !== null && ports.some(({ nodePort }) => nodePort === port));
    const { namespace, name } = service.metadata;
    return isMeant ? [objectKeyOf(key, 'Service', namespace, name)] : [];
  });
}

/** Whether the destination is one that Services alone have, whichever there are. */
function mayMeanService(
  { balancers }: Compiled,
  { cluster }: ClusterPart,
  { from, to, port, trace }: Answer,
): boolean {
  const range = parsePrefix(cluster.networkProfile.serviceCidr);
  const isInside = (from.kind === 'pod' || from.kind === 'node') && from.cluster.cluster === cluster;
  if (isInside && range.ok && prefixContains(range.value, to.address)) return true;
  if (to.place?.kind === 'node' && to.place.cluster.cluster === cluster) {
    const { lowest, highest } = NODE_PORT_RANGE.value;
    return port !== null && port >= lowest && port <= highest;
  }
  const group = cluster.nodeResourceGroup.toLowerCase();
  return trace.hops.some(({ place, steps }) => {
    const resource = balancers.find(({ host }) => host === place)?.inbound?.resource;
    return (
      resource?.resourceGroup.toLowerCase() === group &&
      steps.some(({ by }) => /^rule .* of load balancer /.test(by))
    );
  });
}
