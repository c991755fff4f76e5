/** Turns parsed YAML into manifests, as strictly as the API server does. */
import { err, ok } from '../result.ts';
import { illegalByte } from './base64-text.ts';
import type { Result } from '../result.ts';
import type { Manifest } from './manifest.ts';
import { KIND_SCHEMAS } from './manifest-schema.ts';
import type { Schema } from './manifest-schema.ts';
import { networkPolicySpec } from './network-policy-manifest.ts';

type Data = Readonly<Record<string, unknown>>;

const LOAD_BALANCER_FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';

/** A field that is wrong, by its path: `spec.ports[0].port`, `metadata.annotations["key"]`. */
export interface WrongField {
  readonly path: string;
  readonly message: string;
}

/** Why parsed YAML is no manifest. */
export type ManifestProblem =
  | { readonly kind: 'no-object' }
  | { readonly kind: 'missing'; readonly fields: readonly ('apiVersion' | 'kind')[] }
  /** The real server knows the kind; `kindName` may say whose it is. */
  | { readonly kind: 'kind-not-simulated'; readonly kindName: string; readonly name: string }
  | {
      readonly kind: 'no-such-kind';
      readonly kindName: string;
      readonly apiVersion: string;
      readonly name: string;
      readonly namespace: string;
    }
  /** The first field of a wrong type, in the words of Go's JSON decoder. */
  | { readonly kind: 'mistyped'; readonly of: ManifestKind; readonly field: WrongField }
  | { readonly kind: 'unknown-fields'; readonly of: ManifestKind; readonly paths: readonly string[] }
  | { readonly kind: 'fields-not-simulated'; readonly of: ManifestKind; readonly paths: readonly string[] }
  | { readonly kind: 'nameless'; readonly of: ManifestKind };

export interface ManifestKind {
  readonly kindName: string;
  /** `v1` of `apps/v1`. */
  readonly version: string;
  readonly name: string;
}

interface Findings {
  readonly unknown: string[];
  readonly unmodelled: string[];
  readonly mistyped: WrongField[];
}

