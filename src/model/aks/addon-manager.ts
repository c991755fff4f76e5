/**
 * What AKS keeps in a cluster whatever its users do: objects with the label
 * `addonmanager.kubernetes.io/mode`, which the addon manager makes again when they are gone, and whose
 * data it writes over when somebody changes it (https://github.com/kubernetes/kubernetes/blob/master/cluster/addons/addon-manager/README.md).
 */
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { putObject } from '../kubernetes/apply.ts';
import { kubernetesOf, newMetadata } from '../kubernetes/cluster-state.ts';
import type { KubernetesObject } from '../kubernetes/cluster-state.ts';
import type { KubernetesState } from '../kubernetes/objects.ts';

const SYSTEM = 'kube-system';

/** Their data is the service's; what a user adds belongs into `azure-ip-masq-agent-config` or `coredns-custom`. */
const CONFIG_MAPS = ['azure-ip-masq-agent-config-reconciled', 'cilium-config', 'coredns'];
const SERVICES = ['kube-dns'];
const DAEMON_SETS = [
  'azure-cns',
  'azure-ip-masq-agent',
  'azure-npm',
  'cilium',
  'cloud-node-manager',
  'csi-azuredisk-node',
  'csi-azurefile-node',
  'kube-proxy',
];
const DEPLOYMENTS = [
  'cilium-operator',
  'coredns',
  'coredns-autoscaler',
  'konnectivity-agent',
  'metrics-server',
];

/** Returns the cloud after a user's change, with what AKS keeps in the cluster as it was before. */
export function restoreManagedObjects(before: Cloud, after: Cloud, cluster: ArmKey): Cloud {
  const was = before.kubernetes[cluster];
  const is = after.kubernetes[cluster];
  if (was === undefined || is === undefined || was === is) return after;
  let next = after;
  for (const object of managed(was)) {
    const { name } = object.metadata;
    const present = managed(is).find((each) => each.kind === object.kind && each.metadata.name === name);
    if (present === undefined) next = putObject(next, cluster, anew(next, cluster, object));
    else if (present.kind === 'ConfigMap' && object.kind === 'ConfigMap' && differ(present.data, object.data))
      next = putObject(next, cluster, { ...present, data: object.data });
  }
  return next;
}

function managed(state: KubernetesState): readonly KubernetesObject[] {
  const named = <T extends KubernetesObject>(
    store: Readonly<Record<string, T>>,
    names: readonly string[],
  ): readonly T[] => names.flatMap((name) => store[`${SYSTEM}/${name}`] ?? []);
  return [
    ...named(state.configMaps, CONFIG_MAPS),
    ...named(state.services, SERVICES),
    ...named(state.daemonSets, DAEMON_SETS),
    ...named(state.deployments, DEPLOYMENTS),
  ];
}

/** The same object to the eye, and another one to the API server. */
function anew(cloud: Cloud, cluster: ArmKey, object: KubernetesObject): KubernetesObject {
  const { name, labels, annotations } = object.metadata;
  const metadata = newMetadata(cloud, cluster, {
    kind: object.kind,
    name,
    namespace: SYSTEM,
    labels,
    annotations,
    created: cloud.now,
    resourceVersion: kubernetesOf(cloud, cluster).controlPlane.nextResourceVersion,
  });
  return { ...object, metadata };
}

function differ(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.keys({ ...a, ...b }).some((key) => a[key] !== b[key]);
}
