/** What the API server checks of a pod's spec (kubernetes pkg/apis/core/validation, ValidatePodSpec). */
import { invalidValue as wrong } from './kubernetes-error.ts';
import type { FieldError } from './kubernetes-error.ts';
import { DNS_LABEL, labelProblems, qualifiedNameProblems } from './label-validation.ts';
import type { Manifest } from './manifest.ts';
import type { Container, PodSpec, Probe, ResourceRequirements } from './objects.ts';
import { portNameProblems, portNumberProblems, portProblems } from './port-validation.ts';
import { parseQuantity } from './quantity.ts';
import { mountProblems, variableProblems, volumeProblems } from './volume-validation.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const NOT_NEGATIVE = 'must be greater than or equal to 0';
/** What a container may ask for besides names with a domain, as `nvidia.com/gpu`. */
const STANDARD_RESOURCES = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

export function podProblems(spec: PodSpec, path: string, kind: Manifest['kind']): FieldError[] {
  const problems = volumeProblems(spec, path);
  if (spec.containers.length === 0) problems.push(required(`${path}.containers`));
  const seen = new Set<string>();
  for (const [at, container] of spec.containers.entries()) {
    const here = `${path}.containers[${at}]`;
    if (seen.has(container.name)) {
      problems.push({ path: `${here}.name`, problem: `Duplicate value: ${JSON.stringify(container.name)}` });
    }
    seen.add(container.name);
    problems.push(...containerProblems(container, here), ...variableProblems(container, here));
    problems.push(...mountProblems(container, spec, here));
  }
  problems.push(...policyProblems(spec, path, kind), ...hostPortProblems(spec, path, kind));
  const grace = spec.terminationGracePeriodSeconds;
  if (grace !== undefined && grace < 0) {
    problems.push(wrong(`${path}.terminationGracePeriodSeconds`, grace, NOT_NEGATIVE));
  }
  problems.push(...labelProblems(`${path}.nodeSelector`, spec.nodeSelector));
  return [...problems, ...tolerationProblems(spec, `${path}.tolerations`)];
}

function policyProblems(spec: PodSpec, path: string, kind: Manifest['kind']): FieldError[] {
  const problems: FieldError[] = [];
  const restart: string = spec.restartPolicy || 'Always';
  const allowed = kind === 'Pod' ? RESTART_POLICIES : ['Always'];
  if (!allowed.includes(restart)) problems.push(unsupported(`${path}.restartPolicy`, restart, allowed));
  const dns = spec.dnsPolicy || 'ClusterFirst';
  if (!DNS_POLICIES.includes(dns)) problems.push(unsupported(`${path}.dnsPolicy`, dns, DNS_POLICIES));
  // A manifest with a dnsConfig, which is not simulated, does not come this far.
  if (dns === 'None') {
    const why = 'must provide `dnsConfig` when `dnsPolicy` is None';
    problems.push({ path: `${path}.dnsConfig`, problem: `Required value: ${why}` });
  }
  return problems;
}

/** In the node's network namespace a port is what it is; a template leaves the host's to be filled in. */
function hostPortProblems(spec: PodSpec, path: string, kind: Manifest['kind']): FieldError[] {
  const problems: FieldError[] = [];
  const seen = new Set<string>();
  for (const [at, container] of spec.containers.entries()) {
    for (const [number, port] of (container.ports ?? []).entries()) {
      const here = `${path}.containers[${at}].ports[${number}].hostPort`;
      const filledIn = spec.hostNetwork === true && kind === 'Pod' ? port.containerPort : 0;
      const hostPort = port.hostPort || filledIn;
      if (hostPort === 0) continue;
      const text = `${port.protocol || 'TCP'}//${hostPort}`;
      if (seen.has(text)) problems.push({ path: here, problem: `Duplicate value: ${JSON.stringify(text)}` });
      seen.add(text);
      if (spec.hostNetwork === true && hostPort !== port.containerPort) {
        problems.push(wrong(here, hostPort, 'must match `containerPort` when `hostNetwork` is true'));
      }
    }
  }
  return problems;
}

function tolerationProblems(spec: PodSpec, path: string): FieldError[] {
  return (spec.tolerations ?? []).flatMap((toleration, at) => {
    const here = `${path}[${at}]`;
    const { key = '', value = '', effect = '' } = toleration;
    const operator: string = toleration.operator ?? '';
    const problems = key === '' ? [] : qualifiedNameProblems(`${here}.key`, key);
    if (key === '' && operator !== 'Exists') {
      const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      problems.push(wrong(`${here}.operator`, operator, why));
    }
    if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute') {
      const why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
      problems.push(wrong(`${here}.effect`, effect, why));
    }
    if (operator === '' || operator === 'Equal') {
      problems.push(...labelProblems(`${here}.operator`, { value }));
    } else if (operator !== 'Exists') {
      problems.push(unsupported(`${here}.operator`, operator, ['Equal', 'Exists']));
    } else if (value !== '') {
      problems.push(wrong(`${here}.operator`, toleration, "value must be empty when `operator` is 'Exists'"));
    }
    if (effect !== '' && !EFFECTS.includes(effect)) {
      problems.push(unsupported(`${here}.effect`, effect, EFFECTS));
    }
    return problems;
  });
}

