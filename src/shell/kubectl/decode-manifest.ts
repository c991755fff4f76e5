/** Turns parsed YAML into manifests, as strictly as the API server does. */
import type { Manifest } from '../../model/kubernetes/manifest.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { clientError, notSimulated, type KubectlFailure } from './failure.ts';
import { KIND_SCHEMAS, type Schema } from './manifest-schema.ts';
import { networkPolicySpec } from './network-policy-manifest.ts';

type Data = Readonly<Record<string, unknown>>;

interface Findings {
  readonly unknown: string[];
  readonly unmodelled: string[];
  readonly mistyped: string[];
}

/** `source` is for the error's words: `error when creating "web.yaml"`. */
export function decodeManifest(data: unknown, source: string): Result<Manifest, KubectlFailure> {
  if (!isRecord(data)) {
    return err(
      clientError(`error parsing ${source}: error converting YAML to JSON: a manifest must be an object`),
    );
  }
  const missing = [
    ...(typeof data['apiVersion'] === 'string' ? [] : ['apiVersion not set']),
    ...(typeof data['kind'] === 'string' ? [] : ['kind not set']),
  ];
  if (missing.length > 0) {
    const list = missing.length === 1 ? (missing[0] ?? '') : `[${missing.join(', ')}]`;
    return err(
      clientError(
        `error validating "${source}": error validating data: ${list}; if you choose to ignore these errors, turn validation off with --validate=false`,
      ),
    );
  }
  const kind = String(data['kind']);
  const apiVersion = String(data['apiVersion']);
  const name = nameOf(data);
  const known = KIND_SCHEMAS[kind];
  if (known === undefined) {
    if (REAL_KINDS.has(kind)) return err(notSimulated(`${kind} "${name}" in ${source}: the kind ${kind}`));
    return err(noMatch(name, data, source, kind, apiVersion));
  }
  if (/(^|\.)projectcalico\.org\//.test(apiVersion)) {
    return err(notSimulated(`${kind} "${name}" in ${source}: the kind ${kind} of Calico`));
  }
  if (known.apiVersion !== apiVersion) return err(noMatch(name, data, source, kind, apiVersion));

  const findings: Findings = { unknown: [], unmodelled: [], mistyped: [] };
  const cleaned = clean(data, known.schema, '', 'spec', findings);
  const when = `error when creating "${source}"`;
  const version = apiVersion.split('/').at(-1) ?? apiVersion;
  const handled = `${kind} in version "${version}" cannot be handled as a ${kind}`;
  const [mistyped] = findings.mistyped;
  if (mistyped !== undefined) {
    return err({ stderr: `Error from server (BadRequest): ${when}: ${handled}: ${mistyped}\n`, exitCode: 1 });
  }
  if (findings.unknown.length > 0) {
    const fields = findings.unknown.map((field) => `unknown field "${field}"`).join(', ');
    return err({
      stderr: `Error from server (BadRequest): ${when}: ${handled}: strict decoding error: ${fields}\n`,
      exitCode: 1,
    });
  }
  if (findings.unmodelled.length > 0) {
    return err(notSimulated(`${kind} "${name}" in ${source}: the field ${findings.unmodelled.join(', ')}`));
  }
  if (!isRecord(cleaned)) throw new Error('an object schema gives an object');
  if (name === '') {
    return err(
      clientError(
        `error when retrieving current configuration of:\nResource: "${kind.toLowerCase()}s"\nfrom server for: "${source}": resource name may not be empty`,
      ),
    );
  }
  return ok(asManifest(kind, cleaned));
}

