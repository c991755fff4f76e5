/** Name resolution as a place of the simulation sees it: cluster DNS, Azure's DNS of a VNet, public names. */
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { Address } from '../ip/address.ts';
import type { Service } from '../kubernetes/objects.ts';
import { endpointsOf } from '../kubernetes/services.ts';
import type { Directory, Place } from './directory.ts';
import { dnsAnswerer } from './dns-servers.ts';
import type { ClusterPart, NetworkPart } from './inventory.ts';
import { lookUpPublicName } from './public-names.ts';

export interface ResolvedName {
  /** The full name that answered. */
  readonly name: string;
  /** In the order of the answer; a client takes the first. */
  readonly addresses: readonly Address[];
  readonly service: Service | null;
}

const CLUSTER_DOMAIN = 'cluster.local';
const AZURE_DOMAIN = 'internal.cloudapp.net';

/**
 * Returns the addresses of a name, asked from a place: the servers that it is told of, or the one that is
 * named. The error says where the name was looked for.
 */
export function resolveName(
  directory: Directory,
  from: Place,
  name: string,
  server?: string,
): Result<ResolvedName, string> {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const searched: string[] = [];
  if (server === undefined && from.kind === 'pod' && usesClusterDns(from)) {
    searched.push(`DNS of cluster ${from.cluster.cluster.name}`);
    const namespace = from.pod.metadata.namespace ?? 'default';
    const found = inCluster(directory, from.cluster, namespace, wanted);
    if (found !== null) return ok(found);
  }
  const asker = server === undefined ? askerFor(directory, from) : from;
  const network = asker === null ? null : networkOf(directory, asker);
  if (asker !== null && asker.host !== null && network !== null) {
    const answerer = dnsAnswerer(directory.compiled, asker.host, network, server);
    if (answerer.kind === 'nobody') {
      return err(`${name} does not resolve from ${from.label}: ${answerer.why}`);
    }
    const through = answerer.through.map((each) => `DNS server ${each}, `).join('');
    searched.push(`${through}Azure DNS of VNet ${answerer.network.name}`);
    const found = inVirtualNetwork(directory, answerer.network.name, wanted);
    if (found !== null) return ok(found);
  }
  searched.push('public DNS');
  const found = inPublic(directory, wanted);
  if (found !== null) return ok(found);
  const hint = serviceHint(directory, wanted);
  return err(`${name} does not resolve from ${from.label} (looked in ${searched.join(', ')})${hint}`);
}

/** Returns why nobody answers what a place asks about names outside its cluster; null if somebody does. */
export function dnsProblem(directory: Directory, from: Place, server?: string): string | null {
  const asker = server === undefined ? askerFor(directory, from) : from;
  const network = asker === null ? null : networkOf(directory, asker);
  if (asker === null || asker.host === null || network === null) return null;
  const answerer = dnsAnswerer(directory.compiled, asker.host, network, server);
  return answerer.kind === 'nobody' ? answerer.why : null;
}

/** hostNetwork pods use the node's resolver unless their policy is ClusterFirstWithHostNet. */
function usesClusterDns(place: Extract<Place, { kind: 'pod' }>): boolean {
  const { dnsPolicy, hostNetwork } = place.pod.spec;
  if (dnsPolicy === 'Default' || dnsPolicy === 'None') return false;
  return hostNetwork !== true || dnsPolicy === 'ClusterFirstWithHostNet';
}

function inCluster(
  directory: Directory,
  cluster: ClusterPart,
  namespace: string,
  wanted: string,
): ResolvedName | null {
  for (const suffix of [
    `.${namespace}.svc.${CLUSTER_DOMAIN}`,
    `.svc.${CLUSTER_DOMAIN}`,
    `.${CLUSTER_DOMAIN}`,
    '',
  ]) {
    const full = `${wanted}${suffix}`;
    const found = clusterRecord(directory, cluster, full);
    if (found !== null) return found;
  }
  return null;
}

function clusterRecord(directory: Directory, cluster: ClusterPart, full: string): ResolvedName | null {
  const { text } = directory.compiled.inventory;
  const service = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc\.cluster\.local$/.exec(full);
  if (service !== null) {
    const found = cluster.state.services[`${service[2] ?? ''}/${service[1] ?? ''}`];
    if (found === undefined) return null;
    const addresses =
      found.spec.clusterIP === 'None'
        ? endpointsOf(cluster.state, found).flatMap((each) => each.addresses.map((one) => one.address))
        : [found.spec.clusterIP];
    return {
      name: full,
      addresses: [...new Set(addresses)].map(text.address).filter((each) => each !== null),
      service: found,
    };
  }
  const pod = /^(\d+-\d+-\d+-\d+)\.([a-z0-9-]+)\.pod\.cluster\.local$/.exec(full);
  const address = pod === null ? null : text.address((pod[1] ?? '').replaceAll('-', '.'));
  return address === null ? null : { name: full, addresses: [address], service: null };
}

/** Who asks outside the cluster: CoreDNS for pods that use it, else the place itself. */
function askerFor(directory: Directory, from: Place): Place | null {
  if (from.kind !== 'pod' || !usesClusterDns(from)) return from;
  const own = directory.pods.find(
    ({ cluster, pod, host }) =>
      cluster === from.cluster && host !== null && pod.metadata.labels?.['k8s-app'] === 'kube-dns',
  );
  return own ?? from;
}

/** Returns the VNet that a place is in; null for hosts outside. */
export function networkOf(directory: Directory, from: Place): NetworkPart | null {
  switch (from.kind) {
    case 'pod':
      return (
        directory.nodes.find((each) => each.node.metadata.name === from.pod.spec.nodeName)?.network ?? null
      );
    case 'node':
    case 'vm':
      return from.network;
    case 'outside':
      return null;
  }
}

function inVirtualNetwork(directory: Directory, network: string, wanted: string): ResolvedName | null {
  const short = wanted.endsWith(`.${AZURE_DOMAIN}`) ? wanted.slice(0, -AZURE_DOMAIN.length - 1) : wanted;
  for (const place of [...directory.nodes, ...directory.machines]) {
    if (place.network?.name !== network || place.address === null) continue;
    const name = place.kind === 'node' ? place.node.metadata.name : place.vm.osProfile.computerName;
    if (name.toLowerCase() === short) {
      return { name: `${short}.${AZURE_DOMAIN}`, addresses: [place.address], service: null };
    }
  }
  return null;
}

function inPublic(directory: Directory, wanted: string): ResolvedName | null {
  const addresses = lookUpPublicName(directory.compiled.inventory, wanted);
  return addresses === null ? null : { name: wanted, addresses, service: null };
}

/** Says that only pods know Service names, when that is why. */
function serviceHint(directory: Directory, wanted: string): string {
  const [name = '', namespace = 'default'] = wanted.split('.');
  const exists = directory.compiled.inventory.clusters.some(
    ({ state }) => state.services[`${namespace}/${name}`] !== undefined,
  );
  return exists ? `; names of Services are known to the cluster's DNS, which answers the cluster's pods` : '';
}
