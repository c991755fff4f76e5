/** The variables that name a proxy, as the programs of a place find them. */
import { nodeProxyOf } from '../aks/http-proxy.ts';
import type { Pod } from '../kubernetes/objects.ts';
import { containerVariables, readerOfStarted } from '../kubernetes/pod-sources.ts';
import type { Place } from './directory.ts';

export type ProxyEnvironment = Readonly<Record<string, string>>;

const NO_VARIABLES: ProxyEnvironment = {};
/** Pods never change but for their status, and of one template they mostly share the containers. */
const known = new WeakMap<Pod, ProxyEnvironment>();

/**
 * Returns the environment of a place as far as it speaks of proxies: of a pod that of its first container, what
 * the admission webhook has put there included; of a node what it was provisioned with. Machines that are no nodes
 * and hosts outside have none.
 */
export function proxyEnvironmentOf(place: Place): ProxyEnvironment {
  switch (place.kind) {
    case 'pod':
      return ofFirstContainer(place.pod);
    case 'node':
      return nodeProxyOf(place.node)?.environment ?? NO_VARIABLES;
    case 'vm':
    case 'outside':
      return NO_VARIABLES;
  }
}

function ofFirstContainer(pod: Pod): ProxyEnvironment {
  const [container] = pod.spec.containers;
  if (container === undefined || (container.env === undefined && container.envFrom === undefined)) {
    return NO_VARIABLES;
  }
  const before = known.get(pod);
  if (before !== undefined) return before;
  const all = containerVariables(pod, container, readerOfStarted(pod.simulation?.sources), {});
  const found = all.ok ? Object.entries(all.value).filter(([name]) => /_proxy$/i.test(name)) : [];
  const variables = found.length === 0 ? NO_VARIABLES : Object.fromEntries(found);
  known.set(pod, variables);
  return variables;
}