function noMatch(name: string, data: Data, source: string, kind: string, apiVersion: string): KubectlFailure {
  const metadata = data['metadata'];
  const namespace =
    isRecord(metadata) && typeof metadata['namespace'] === 'string' ? metadata['namespace'] : '';
  return clientError(
    `resource mapping not found for name: "${name}" namespace: "${namespace}" from "${source}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
  );
}

const REAL_KINDS = new Set([
  'CiliumClusterwideNetworkPolicy',
  'CiliumNetworkPolicy',
  'ClusterRole',
  'ClusterRoleBinding',
  'CronJob',
  'CustomResourceDefinition',
  'EndpointSlice',
  'Endpoints',
  'Gateway',
  'GlobalNetworkPolicy',
  'GlobalNetworkSet',
  'HTTPRoute',
  'HorizontalPodAutoscaler',
  'Ingress',
  'IngressClass',
  'Job',
  'LimitRange',
  'Node',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'PodDisruptionBudget',
  'PriorityClass',
  'ReplicationController',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'Secret',
  'ServiceAccount',
  'StatefulSet',
  'StorageClass',
]);

function nameOf(data: Data): string {
  const metadata = data['metadata'];
  return isRecord(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
}

/** Copies what the schema knows, and notes the rest. Nulls count as absent, as in Go. */
function clean(value: unknown, schema: Schema, path: string, goPath: string, findings: Findings): unknown {
  const wrong = (found: string, goType: string) => {
    findings.mistyped.push(
      `json: cannot unmarshal ${found} into Go struct field ${goPath}.${path.replaceAll(/\[\d+\]/g, '')} of type ${goType}`,
    );
    return undefined;
  };
  switch (schema.kind) {
    case 'ignored':
    case 'not-simulated':
      return undefined;
    case 'string':
      return typeof value === 'string' ? value : wrong(jsonType(value), 'string');
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong(jsonType(value), 'bool');
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) ? value : wrong(jsonType(value), 'int32');
    case 'integer-or-string':
      return typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))
        ? value
        : wrong(jsonType(value), 'intstr.IntOrString');
    case 'quantity':
      return typeof value === 'string' || typeof value === 'number'
        ? String(value)
        : wrong(jsonType(value), 'resource.Quantity');
    case 'map': {
      if (!isRecord(value)) return wrong(jsonType(value), 'map[string]string');
      const copy: Record<string, unknown> = {};
      for (const [key, each] of Object.entries(value)) {
        if (each === null) {
          if (schema.of.kind === 'string') copy[key] = '';
          continue;
        }
        copy[key] = clean(each, schema.of, path, goPath, findings);
      }
      return copy;
    }
    case 'list': {
      if (!Array.isArray(value)) return wrong(jsonType(value), `[]${goTypeOf(schema.of)}`);
      return value.map((each: unknown, at) => {
        // An item without a value is Go's zero value: for a structure, an empty one.
        const item = each === null && schema.of.kind === 'object' ? {} : each;
        return clean(item, schema.of, `${path}[${at}]`, goPath, findings);
      });
    }
    case 'object': {
      if (!isRecord(value)) return wrong(jsonType(value), `v1.${schema.goType}`);
      const copy: Record<string, unknown> = {};
      for (const [key, each] of Object.entries(value)) {
        const below = path === '' ? key : `${path}.${key}`;
        const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
        if (field === undefined) findings.unknown.push(below);
        else if (each === null || each === undefined || field.kind === 'ignored') continue;
        else if (field.kind === 'not-simulated') {
          // An empty structure says nothing, so leaving it out changes nothing.
          if (!isEmpty(each)) findings.unmodelled.push(below);
        } else copy[key] = clean(each, field, below, schema.goType, findings);
      }
      return copy;
    }
  }
}

function goTypeOf(schema: Schema): string {
  switch (schema.kind) {
    case 'object':
      return `v1.${schema.goType}`;
    case 'string':
      return 'string';
    case 'boolean':
    case 'ignored':
    case 'integer':
    case 'integer-or-string':
    case 'list':
    case 'map':
    case 'not-simulated':
    case 'quantity':
      return 'interface {}';
  }
}

function isEmpty(value: unknown): boolean {
  return (Array.isArray(value) && value.length === 0) || (isRecord(value) && Object.keys(value).length === 0);
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return Number.isInteger(value) ? 'number' : `number ${String(value)}`;
    case 'boolean':
      return 'bool';
    case 'object':
    case 'undefined':
    case 'bigint':
    case 'symbol':
    case 'function':
      return 'object';
  }
}

/** Fills in what Go's zero values would be, so that the server's own checks can speak. */
function asManifest(kind: string, data: Data): Manifest {
  const spec = isRecord(data['spec']) ? data['spec'] : {};
  const metadata = { name: '', ...(isRecord(data['metadata']) ? data['metadata'] : {}) };
  let shaped: Data;
  switch (kind) {
    case 'Pod':
      shaped = { ...data, metadata, spec: podSpec(spec) };
      break;
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet': {
      const template = isRecord(spec['template']) ? spec['template'] : {};
      shaped = {
        ...data,
        metadata,
        spec: {
          ...spec,
          selector: isRecord(spec['selector']) ? spec['selector'] : {},
          template: {
            metadata: isRecord(template['metadata']) ? template['metadata'] : {},
            spec: podSpec(isRecord(template['spec']) ? template['spec'] : {}),
          },
        },
      };
      break;
    }
    case 'Service':
      shaped = {
        ...data,
        metadata,
        spec: { ...spec, ports: Array.isArray(spec['ports']) ? spec['ports'] : [] },
      };
      break;
    case 'NetworkPolicy':
      shaped = { ...data, metadata, spec: networkPolicySpec(spec) };
      break;
    default:
      shaped = { ...data, metadata };
  }
  // Proved by the schema above: every field has its type, and the required ones are filled in.
  return shaped as unknown as Manifest;
}

function podSpec(spec: Data): Data {
  const { hostNetwork, containers, ...rest } = spec;
  return {
    ...rest,
    ...(hostNetwork === true ? { hostNetwork: true } : {}),
    containers: Array.isArray(containers)
      ? containers.map((each: unknown) => {
          const { stdin, tty, ...container } = isRecord(each) ? each : {};
          const env = container['env'];
          return {
            name: '',
            image: '',
            ...container,
            ...(Array.isArray(env)
              ? {
                  env: env.map((variable: unknown) => ({
                    name: '',
                    value: '',
                    ...(isRecord(variable) ? variable : {}),
                  })),
                }
              : {}),
            ...(stdin === true ? { stdin: true } : {}),
            ...(tty === true ? { tty: true } : {}),
          };
        })
      : [],
  };
}

function isRecord(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
