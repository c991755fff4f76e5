/**
 * What becomes of the pods of azure-ip-masq-agent: each reads its ConfigMaps, and ends where it cannot
 * (https://github.com/Azure/ip-masq-agent-v2). The real one reads them every minute, ours at once.
 */
import { kubernetesTime } from './cluster-state.ts';
import { updatePod } from './draft.ts';
import type { Draft } from './draft.ts';
import { masqueradeConfig } from './ip-masq-agent-config.ts';
import type { Pod } from './objects.ts';
import { isReady } from './pod-status.ts';

const AGENT = 'azure-ip-masq-agent';
const NAMESPACE = 'kube-system';

/** Ends agents that cannot read their configuration, and has them run again once they can. */
export function runMasqueradeAgents(draft: Draft): void {
  const agents = draft.daemonSets.get(`${NAMESPACE}/${AGENT}`);
  if (agents === undefined) return;
  const config = masqueradeConfig(draft.before, []);
  const { numberReady, desiredNumberScheduled } = agents.status;
  if (config.ok && numberReady === desiredNumberScheduled) return;
  for (const [key, pod] of draft.pods) {
    if (pod.metadata.namespace !== NAMESPACE || pod.metadata.labels?.['k8s-app'] !== AGENT) continue;
    if (pod.status.phase !== 'Running' || isReady(pod) === config.ok) continue;
    updatePod(draft, key, pod, { status: changedStatus(draft, pod, config.ok ? null : config.error) });
  }
}

function changedStatus(draft: Draft, pod: Pod, problem: string | null): Pod['status'] {
  const now = kubernetesTime(draft.cloud.now);
  const { conditions = [], containerStatuses = [] } = pod.status;
  return {
    ...pod.status,
    conditions: conditions.map((each) =>
      each.type !== 'Ready' && each.type !== 'ContainersReady'
        ? each
        : problem === null
          ? { type: each.type, status: 'True' as const, lastTransitionTime: now }
          : {
              type: each.type,
              status: 'False' as const,
              lastTransitionTime: now,
              reason: 'ContainersNotReady',
              message: `containers with unready status: [${AGENT}]`,
            },
    ),
    containerStatuses: containerStatuses.map((each) => ({
      ...each,
      ready: problem === null,
      started: problem === null,
      state:
        problem === null
          ? { running: { startedAt: now } }
          : {
              waiting: {
                reason: 'CrashLoopBackOff',
                message: `back-off restarting failed container=${each.name}: it cannot read its configuration (${problem})`,
              },
            },
    })),
  };
}
