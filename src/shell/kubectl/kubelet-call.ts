/** What kubectl says when the API server cannot reach the kubelet of a pod: `logs`, `exec`, `run -it`, `debug`. */
import { isOutOfContact } from '../../model/aks/node-readiness.ts';
import type { Cloud } from '../../model/cloud.ts';
import { kubeletIsCutOff, KUBELET_PORT } from '../../model/compile/kubelet-tunnel.ts';
import type { Pod } from '../../model/kubernetes/objects.ts';
import type { KubectlOutcome, Target } from './command.ts';

/** Go's TLSHandshakeTimeout, which the API server waits for a kubelet. */
const GIVES_UP_AFTER_SECONDS = 10;

/**
 * Returns the outcome of `kubectl logs` where no answer comes
 * (https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/connectivity/traffic-between-node-pools-is-blocked,
 * 2024-09-23); null if one does.
 */
export function logsOutOfReach(
  cloud: Cloud,
  target: Target,
  pod: Pod,
  container: string,
): KubectlOutcome | null {
  if (hasNoAgent(target)) {
    const path = logPath(pod.spec.nodeName ?? '', pod, container);
    return silence(`Error from server: Get "${path}": ${NO_AGENT}\n`);
  }
  const nodeName = cutOffNode(cloud, target, pod);
  return nodeName === null ? null : silence(logsFailure(nodeName, pod, container));
}

/**
 * Returns the outcome of `kubectl exec` where the kubelet cannot be dialled
 * (https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/connectivity/tunnel-connectivity-issues);
 * null if it can.
 */
export function execOutOfReach(cloud: Cloud, target: Target, pod: Pod): KubectlOutcome | null {
  if (hasNoAgent(target)) return silence(`Error from server: error dialing backend: ${NO_AGENT}\n`);
  return cutOffNode(cloud, target, pod) === null ? null : silence(`Error from server: ${dialling(pod)}\n`);
}

/** The same for a container that kubectl has just started and would attach to; it then tries its log. */
export function attachOutOfReach(
  cloud: Cloud,
  target: Target,
  pod: Pod,
  container: string,
): KubectlOutcome | null {
  const nodeName = cutOffNode(cloud, target, pod);
  return nodeName === null
    ? null
    : silence(
        `Error attaching, falling back to logs: ${dialling(pod)}\n${logsFailure(nodeName, pod, container)}`,
      );
}

/** What the tunnel says when none of its agents is connected (kubernetes-sigs/apiserver-network-proxy). */
const NO_AGENT = 'No agent available';

/** Agents run on nodes, and none of these reaches the API server. */
function hasNoAgent({ state }: Target): boolean {
  const nodes = Object.values(state.nodes);
  return nodes.length > 0 && nodes.every(isOutOfContact);
}

function cutOffNode(cloud: Cloud, target: Target, pod: Pod): string | null {
  const { nodeName } = pod.spec;
  return nodeName !== undefined && kubeletIsCutOff(cloud, target.cluster, nodeName) ? nodeName : null;
}

function logsFailure(nodeName: string, pod: Pod, container: string): string {
  return `Error from server: Get "${logPath(nodeName, pod, container)}": net/http: TLS handshake timeout\n`;
}

function logPath(nodeName: string, { metadata }: Pod, container: string): string {
  return `https://${nodeName}:${KUBELET_PORT}/containerLogs/${metadata.namespace}/${metadata.name}/${container}`;
}

function dialling({ status }: Pod): string {
  return `error dialing backend: dial tcp ${status.hostIP ?? ''}:${KUBELET_PORT}: i/o timeout`;
}

function silence(stderr: string): KubectlOutcome {
  return { stderr, exitCode: 1, elapsedSeconds: GIVES_UP_AFTER_SECONDS };
}
