/**
 * The mutating webhooks that AKS has in every cluster, whether it has an HTTP proxy or not ("Default webhooks include
 * aks-node-mutating-webhook, webhook-admission-controller", https://learn.microsoft.com/azure/aks/availability-sets-on-aks,
 * 2026-08). The second is the one that adds the variables of the proxy to new pods
 * (https://github.com/Azure/AKS/issues/3174); the first's content is that of
 * https://github.com/kubernetes/autoscaler/issues/7392, the second's path, timeout and failure policy are those of the
 * errors that name it (https://github.com/microsoft/azure-container-apps/issues/993).
 */
import type { KubernetesState, ObjectMeta } from '../../model/kubernetes/objects.ts';
import { PROXY_WEBHOOK } from '../../model/limits/http-proxy.ts';

export interface MutatingWebhookConfiguration {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'MutatingWebhookConfiguration';
  readonly metadata: ObjectMeta;
  readonly webhooks: readonly {
    readonly admissionReviewVersions: readonly string[];
    readonly clientConfig: { readonly url: string };
    readonly failurePolicy: 'Fail' | 'Ignore';
    readonly matchPolicy: 'Equivalent';
    readonly name: string;
    readonly namespaceSelector: object;
    readonly objectSelector: object;
    readonly reinvocationPolicy: 'Never';
    readonly rules: readonly {
      readonly apiGroups: readonly string[];
      readonly apiVersions: readonly string[];
      readonly operations: readonly string[];
      readonly resources: readonly string[];
      readonly scope: '*';
    }[];
    readonly sideEffects: string;
    readonly timeoutSeconds: number;
  }[];
}

/** Returns the configurations of a cluster. The control plane's own address is not shown: it is not reached from outside. */
export function webhookConfigurations(state: KubernetesState): readonly MutatingWebhookConfiguration[] {
  return [
    configuration(state, 'aks-node-mutating-webhook', 'mutate-nodes', 'nodes', 5),
    configuration(state, PROXY_WEBHOOK.value, 'mutate-pods', 'pods', 10),
  ];
}

function configuration(
  { namespaces }: KubernetesState,
  name: string,
  path: string,
  resource: string,
  timeoutSeconds: number,
): MutatingWebhookConfiguration {
  const born = namespaces['kube-system']?.metadata;
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      name,
      uid: drawnUid(born?.uid ?? '', name),
      creationTimestamp: born?.creationTimestamp ?? '',
      resourceVersion: born?.resourceVersion ?? '1',
      generation: 1,
      labels: {
        'admissions.enforcer/disabled': 'true',
        'kubernetes.azure.com/controlPlaneWebhook': 'Reconcile',
      },
    },
    webhooks: [
      {
        admissionReviewVersions: ['v1beta1'],
        clientConfig: { url: `https://localhost:8443/${path}` },
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        name: `${name}.azmk8s.io`,
        namespaceSelector: {},
        objectSelector: {},
        reinvocationPolicy: 'Never',
        rules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: [resource], scope: '*' },
        ],
        sideEffects: 'NoneOnDryRun',
        timeoutSeconds,
      },
    ],
  };
}

/** Another one than that of the namespace it comes with, and always the same. */
function drawnUid(uid: string, name: string): string {
  return uid.replaceAll(/[0-9a-f]/g, (digit, at: number) =>
    ((Number.parseInt(digit, 16) + (name.codePointAt(at % name.length) ?? 0)) % 16).toString(16),
  );
}
