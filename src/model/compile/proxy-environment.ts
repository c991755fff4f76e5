/** The variables that name a proxy, as the programs of a place find them. */
import type { Place } from './directory.ts';

const NO_VARIABLES: Readonly<Record<string, string>> = {};

/**
 * Returns the environment of a place as far as it speaks of proxies: of a pod that of its first container, what
 * the admission webhook has put there included; of a node what it was provisioned with. Machines that are no nodes
 * and hosts outside have none.
 */
export function proxyEnvironmentOf(place: Place): Readonly<Record<string, string>> {
  switch (place.kind) {
    case 'pod':
      return ofContainer(place);
    case 'node':
    case 'vm':
    case 'outside':
      return NO_VARIABLES;
  }
}

function ofContainer({ pod }: Extract<Place, { kind: 'pod' }>): Readonly<Record<string, string>> {
  const found = (pod.spec.containers[0]?.env ?? []).filter(({ name }) => isProxyVariable(name));
  return found.length === 0
    ? NO_VARIABLES
    : Object.fromEntries(found.map(({ name, value }) => [name, value ?? '']));
}

function isProxyVariable(name: string): boolean {
  return name.endsWith('_PROXY') || name.endsWith('_proxy');
}
