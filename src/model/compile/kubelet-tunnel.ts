/**
 * The way from the API server to a kubelet: through a tunnel to the pods konnectivity-agent, and from one
 * of them to port 10250 of the node. "If port 10250 is blocked, the kubectl logs and other features will
 * only work for pods that run on the nodes in which the tunnel component is scheduled"
 * (https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/connectivity/tunnel-connectivity-issues,
 * read 2026-11-23).
 */
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { trace } from '../trace/walk.ts';
import { compile } from './compile.ts';
import { directoryOf } from './directory.ts';

export const KUBELET_PORT = 10_250;
/** Any port of Linux's range does: security rules for the kubelet name none of them. */
const SOURCE_PORT = 40_000;

/**
 * Reports whether a kubelet is cut off: agents are running, none of them on the node itself, and of none
 * does a connection get through. What cannot be told (an agent without a network, an undetermined rule)
 * counts as reachable.
 */
export function kubeletIsCutOff(cloud: Cloud, cluster: ArmKey, nodeName: string): boolean {
  const compiled = compile(cloud);
  const directory = directoryOf(compiled);
  const agents = directory.pods.filter(
    ({ cluster: part, pod }) =>
      part.key === cluster &&
      pod.metadata.namespace === 'kube-system' &&
      pod.metadata.labels?.['app'] === 'konnectivity-agent' &&
      pod.status.phase === 'Running',
  );
  if (agents.some(({ pod }) => pod.spec.nodeName === nodeName)) return false;
  const node = directory.nodes.find(
    (each) => each.cluster.key === cluster && each.node.metadata.name === nodeName,
  );
  const address = node?.address ?? null;
  if (address === null || agents.length === 0) return false;
  const destination = { address, port: KUBELET_PORT };
  return agents.every(({ host }) => {
    if (host === null) return false;
    const { disposition } = trace(compiled.network, {
      from: host,
      protocol: 'tcp',
      source: { address: null, port: SOURCE_PORT },
      destination,
    });
    return disposition !== 'delivered' && disposition !== 'undetermined';
  });
}
