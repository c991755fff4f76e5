/** What stands in the way of moving a pod off its node. */
import { selects } from './cluster-state.ts';
import type { KubernetesState, Pod } from './objects.ts';
import { isReady } from './pod-status.ts';

const SYSTEM = 'kube-system';

/**
 * The workloads that AKS guards with a PodDisruptionBudget of `minAvailable: 1`: `coredns-pdb`,
 * `konnectivity-agent`, `metrics-server-pdb` (https://learn.microsoft.com/azure/aks/resize-node-pool).
 */
const BUDGETS: readonly Readonly<Record<string, string>>[] = [
  { 'k8s-app': 'kube-dns' },
  { app: 'konnectivity-agent' },
  { 'k8s-app': 'metrics-server' },
];

/** Of those, the ones that AKS gives an `emptyDir` (same page); volumes are not modelled otherwise. */
const LOCAL_STORAGE: readonly Readonly<Record<string, string>>[] = [
  { 'k8s-app': 'kube-dns' },
  { 'k8s-app': 'metrics-server' },
];

/** Reports whether evicting the pod would leave a guarded workload without a ready pod. */
export function violatesBudget(state: KubernetesState, pod: Pod): boolean {
  if (pod.metadata.namespace !== SYSTEM || !isReady(pod)) return false;
  const budget = BUDGETS.find((each) => selects(each, pod.metadata.labels));
  if (budget === undefined) return false;
  return !Object.values(state.pods).some(
    (other) =>
      other.metadata.uid !== pod.metadata.uid &&
      other.metadata.namespace === SYSTEM &&
      isReady(other) &&
      selects(budget, other.metadata.labels),
  );
}

/** Reports whether the pod keeps data in an `emptyDir`, which goes with the pod. */
export function hasLocalStorage(pod: Pod): boolean {
  return (
    pod.metadata.namespace === SYSTEM && LOCAL_STORAGE.some((each) => selects(each, pod.metadata.labels))
  );
}
