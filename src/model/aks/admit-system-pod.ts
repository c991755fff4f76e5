/** How the pods that AKS runs are completed: what they tolerate, and how they rank. */
import { admitPodSpec } from '../kubernetes/admission.ts';
import type { PodSpec } from '../kubernetes/objects.ts';

/** Returns a system pod's specification; those on the host's network run on every node. */
export function systemPod(spec: PodSpec, serviceAccount: string): PodSpec {
  const everywhere = spec.hostNetwork === true;
  return admitPodSpec({
    ...spec,
    serviceAccountName: serviceAccount,
    priorityClassName: everywhere ? 'system-node-critical' : 'system-cluster-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: everywhere ? [{ operator: 'Exists' }] : [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
  });
}