function containerProblems(container: Container, here: string): FieldError[] {
  const problems: FieldError[] = [];
  if (container.name === '') problems.push(required(`${here}.name`));
  else if (!DNS_LABEL.test(container.name) || container.name.length > 63) {
    problems.push(
      wrong(
        `${here}.name`,
        container.name,
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ),
    );
  }
  const { image } = container;
  if (image.trim() === '') problems.push(required(`${here}.image`));
  else if (image !== image.trim()) {
    problems.push(wrong(`${here}.image`, image, 'must not have leading or trailing whitespace'));
  }
  problems.push(...containerPortProblems(container, `${here}.ports`));
  const pull: string = container.imagePullPolicy || 'Always';
  if (!PULL_POLICIES.includes(pull)) {
    problems.push(unsupported(`${here}.imagePullPolicy`, pull, PULL_POLICIES));
  }
  for (const kind of ['livenessProbe', 'readinessProbe'] as const) {
    problems.push(...probeProblems(`${here}.${kind}`, container[kind]));
  }
  const once = container.livenessProbe?.successThreshold ?? 1;
  // The server takes 0 for an absent number: it becomes 1.
  if (once > 1) problems.push(wrong(`${here}.livenessProbe.successThreshold`, once, 'must be 1'));
  return [...problems, ...resourceProblems(container.resources, `${here}.resources`)];
}

function containerPortProblems(container: Container, path: string): FieldError[] {
  const names = new Set<string>();
  return (container.ports ?? []).flatMap((port, at) => {
    const here = `${path}[${at}]`;
    const { name = '' } = port;
    const problems = name === '' ? [] : portNameProblems(`${here}.name`, name);
    if (names.has(name)) {
      problems.push({ path: `${here}.name`, problem: `Duplicate value: ${JSON.stringify(name)}` });
    }
    if (name !== '') names.add(name);
    // The decoder lets a port be left out; for the server it is 0 then.
    const number = (port.containerPort as number | undefined) ?? 0;
    problems.push(
      ...(number === 0
        ? [required(`${here}.containerPort`)]
        : portNumberProblems(`${here}.containerPort`, number)),
    );
    if (port.hostPort !== undefined && port.hostPort !== 0) {
      problems.push(...portNumberProblems(`${here}.hostPort`, port.hostPort));
    }
    const protocol: string = port.protocol || 'TCP';
    if (!PROTOCOLS.includes(protocol)) problems.push(unsupported(`${here}.protocol`, protocol, PROTOCOLS));
    return problems;
  });
}

function resourceProblems(resources: ResourceRequirements | undefined, path: string): FieldError[] {
  const problems: FieldError[] = [];
  for (const kind of ['limits', 'requests'] as const) {
    for (const [name, quantity] of Object.entries(resources?.[kind] ?? {})) {
      const here = `${path}.${kind}[${name}]`;
      const amount = parseQuantity(quantity);
      if (amount === null) {
        const why =
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
        problems.push(wrong(here, quantity, why));
        continue;
      }
      if (!name.includes('/') && !STANDARD_RESOURCES.test(name)) {
        problems.push(wrong(here, name, 'must be a standard resource for containers'));
      }
      if (amount < 0) problems.push(wrong(here, quantity, NOT_NEGATIVE));
      const limit = kind === 'requests' ? resources?.limits?.[name] : undefined;
      const most = limit === undefined ? null : parseQuantity(limit);
      if (limit !== undefined && most !== null && amount > most) {
        const why = `must be less than or equal to ${name} limit of ${limit}`;
        problems.push(wrong(`${path}.requests`, quantity, why));
      }
    }
  }
  return problems;
}

function probeProblems(path: string, probe: Probe | undefined): FieldError[] {
  if (probe === undefined) return [];
  const problems: FieldError[] = [];
  const handlers = (['exec', 'httpGet', 'tcpSocket'] as const).filter((each) => probe[each] !== undefined);
  if (handlers.length === 0) problems.push({ path, problem: 'Required value: must specify a handler type' });
  for (const second of handlers.slice(1)) {
    problems.push({
      path: `${path}.${second}`,
      problem: 'Forbidden: may not specify more than 1 handler type',
    });
  }
  for (const handler of ['httpGet', 'tcpSocket'] as const) {
    const port = probe[handler]?.port;
    if (port !== undefined) problems.push(...portProblems(`${path}.${handler}.port`, port));
  }
  const scheme: string = probe.httpGet?.scheme ?? 'HTTP';
  if (scheme !== 'HTTP' && scheme !== 'HTTPS') {
    problems.push(unsupported(`${path}.httpGet.scheme`, scheme, ['HTTP', 'HTTPS']));
  }
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const) {
    const number = probe[field] ?? 0;
    if (number < 0) problems.push(wrong(`${path}.${field}`, number, NOT_NEGATIVE));
  }
  return problems;
}

function required(path: string): FieldError {
  return { path, problem: 'Required value' };
}

function unsupported(path: string, value: string, supported: readonly string[]): FieldError {
  const values = supported.map((each) => JSON.stringify(each)).join(', ');
  return { path, problem: `Unsupported value: ${JSON.stringify(value)}: supported values: ${values}` };
}