/** Returns the manifest that parsed YAML or JSON amounts to, with what Go's zero values would be filled in. */
export function decodeManifest(data: unknown): Result<Manifest, ManifestProblem> {
  if (!isRecord(data)) return err({ kind: 'no-object' });
  const missing = (['apiVersion', 'kind'] as const).filter((field) => typeof data[field] !== 'string');
  if (missing.length > 0) return err({ kind: 'missing', fields: missing });
  const kindName = String(data['kind']);
  const apiVersion = String(data['apiVersion']);
  const name = nameOf(data);
  const known = Object.hasOwn(KIND_SCHEMAS, kindName) ? KIND_SCHEMAS[kindName] : undefined;
  if (known === undefined && REAL_KINDS.has(kindName))
    return err({ kind: 'kind-not-simulated', kindName, name });
  if (known !== undefined && /(^|\.)projectcalico\.org\//.test(apiVersion))
    return err({ kind: 'kind-not-simulated', kindName: `${kindName} of Calico`, name });
  if (known?.apiVersion !== apiVersion) {
    const metadata = data['metadata'];
    const namespace =
      isRecord(metadata) && typeof metadata['namespace'] === 'string' ? metadata['namespace'] : '';
    return err({ kind: 'no-such-kind', kindName, apiVersion, name, namespace });
  }
  const of: ManifestKind = { kindName, version: apiVersion.split('/').at(-1) ?? apiVersion, name };
  const findings: Findings = { unknown: [], unmodelled: [], mistyped: [] };
  const cleaned = clean(withoutServiceAccount(withoutOwnFinalizer(data)), known.schema, '', 'spec', findings);
  if (kindName === 'Secret') noteIllegalBase64(data['data'], findings);
  const [mistyped] = findings.mistyped;
  if (mistyped !== undefined) return err({ kind: 'mistyped', of, field: mistyped });
  if (findings.unknown.length > 0) return err({ kind: 'unknown-fields', of, paths: findings.unknown });
  if (findings.unmodelled.length > 0)
    return err({ kind: 'fields-not-simulated', of, paths: findings.unmodelled });
  if (!isRecord(cleaned)) throw new Error('an object schema gives an object');
  return name === '' ? err({ kind: 'nameless', of }) : ok(asManifest(kindName, cleaned));
}

/** The service controller puts its finalizer back whatever a client sends; any other would hold the object. */
function withoutOwnFinalizer(data: Data): Data {
  const metadata = data['metadata'];
  if (data['kind'] !== 'Service' || !isRecord(metadata)) return data;
  const { finalizers, ...rest } = metadata as Data & { readonly finalizers?: unknown };
  const own = Array.isArray(finalizers) && finalizers.every((each) => each === LOAD_BALANCER_FINALIZER);
  return own ? { ...data, metadata: rest } : data;
}

function noteIllegalBase64(content: unknown, { mistyped }: Findings): void {
  for (const [key, value] of Object.entries(isRecord(content) ? content : {})) {
    const at = typeof value === 'string' ? illegalByte(value) : null;
    if (at !== null)
      mistyped.push({ path: `data.${key}`, message: `illegal base64 data at input byte ${at}` });
  }
}

/** The server adds the volume with the service account's token to each pod, and gives it back with the pod. */
const TOKEN_VOLUME = /^kube-api-access-[a-z0-9]{5}$/;

function withoutServiceAccount(data: Data): Data {
  const { spec } = data as { readonly spec?: unknown };
  if (data['kind'] !== 'Pod' || !isRecord(spec)) return data;
  const others = (list: unknown) =>
    Array.isArray(list)
      ? list.filter((each) => !isRecord(each) || !TOKEN_VOLUME.test(String(each['name'])))
      : list;
  const strip = (owner: Data, field: string): Data => {
    const kept = others(owner[field]);
    if (kept === undefined || (Array.isArray(kept) && kept.length === (owner[field] as unknown[]).length))
      return owner;
    const { [field]: _all, ...rest } = owner;
    return Array.isArray(kept) && kept.length === 0 ? rest : { ...owner, [field]: kept };
  };
  const { containers } = spec;
  return {
    ...data,
    spec: {
      ...strip(spec, 'volumes'),
      ...(Array.isArray(containers)
        ? {
            containers: containers.map((each: unknown) =>
              isRecord(each) ? strip(each, 'volumeMounts') : each,
            ),
          }
        : {}),
    },
  };
}

const REAL_KINDS = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'CiliumClusterwideNetworkPolicy',
  'CiliumNetworkPolicy',
  'ClusterRole',
  'ClusterRoleBinding',
  'ControllerRevision',
  'CronJob',
  'CustomResourceDefinition',
  'EndpointSlice',
  'Endpoints',
  'Event',
  'GRPCRoute',
  'Gateway',
  'GatewayClass',
  'GlobalNetworkPolicy',
  'GlobalNetworkSet',
  'HTTPRoute',
  'HorizontalPodAutoscaler',
  'IPAddress',
  'IPPool',
  'Ingress',
  'IngressClass',
  'Job',
  'Lease',
  'LimitRange',
  'MutatingWebhookConfiguration',
  'Node',
  'NodeNetworkConfig',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'PodDisruptionBudget',
  'PodTemplate',
  'PriorityClass',
  'ReferenceGrant',
  'ReplicationController',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'RuntimeClass',
  'ServiceAccount',
  'ServiceCIDR',
  'StatefulSet',
  'StaticGatewayConfiguration',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
]);

function nameOf(data: Data): string {
  const metadata = data['metadata'];
  return isRecord(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
}

/** Copies what the schema knows, and notes the rest. Nulls count as absent, as in Go. */
function clean(value: unknown, schema: Schema, path: string, goPath: string, findings: Findings): unknown {
  const wrong = (found: string, goType: string) => {
    findings.mistyped.push({
      path,
      message: `json: cannot unmarshal ${found} into Go struct field ${goPath}.${path.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '')} of type ${goType}`,
    });
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
        copy[key] = clean(each, schema.of, `${path}[${JSON.stringify(key)}]`, goPath, findings);
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
                    ...(isRecord(variable) && variable['valueFrom'] !== undefined ? {} : { value: '' }),
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
