/** What the API server checks of a Service (kubernetes pkg/apis/core/validation, ValidateService). */
import { parseAddress, sameAddress } from '../ip/address.ts';
import { firstAddress, lastAddress, parsePrefix, prefixContains } from '../ip/prefix.ts';
import { CLIENT_IP_AFFINITY, NODE_PORT_RANGE } from '../limits/kubernetes.ts';
import { invalidValue as wrong } from './kubernetes-error.ts';
import type { FieldError } from './kubernetes-error.ts';
import { DNS_LABEL, labelProblems, qualifiedNameProblems } from './label-validation.ts';
import type { ServiceManifest, ServicePortManifest } from './manifest.ts';
import type { Service } from './objects.ts';
import { portNumberProblems, portProblems } from './port-validation.ts';

type Spec = ServiceManifest['spec'];

/** The older way to write `spec.loadBalancerSourceRanges`; the field wins where both are set. */
export const SOURCE_RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const AFFINITIES = ['ClientIP', 'None'];
const POLICIES = ['Cluster', 'Local'];
const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";

/** Returns the problems of a Service in the order in which the server lists them. */
export function serviceProblems({ metadata, spec }: ServiceManifest, serviceCidr: string): FieldError[] {
  const type: string = spec.type ?? 'ClusterIP';
  return [
    ...(spec.ports.length === 0 && spec.clusterIP !== 'None' && type !== 'ExternalName'
      ? [required('spec.ports')]
      : []),
    ...headlessProblems(spec, type),
    ...portListProblems(spec.ports),
    ...labelProblems('spec.selector', spec.selector),
    ...affinityProblems(spec),
    ...clusterIpProblems(spec.clusterIP, serviceCidr),
    ...familyProblems(spec),
    ...(TYPES.includes(type) ? [] : [unsupported('spec.type', type, TYPES)]),
    ...nodePortProblems(spec.ports, type),
    ...duplicatePorts(spec.ports),
    ...sourceRangeProblems(spec, type, metadata.annotations),
    ...(spec.allocateLoadBalancerNodePorts !== undefined && type !== 'LoadBalancer'
      ? [forbidden('spec.allocateLoadBalancerNodePorts', ONLY_LOAD_BALANCER)]
      : []),
    ...classProblems(spec.loadBalancerClass, type),
    ...trafficPolicyProblems(spec, type),
  ];
}

/** Returns the problems of changing a Service to what the server is about to store. */
export function serviceUpdateProblems(before: Service, after: Service['spec']): FieldError[] {
  const problems: FieldError[] = [];
  const { spec } = before;
  if (spec.clusterIP !== after.clusterIP) {
    problems.push(wrong('spec.clusterIPs[0]', after.clusterIPs, 'may not change once set'));
  }
  if (
    spec.type === 'LoadBalancer' &&
    after.type === 'LoadBalancer' &&
    spec.loadBalancerClass !== after.loadBalancerClass
  ) {
    problems.push(
      wrong('spec.loadBalancerClass', after.loadBalancerClass ?? null, 'may not change once set'),
    );
  }
  const had = spec.healthCheckNodePort;
  const has = after.healthCheckNodePort;
  if (had !== undefined && has !== undefined && had !== has) {
    problems.push(forbidden('spec.healthCheckNodePort', 'field is immutable'));
  }
  return problems;
}

function headlessProblems(spec: Spec, type: string): FieldError[] {
  if (spec.clusterIP !== 'None' || (type !== 'LoadBalancer' && type !== 'NodePort')) return [];
  return [wrong('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)];
}

function portListProblems(ports: readonly ServicePortManifest[]): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, at) => {
    const here = `spec.ports[${at}]`;
    const problems: FieldError[] = [];
    const name = port.name ?? '';
    if (name === '' && ports.length > 1) problems.push(required(`${here}.name`));
    else if (name !== '') {
      problems.push(...dnsLabelProblems(`${here}.name`, name));
      if (names.has(name)) problems.push(duplicate(`${here}.name`, name));
      names.add(name);
    }
    // The decoder lets a port be left out; for the server it is 0 then.
    const number = (port.port as number | undefined) ?? 0;
    problems.push(...portNumberProblems(`${here}.port`, number));
    const protocol: string = port.protocol ?? 'TCP';
    if (!PROTOCOLS.includes(protocol)) problems.push(unsupported(`${here}.protocol`, protocol, PROTOCOLS));
    // The server takes 0 and an empty name for an absent target: it becomes the port.
    problems.push(...portProblems(`${here}.targetPort`, port.targetPort || number));
    if (port.appProtocol !== undefined) {
      problems.push(...qualifiedNameProblems(`${here}.appProtocol`, port.appProtocol));
    }
    return problems;
  });
}

