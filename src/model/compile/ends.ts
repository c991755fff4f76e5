/**
 * netpath's ENDs: `pod/[NAMESPACE/]NAME`, `node/NAME`, `vm/NAME`, `host/NAME`, `service/[NAMESPACE/]NAME`,
 * `lb/NAME`, `firewall/NAME`, `pe/NAME`, `internet`, an address, or a URL. `@CLUSTER` after a Kubernetes name picks one of several clusters.
 */
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { address, addressKey, formatIpError, parseAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import type { Service } from '../kubernetes/objects.ts';
import { closeNames } from '../close-names.ts';
import { NO_NAME } from '../network/network.ts';
import type { Request } from '../network/network.ts';
import { WORKSTATION } from '../outside-host.ts';
import type { Directory, Place } from './directory.ts';
import { fail } from './end-error.ts';
import type { EndError } from './end-error.ts';
import { firewallNamed } from './firewall-end.ts';
import type { NetworkPart } from './inventory.ts';
import { externalAddress, frontendNamed } from './load-balancer-end.ts';
import { hostNamed, kubernetesName, machineNamed, nodeNamed, podNamed } from './named-place.ts';
import { resolveName } from './names.ts';
import { endpointNamed } from './private-link-end.ts';
import { isUrl, readUrl } from './url-parts.ts';

/** Where a flow goes. */
export interface Target {
  readonly label: string;
  readonly address: Address;
  /** What the end itself says about port and protocol; null where it says nothing. */
  readonly port: number | null;
  readonly scheme: 'http' | 'https' | null;
  /** Null for an address that nothing simulated has, and for names of Services. */
  readonly place: Place | null;
  readonly service: Service | null;
  /** What a connection to it says it is for; absent where the end does not say. */
  readonly request?: Request;
}

const LOOPBACK = address('127.0.0.1');
const FORMS = 'pod/[NAMESPACE/]NAME, node/NAME, vm/NAME, host/NAME, internet, an address, or a URL';

/** Returns the place a flow starts at. */
export function resolveSource(directory: Directory, end: string): Result<Place, EndError> {
  const found = resolvePlace(directory, end, 'from');
  if (!found.ok) return found;
  const { away, host, label } = found.value;
  return host === null ? fail(end, `${label} cannot send: ${away ?? 'it is not on the network'}.`) : found;
}

/** Returns where a flow from `source` to `end` goes. */
export function resolveTarget(directory: Directory, end: string, source: Place): Result<Target, EndError> {
  if (isUrl(end)) return resolveUrl(directory, end, source);
  const service = /^(?:service|services|svc)\/(.+)$/i.exec(end);
  if (service !== null) return resolveService(directory, end, service[1] ?? '', source);
  const balancer = /^lb\/(.+)$/i.exec(end);
  if (balancer !== null) {
    const frontend = frontendNamed(directory.compiled, end, balancer[1] ?? '');
    return frontend.ok ? ok({ ...frontend.value, scheme: null, place: null, service: null }) : frontend;
  }
  const firewall = /^firewall\/(.+)$/i.exec(end);
  if (firewall !== null) {
    const named = firewallNamed(directory.compiled, end, firewall[1] ?? '', isFromInternet(source));
    return named.ok ? ok({ ...named.value, port: null, scheme: null, place: null, service: null }) : named;
  }
  const endpoint = /^pe\/(.+)$/i.exec(end);
  if (endpoint !== null) {
    const named = endpointNamed(directory.compiled.inventory, end, endpoint[1] ?? '');
    return named.ok ? ok({ ...named.value, port: null, scheme: null, place: null, service: null }) : named;
  }
  const address = parseAddress(end);
  if (address.ok) return ok(addressTarget(directory, address.value, end, source));
  const found = resolvePlace(directory, end, 'to');
  if (!found.ok) return found;
  const place = found.value;
  const reached = addressFor(place, source);
  if (reached === null)
    return fail(end, `${place.label} cannot be reached: ${place.away ?? 'it has no address'}.`);
  return ok({ label: place.label, address: reached, port: null, scheme: null, place, service: null });
}

/** From the internet, a machine with a public address is asked for by that one. */
function addressFor(place: Place, source: Place): Address | null {
  return isFromInternet(source) && place.kind === 'vm'
    ? (place.publicAddress ?? place.address)
    : place.address;
}

function isFromInternet(source: Place): boolean {
  return source.kind === 'outside' && source.outside.kind === 'internet';
}

function addressTarget(directory: Directory, address: Address, label: string, source: Place): Target {
  const owners = directory.byAddress.get(addressKey(address)) ?? [];
  return {
    label,
    address,
    port: null,
    scheme: null,
    place:
      owners.find((each) => shareNetwork(each, source)) ??
      owners.find((each) => arePeered(directory, each, source)) ??
      owners[0] ??
      null,
    service: null,
  };
}

/** Pods of one cluster are told from pods of another with the same range by who asks: its nodes and pods. */
function shareNetwork(one: Place, other: Place): boolean {
  if (one.kind === 'pod' || other.kind === 'pod') {
    const cluster = (place: Place): unknown =>
      place.kind === 'pod' || place.kind === 'node' ? place.cluster.key : null;
    return cluster(one) === cluster(other);
  }
  const network = (place: typeof one): unknown => (place.kind === 'outside' ? null : place.network?.key);
  return network(one) === network(other);
}

/** Where VNets that are no peers have the same addresses, one means the VNet that one is peered with. */
function arePeered(directory: Directory, one: Place, other: Place): boolean {
  const peers = networkOf(directory, other)?.peers ?? [];
  return peers.some((peer) => peer.network === networkOf(directory, one));
}

function networkOf(directory: Directory, place: Place): NetworkPart | null {
  switch (place.kind) {
    case 'pod':
      return (
        directory.nodes.find((each) => each.node.metadata.name === place.pod.spec.nodeName)?.network ?? null
      );
    case 'node':
    case 'vm':
      return place.network;
    case 'outside':
      return null;
  }
}

function resolvePlace(directory: Directory, end: string, side: 'from' | 'to'): Result<Place, EndError> {
  if (end.trim() === '') return fail(end, `an END is needed: ${FORMS}.`);
  const address = parseAddress(end);
  if (address.ok) return placeOfAddress(directory, end, address.value);
  if (isUrl(end)) {
    return fail(end, `${end} is a URL, and a URL can only be the END that a flow goes to.`);
  }
  if (end.toLowerCase() === 'internet') {
    const place = directory.outside.find((each) => each.outside.kind === 'internet');
    return place === undefined
      ? fail(end, 'there is no host on the internet in this simulation.')
      : ok(place);
  }
  if (end === WORKSTATION) return hostNamed(directory, end, end);
  const slash = end.indexOf('/');
  const kind = slash < 0 ? '' : end.slice(0, slash).toLowerCase();
  const name = end.slice(slash + 1);
  switch (kind) {
    case 'pod':
    case 'pods':
    case 'po':
      return podNamed(directory, end, name);
    case 'node':
    case 'nodes':
    case 'no':
      return nodeNamed(directory, end, name);
    case 'vm':
      return machineNamed(directory, end, name);
    case 'host':
      return hostNamed(directory, end, name);
    case 'service':
    case 'services':
    case 'svc':
      return fail(end, `a Service sends nothing; give the pod, node or host that does.`);
    case 'lb':
      return fail(end, `a load balancer sends nothing of its own; give the pod, node or host that does.`);
    case 'firewall':
      return fail(end, `a firewall sends nothing of its own; give the pod, node or host that does.`);
    case 'pe':
      return fail(end, `a private endpoint sends nothing of its own; give the pod, node or host that does.`);
    case 'deployment':
    case 'deploy':
    case 'deployments':
    case 'replicaset':
    case 'rs':
    case 'daemonset':
    case 'ds': {
      const close = directory.pods
        .map((each) => each.label)
        .filter((label) => label.includes(`/${name.split('/').at(-1) ?? name}-`));
      return fail(end, `netpath needs one pod, not a ${kind}.`, close.slice(0, 3));
    }
  }
  return badForm(directory, end, address.error, side);
}

function badForm(
  directory: Directory,
  end: string,
  error: Parameters<typeof formatIpError>[0],
  side: 'from' | 'to',
): Result<Place, EndError> {
  if (/^[\d.:]+$/.test(end) || /^[\da-f]*:[\da-f:]+$/i.test(end)) {
    const port = /^([\d.]+):(\d+)$/.exec(end);
    if (port !== null && parseAddress(port[1] ?? '').ok) {
      return fail(end, `${end} has a port in it; give it with --port ${port[2] ?? ''}.`, [port[1] ?? '']);
    }
    return fail(end, `${formatIpError(error)}.`, error.suggestion === undefined ? [] : [error.suggestion]);
  }
  if (/^[\d.]+\/\d+$/.test(end)) return fail(end, `${end} is a prefix; an END is one address.`);
  const close = closeNames(end.split('/').at(-1) ?? end, shortNames(directory).keys());
  const suggestions = close.flatMap((each) => shortNames(directory).get(each) ?? []);
  const url =
    side === 'to' && /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/.*)?$/i.test(end) ? [`http://${end}`] : [];
  return fail(end, `${end} is no END: give ${FORMS}.`, [...url, ...suggestions]);
}

