/** From what a client sends to what the API server stores: server fields, defaults, and what may not change. */
import { withServerName } from './api-server-name.ts';
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { admitPodSpec } from './admission.ts';
import { textToBase64 } from './base64-text.ts';
import { clusterChance, kubernetesOf, newMetadata } from './cluster-state.ts';
import type { KubernetesObject } from './cluster-state.ts';
import { invalid, kubernetesError } from './kubernetes-error.ts';
import type { KubernetesError } from './kubernetes-error.ts';
import type { Manifest } from './manifest.ts';
import { admitNetworkPolicySpec } from './network-policy-admission.ts';
import type { ObjectMeta, PodSpec, PodTemplate } from './objects.ts';
import { qualityOfService } from './pod-status.ts';
import { ageAtCreation } from './pods.ts';
import { withKeptVariables, withProxyVariables } from './proxy-variables.ts';
import { allocateService } from './service-allocation.ts';

/** Returns the object to store: new with server fields, or the existing one changed. */
export function buildObject(
  cloud: Cloud,
  cluster: ArmKey,
  manifest: Manifest,
  existing: KubernetesObject | undefined,
): Result<KubernetesObject, KubernetesError> {
  const state = kubernetesOf(cloud, cluster);
  const { name, namespace } = manifest.metadata;
  const age =
    manifest.kind === 'Pod'
      ? ageAtCreation({ chance: clusterChance(cloud, cluster) }, `pod-age/${namespace ?? 'default'}/${name}`)
      : 0;
  const labels =
    manifest.kind === 'Namespace' ? withNameLabel(name, manifest.metadata.labels) : manifest.metadata.labels;
  const metadata: ObjectMeta =
    existing === undefined
      ? newMetadata(cloud, cluster, {
          kind: manifest.kind,
          name,
          ...(namespace === undefined ? {} : { namespace }),
          labels,
          annotations: manifest.metadata.annotations,
          created: cloud.now - age,
          resourceVersion: state.controlPlane.nextResourceVersion,
        })
      : mergedMetadata(existing.metadata, labels, manifest.metadata.annotations);

  switch (manifest.kind) {
    case 'Namespace':
      return ok({ apiVersion: 'v1', kind: 'Namespace', metadata, status: { phase: 'Active' } });
    case 'ConfigMap':
      return ok({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: manifest.data ?? {} });
    case 'Secret': {
      const type = manifest.type ?? 'Opaque';
      const given = Object.entries(manifest.stringData ?? {}).map(([key, text]) => [key, textToBase64(text)]);
      const data = { ...manifest.data, ...(Object.fromEntries(given) as Readonly<Record<string, string>>) };
      return ok({ apiVersion: 'v1', kind: 'Secret', metadata, type, data });
    }
    case 'Pod': {
      const named = withServerName(
        cloud,
        cluster,
        manifest.metadata.annotations,
        admitPodSpec(manifest.spec),
      );
      if (existing?.kind !== 'Pod') {
        const spec = withProxyVariables(cloud, cluster, manifest.metadata.annotations, named);
        return ok({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata,
          spec,
          status: { phase: 'Pending', qosClass: qualityOfService(spec) },
        });
      }
      const { nodeName: _nodeName, ...placed } = existing.spec;
      const { nodeName: _wanted, ...asked } = withKeptVariables(named, existing.spec);
      if (JSON.stringify(placed, sortedKeys) !== JSON.stringify(asked, sortedKeys)) {
        if (mayChange(placed, asked)) {
          const what = `changing the image or the tolerations of pod "${name}", which is there already,`;
          const instead = 'delete the pod and create it anew';
          return err(
            kubernetesError('NotSimulated', `${what} is not simulated in this workbook; ${instead}`),
          );
        }
        return err(
          invalid('Pod', name, [
            {
              path: 'spec',
              problem:
                'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
            },
          ]),
        );
      }
      return ok({ ...existing, metadata });
    }
    case 'Deployment': {
      const { selector, strategy } = manifest.spec;
      const spec = {
        replicas: manifest.spec.replicas ?? 1,
        selector,
        template: admitTemplate(manifest.spec.template),
        ...(strategy?.type === undefined && strategy?.rollingUpdate === undefined ? {} : { strategy }),
      };
      if (existing?.kind !== 'Deployment') {
        const status = { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
        return ok({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec, status });
      }
      const fixed = selectorChange('Deployment', name, existing.spec.selector, selector);
      // A manifest without replicas leaves the number that scaling set.
      const replicas = manifest.spec.replicas ?? existing.spec.replicas;
      return fixed === null ? ok({ ...existing, metadata, spec: { ...spec, replicas } }) : err(fixed);
    }
    case 'ReplicaSet': {
      const { selector } = manifest.spec;
      const spec = {
        replicas: manifest.spec.replicas ?? 1,
        selector,
        template: admitTemplate(manifest.spec.template),
      };
      if (existing?.kind !== 'ReplicaSet') {
        const status = { replicas: 0, readyReplicas: 0 };
        return ok({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec, status });
      }
      const fixed = selectorChange('ReplicaSet', name, existing.spec.selector, selector);
      return fixed === null ? ok({ ...existing, metadata, spec }) : err(fixed);
    }
    case 'DaemonSet': {
      const { selector } = manifest.spec;
      const spec = { selector, template: admitTemplate(manifest.spec.template) };
      if (existing?.kind !== 'DaemonSet') {
        const status = {
          desiredNumberScheduled: 0,
          currentNumberScheduled: 0,
          numberReady: 0,
          numberAvailable: 0,
        };
        return ok({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec, status });
      }
      const fixed = selectorChange('DaemonSet', name, existing.spec.selector, selector);
      return fixed === null ? ok({ ...existing, metadata, spec }) : err(fixed);
    }
    case 'NetworkPolicy': {
      const spec = admitNetworkPolicySpec(manifest.spec);
      const before = existing?.kind === 'NetworkPolicy' ? existing : undefined;
      // The generation counts the specs that the object has had.
      const last = before?.metadata.generation ?? 0;
      const generation = JSON.stringify(before?.spec) === JSON.stringify(spec) ? last : last + 1;
      return ok({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { ...metadata, generation },
        spec,
      });
    }
    case 'Service': {
      if (manifest.spec.type === 'ExternalName') {
        return err(kubernetesError('NotSimulated', 'a Service of type ExternalName is not simulated'));
      }
      const current = existing?.kind === 'Service' ? existing : undefined;
      const spec = allocateService(cloud, cluster, manifest, current);
      if (!spec.ok) return spec;
      return ok({
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: spec.value,
        // What the cloud gave stays until its controller says otherwise; other types have nothing there.
        status:
          spec.value.type === 'LoadBalancer' && current !== undefined ? current.status : { loadBalancer: {} },
      });
    }
  }
}

/** Reports whether the server takes a change of a pod's spec: other images, more tolerations. */
function mayChange(before: PodSpec, after: PodSpec): boolean {
  const text = (value: unknown): string => JSON.stringify(value, sortedKeys);
  const fixed = ({ tolerations: _tolerations, containers, ...spec }: PodSpec): string =>
    text({
      ...spec,
      containers: containers.map(({ image: _image, imagePullPolicy: _pull, ...each }) => each),
    });
  const kept = new Set((after.tolerations ?? []).map(text));
  return fixed(before) === fixed(after) && (before.tolerations ?? []).every((each) => kept.has(text(each)));
}

/** The server writes the label itself, whatever a client says (pkg/apis/core/v1, SetDefaults_Namespace). */
export function withNameLabel(
  name: string,
  labels: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  return { ...labels, 'kubernetes.io/metadata.name': name };
}

/** What comes back from a client has its keys in another order. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
}

function admitTemplate(template: PodTemplate): PodTemplate {
  return { metadata: template.metadata, spec: admitPodSpec(template.spec) };
}

function mergedMetadata(
  metadata: ObjectMeta,
  labels: Readonly<Record<string, string>> | undefined,
  annotations: Readonly<Record<string, string>> | undefined,
): ObjectMeta {
  return {
    ...metadata,
    ...(labels === undefined && metadata.labels === undefined
      ? {}
      : { labels: { ...metadata.labels, ...labels } }),
    ...(annotations === undefined && metadata.annotations === undefined
      ? {}
      : { annotations: { ...metadata.annotations, ...annotations } }),
  };
}

function selectorChange(
  kind: string,
  name: string,
  before: { readonly matchLabels?: Readonly<Record<string, string>> },
  after: { readonly matchLabels?: Readonly<Record<string, string>> },
): KubernetesError | null {
  const text = (selector: typeof before): string =>
    JSON.stringify(Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (text(before) === text(after)) return null;
  const value = JSON.stringify({ matchLabels: after.matchLabels ?? {} });
  return invalid(kind, name, [
    { path: 'spec.selector', problem: `Invalid value: ${value}: field is immutable` },
  ]);
}