function dnsLabelProblems(path: string, value: string): FieldError[] {
  if (value.length > 63) return [wrong(path, value, 'must be no more than 63 bytes')];
  if (DNS_LABEL.test(value)) return [];
  const why =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
  return [wrong(path, value, why)];
}

function affinityProblems(spec: Spec): FieldError[] {
  const affinity: string = spec.sessionAffinity ?? 'None';
  if (!AFFINITIES.includes(affinity)) {
    return [unsupported('spec.sessionAffinity', affinity, AFFINITIES)];
  }
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (affinity !== 'ClientIP' || seconds === undefined) return [];
  const { longest } = CLIENT_IP_AFFINITY.value;
  return seconds > 0 && seconds <= longest
    ? []
    : [
        wrong(
          'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
          seconds,
          `must be greater than 0 and less than ${longest}`,
        ),
      ];
}

function clusterIpProblems(clusterIP: string | undefined, serviceCidr: string): FieldError[] {
  if (clusterIP === undefined || clusterIP === '' || clusterIP === 'None') return [];
  const range = parsePrefix(serviceCidr);
  const wanted = parseAddress(clusterIP);
  if (!wanted.ok) {
    const why = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
    return [wrong('spec.clusterIPs[0]', clusterIP, why)];
  }
  if (!range.ok) return [];
  const edges = [firstAddress(range.value), lastAddress(range.value)];
  const isEdge = edges.some((each) => sameAddress(each, wanted.value));
  // The first address of the range and the last are nobody's (ipallocator.go, firstAddress and lastAddress).
  if (prefixContains(range.value, wanted.value) && !isEdge) return [];
  const why = `failed to allocate IP ${clusterIP}: the provided IP (${clusterIP}) is not in the valid range. The range of valid IPs is ${serviceCidr}`;
  return [wrong('spec.clusterIPs', [clusterIP], why)];
}

/** The cluster has IPv4 only (pkg/registry/core/service/storage/alloc.go, initIPFamilyFields). */
function familyProblems(spec: Spec): FieldError[] {
  const families = spec.ipFamilies ?? [];
  const policy: string = spec.ipFamilyPolicy ?? 'SingleStack';
  const problems = families.flatMap((family, at) => {
    const path = `spec.ipFamilies[${at}]`;
    if (!FAMILIES.includes(family)) return [unsupported(path, family, FAMILIES)];
    return families.indexOf(family) < at ? [duplicate(path, family)] : [];
  });
  if (!FAMILY_POLICIES.includes(policy)) {
    problems.push(unsupported('spec.ipFamilyPolicy', policy, FAMILY_POLICIES));
  }
  if (problems.length > 0) return problems;
  if (policy === 'SingleStack' && families.length > 1) {
    const why = "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified";
    return [wrong('spec.ipFamilyPolicy', policy, why)];
  }
  // Whoever makes the endpoints of a headless Service by hand may have both families anywhere.
  if (spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0) return [];
  if (policy === 'RequireDualStack') {
    const why = 'this cluster is not configured for dual-stack services';
    problems.push(wrong('spec.ipFamilyPolicy', policy, why));
  }
  const other = families.indexOf('IPv6');
  if (other >= 0) {
    problems.push(wrong(`spec.ipFamilies[${other}]`, 'IPv6', 'not configured on this cluster'));
  }
  return problems;
}

function nodePortProblems(ports: readonly ServicePortManifest[], type: string): FieldError[] {
  const { lowest, highest } = NODE_PORT_RANGE.value;
  const problems: FieldError[] = [];
  const seen = new Set<string>();
  for (const [at, { nodePort = 0, protocol = 'TCP' }] of ports.entries()) {
    if (nodePort === 0) continue;
    const path = `spec.ports[${at}].nodePort`;
    if (type === 'ClusterIP') {
      problems.push(forbidden(path, "may not be used when `type` is 'ClusterIP'"));
    } else if (nodePort < lowest || nodePort > highest) {
      const why = `provided port is not in the valid range. The range of valid ports is ${lowest}-${highest}`;
      problems.push(wrong(path, nodePort, why));
    }
    if (seen.has(`${protocol}/${nodePort}`)) problems.push(duplicate(path, nodePort));
    seen.add(`${protocol}/${nodePort}`);
  }
  return problems;
}