function placeOfAddress(directory: Directory, end: string, address: Address): Result<Place, EndError> {
  const owners = directory.byAddress.get(addressKey(address)) ?? [];
  const [only] = owners;
  if (only === undefined)
    return fail(end, `nothing in this simulation has the address ${end}, so nothing can send from it.`);
  if (owners.length > 1) {
    const labels = owners.map((each) => each.label);
    return fail(end, `${end} is the address of ${labels.join(' and ')}; say which.`, labels);
  }
  return ok(only);
}

function resolveService(
  directory: Directory,
  end: string,
  text: string,
  source: Place,
): Result<Target, EndError> {
  const parsed = kubernetesName(directory, end, text);
  if (!parsed.ok) return parsed;
  const { namespace, name, clusters } = parsed.value;
  const wanted = `${namespace ?? 'default'}/${name}`;
  const own = clusters.filter(
    (each) => source.kind !== 'outside' && source.kind !== 'vm' && each === source.cluster,
  );
  const found = (own.length > 0 ? own : clusters).flatMap(({ state }) => state.services[wanted] ?? []);
  const [service] = found;
  if (service === undefined) {
    const all = clusters.flatMap(({ state }) => Object.keys(state.services));
    const elsewhere = all.filter((each) => each.endsWith(`/${name}`));
    const close = elsewhere.length > 0 ? elsewhere : closeNames(wanted, all);
    return fail(
      end,
      `there is no Service ${name} in namespace ${namespace ?? 'default'}.`,
      close.map((each) => `service/${each}`),
    );
  }
  if (found.length > 1)
    return fail(end, `several clusters have a Service ${wanted}; say which with @CLUSTER.`);
  const shared = { label: `service/${wanted}`, port: service.spec.ports[0]?.port ?? null, service };
  // Its own cluster's pods and nodes use the cluster IP; everybody else can only use the external address.
  const outside = own.length > 0 ? ok(null) : externalAddress(end, service);
  if (!outside.ok) return outside;
  if (outside.value !== null) return ok({ ...shared, address: outside.value, scheme: null, place: null });
  const address = parseAddress(service.spec.clusterIP);
  if (!address.ok) {
    return fail(
      end,
      `Service ${wanted} has no cluster IP (${service.spec.clusterIP}); give one of its pods.`,
    );
  }
  return ok({ ...shared, address: address.value, scheme: null, place: null });
}

