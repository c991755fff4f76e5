/**
 * What the API server checks of a NetworkPolicy, in its order and words (kubernetes
 * pkg/apis/networking/validation/validation.go, apimachinery pkg/apis/meta/v1/validation).
 */
import { isStrictSubset, parseIpBlock } from './ip-block.ts';
import { invalidValue as wrong } from './kubernetes-error.ts';
import type { FieldError } from './kubernetes-error.ts';
import { labelProblems } from './label-validation.ts';
import type { NetworkPolicyManifest } from './manifest.ts';
import type {
  FullLabelSelector,
  LabelSelectorRequirement,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from './objects.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const POLICY_TYPES = ['Ingress', 'Egress'];
const LONGEST_PORT_NAME = 15;

/** Returns every problem of the spec, in the order of the server's checks. */
export function networkPolicyProblems(spec: NetworkPolicyManifest['spec']): FieldError[] {
  const { ingress = [], egress = [], policyTypes = [] } = spec;
  const problems = [
    ...selectorProblems(spec.podSelector, 'spec.podSelector'),
    ...ingress.flatMap((rule, at) => ruleProblems(`spec.ingress[${at}]`, 'from', rule.ports, rule.from)),
    ...egress.flatMap((rule, at) => ruleProblems(`spec.egress[${at}]`, 'to', rule.ports, rule.to)),
  ];
  if (policyTypes.length > POLICY_TYPES.length) {
    return [...problems, wrong('spec.policyTypes', policyTypes, 'may not specify more than two policyTypes')];
  }
  return [
    ...problems,
    ...policyTypes.flatMap((type, at) => unsupported(`spec.policyTypes[${at}]`, type, POLICY_TYPES)),
  ];
}

function ruleProblems(
  path: string,
  side: 'from' | 'to',
  ports: readonly NetworkPolicyPort[] = [],
  peers: readonly NetworkPolicyPeer[] = [],
): FieldError[] {
  return [
    ...ports.flatMap((port, at) => portProblems(port, `${path}.ports[${at}]`)),
    ...peers.flatMap((peer, at) => peerProblems(peer, `${path}.${side}[${at}]`)),
  ];
}

function portProblems({ protocol, port, endPort }: NetworkPolicyPort, path: string): FieldError[] {
  const problems = protocol === undefined ? [] : unsupported(`${path}.protocol`, protocol, PROTOCOLS);
  const end = `${path}.endPort`;
  if (port === undefined) {
    if (endPort !== undefined)
      problems.push(wrong(end, endPort, 'may not be specified when `port` is not specified'));
  } else if (typeof port === 'number') {
    problems.push(...portNumberProblems(`${path}.port`, port));
    if (endPort !== undefined) {
      if (endPort < port) problems.push(wrong(end, endPort, 'must be greater than or equal to `port`'));
      problems.push(...portNumberProblems(end, endPort));
    }
  } else {
    if (endPort !== undefined)
      problems.push(wrong(end, endPort, 'may not be specified when `port` is non-numeric'));
    problems.push(...portNameProblems(port).map((why) => wrong(`${path}.port`, port, why)));
  }
  return problems;
}

function portNumberProblems(path: string, port: number): FieldError[] {
  return port >= 1 && port <= 65535 ? [] : [wrong(path, port, 'must be between 1 and 65535, inclusive')];
}

/** What is wrong with the name of a port (apimachinery, IsValidPortName). */
function portNameProblems(name: string): string[] {
  return [
    ...(name.length > LONGEST_PORT_NAME ? [`must be no more than ${LONGEST_PORT_NAME} characters`] : []),
    ...(/^[-a-z0-9]+$/.test(name)
      ? []
      : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
    ...(/[a-z]/.test(name) ? [] : ['must contain at least one letter (a-z)']),
    ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
    ...(name.startsWith('-') || name.endsWith('-') ? ['must not begin or end with a hyphen'] : []),
  ];
}

function peerProblems(peer: NetworkPolicyPeer, path: string): FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const problems = [
    ...(podSelector === undefined ? [] : selectorProblems(podSelector, `${path}.podSelector`)),
    ...(namespaceSelector === undefined
      ? []
      : selectorProblems(namespaceSelector, `${path}.namespaceSelector`)),
    ...(ipBlock === undefined ? [] : ipBlockProblems(ipBlock, `${path}.ipBlock`)),
  ];
  const selectors = podSelector !== undefined || namespaceSelector !== undefined;
  if (!selectors && ipBlock === undefined) {
    problems.push({ path, problem: 'Required value: must specify a peer' });
  } else if (selectors && ipBlock !== undefined) {
    problems.push({ path, problem: 'Forbidden: may not specify both ipBlock and another peer' });
  }
  return problems;
}

function ipBlockProblems(
  { cidr, except = [] }: NonNullable<NetworkPolicyPeer['ipBlock']>,
  path: string,
): FieldError[] {
  if (cidr === '') return [{ path: `${path}.cidr`, problem: 'Required value' }];
  const outer = parseIpBlock(cidr);
  if (outer === null) return [notCidr(`${path}.cidr`, cidr)];
  return except.flatMap((text, at): FieldError[] => {
    const here = `${path}.except[${at}]`;
    const inner = parseIpBlock(text);
    if (inner === null) return [notCidr(here, text)];
    return isStrictSubset(inner, outer) ? [] : [wrong(here, text, 'must be a strict subset of `cidr`')];
  });
}

function notCidr(path: string, text: string): FieldError {
  return wrong(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
}

function selectorProblems(selector: FullLabelSelector, path: string): FieldError[] {
  return [
    ...labelProblems(`${path}.matchLabels`, selector.matchLabels),
    ...(selector.matchExpressions ?? []).flatMap((each, at) =>
      requirementProblems(each, `${path}.matchExpressions[${at}]`),
    ),
  ];
}

function requirementProblems(requirement: LabelSelectorRequirement, path: string): FieldError[] {
  const { key, operator, values = [] } = requirement;
  return [
    ...operatorProblems(operator, values, path),
    ...labelProblems(`${path}.key`, { [key]: '' }),
    ...values.flatMap((value, at) => labelProblems(`${path}.values[${at}]`, { key: value })),
  ];
}

/** The operator is whatever the client wrote. */
function operatorProblems(operator: string, values: readonly string[], path: string): FieldError[] {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length > 0) return [];
    return [
      {
        path: `${path}.values`,
        problem: "Required value: must be specified when `operator` is 'In' or 'NotIn'",
      },
    ];
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length === 0) return [];
    return [
      {
        path: `${path}.values`,
        problem: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      },
    ];
  }
  return [wrong(`${path}.operator`, operator, 'not a valid selector operator')];
}

function unsupported(path: string, value: string, supported: readonly string[]): FieldError[] {
  if (supported.includes(value)) return [];
  const list = supported.map((each) => JSON.stringify(each)).join(', ');
  return [{ path, problem: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}` }];
}