function duplicatePorts(ports: readonly ServicePortManifest[]): FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap(({ port, protocol = 'TCP' }, at) => {
    const id = `${protocol}/${port}`;
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    // The server prints its own structure, whose fields have no JSON names.
    const key = { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    return [duplicate(`spec.ports[${at}]`, key)];
  });
}

/** The capital letter in the field's path is the server's. */
function sourceRangeProblems(
  spec: Spec,
  type: string,
  annotations: Readonly<Record<string, string>> | undefined,
): FieldError[] {
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const annotation = annotations?.[SOURCE_RANGES_ANNOTATION];
  if (ranges.length > 0) {
    const path = 'spec.LoadBalancerSourceRanges';
    return [
      ...(type === 'LoadBalancer' ? [] : [forbidden(path, ONLY_LOAD_BALANCER)]),
      ...ranges.flatMap((range, at) => rangeProblems(`${path}[${at}]`, range.trim())),
    ];
  }
  if (annotation === undefined) return [];
  const path = `metadata.annotations[${SOURCE_RANGES_ANNOTATION}]`;
  return [
    ...(type === 'LoadBalancer' ? [] : [forbidden(path, ONLY_LOAD_BALANCER)]),
    ...(annotation.trim() === ''
      ? []
      : annotation.split(',').flatMap((range) => rangeProblems(path, range.trim()))),
  ];
}

function rangeProblems(path: string, range: string): FieldError[] {
  return isCidr(range)
    ? []
    : [wrong(path, range, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
}

/** As Go's `ParseCIDR`: host bits may be set, in both families. */
function isCidr(text: string): boolean {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  if (address === '') return false;
  if (address.includes(':')) return isIpv6(address) && Number(length) <= 128;
  const octets = address.split('.');
  return (
    octets.length === 4 &&
    octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255) &&
    Number(length) <= 32
  );
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  return (
    groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) &&
    (halves.length === 2 ? groups.length < 8 : groups.length === 8)
  );
}

function classProblems(loadBalancerClass: string | undefined, type: string): FieldError[] {
  if (loadBalancerClass === undefined) return [];
  return type === 'LoadBalancer'
    ? qualifiedNameProblems('spec.loadBalancerClass', loadBalancerClass)
    : [forbidden('spec.loadBalancerClass', ONLY_LOAD_BALANCER)];
}

function trafficPolicyProblems(spec: Spec, type: string): FieldError[] {
  const problems: FieldError[] = [];
  const external: string = spec.externalTrafficPolicy ?? '';
  if (type !== 'LoadBalancer' && type !== 'NodePort') {
    if (external !== '') {
      const why = 'may only be set for externally-accessible services';
      problems.push(wrong('spec.externalTrafficPolicy', external, why));
    }
  } else if (external !== '' && !POLICIES.includes(external)) {
    problems.push(unsupported('spec.externalTrafficPolicy', external, POLICIES));
  }
  const health = spec.healthCheckNodePort ?? 0;
  if (health !== 0 && !(type === 'LoadBalancer' && external === 'Local')) {
    const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    problems.push(wrong('spec.healthCheckNodePort', health, why));
  }
  const internal: string = spec.internalTrafficPolicy ?? 'Cluster';
  if (!POLICIES.includes(internal)) {
    problems.push(unsupported('spec.internalTrafficPolicy', internal, POLICIES));
  }
  return problems;
}

function required(path: string): FieldError {
  return { path, problem: 'Required value' };
}

function forbidden(path: string, why: string): FieldError {
  return { path, problem: `Forbidden: ${why}` };
}

function duplicate(path: string, value: unknown): FieldError {
  return { path, problem: `Duplicate value: ${JSON.stringify(value)}` };
}

function unsupported(path: string, value: string, supported: readonly string[]): FieldError {
  const list = supported.map((each) => JSON.stringify(each)).join(', ');
  return { path, problem: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}` };
}