function resolveUrl(directory: Directory, end: string, source: Place): Result<Target, EndError> {
  const parts = readUrl(end);
  if (!parts.ok) return parts;
  const { scheme, host: name, port } = parts.value;
  const address = parseAddress(name);
  const request = requestFor(scheme, name);
  if (address.ok)
    return ok({ ...addressTarget(directory, address.value, end, source), port, scheme, request });
  // In /etc/hosts everywhere.
  if (name.toLowerCase() === 'localhost') {
    return ok({ ...addressTarget(directory, LOOPBACK, end, source), port, scheme, request });
  }
  if (/^[\d.]+$/.test(name)) return fail(end, `${formatIpError(address.error)}.`);
  const resolved = resolveName(directory, source, name);
  if (!resolved.ok) return fail(end, `${resolved.error}.`);
  const [first] = resolved.value.addresses;
  if (first === undefined) return fail(end, `${name} resolves, but to no address: nothing is behind it.`);
  return ok({
    ...addressTarget(directory, first, end, source),
    port,
    scheme,
    service: resolved.value.service,
    request,
  });
}

/** What a client says that was given a URL with this host: to an address, TLS names no server (RFC 6066, section 3). */
export function requestFor(protocol: Request['protocol'], host: string): Request {
  const isName = protocol === 'http' || !parseAddress(host).ok;
  return { protocol, host: isName ? host.toLowerCase().replace(/\.$/, '') : NO_NAME };
}

function shortNames(directory: Directory): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const each of directory.pods) names.set(each.pod.metadata.name, each.label);
  for (const each of directory.nodes) names.set(each.node.metadata.name, each.label);
  for (const each of directory.machines) names.set(each.vm.name, each.label);
  for (const each of directory.outside) names.set(each.outside.name, each.label);
  return names;
}
