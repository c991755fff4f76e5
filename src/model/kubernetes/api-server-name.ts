/**
 * What AKS's admission controller adds to pods that ask for it: variables by which programs call the API server by
 * its name instead of the address of the Service, so that a firewall that reads names can let them through
 * (https://learn.microsoft.com/azure/aks/outbound-rules-control-egress, 2026-06-18). It looks when a pod is made.
 */
import { getResource } from '../azure/resource-store.ts';
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import type { ObjectMeta, PodSpec } from './objects.ts';

const ASKED_BY = 'kubernetes.azure.com/set-kube-service-host-fqdn';

/** Returns the variables that name an API server. */
export function serverNameVariables(fqdn: string): Readonly<Record<string, string>> {
  return {
    KUBERNETES_PORT_443_TCP_ADDR: fqdn,
    KUBERNETES_PORT: `tcp://${fqdn}:443`,
    KUBERNETES_PORT_443_TCP: `tcp://${fqdn}:443`,
    KUBERNETES_SERVICE_HOST: fqdn,
  };
}

/** Returns the spec of a new pod with these annotations; the same spec if they do not ask for anything. */
export function withServerName(
  cloud: Cloud,
  cluster: ArmKey,
  annotations: ObjectMeta['annotations'],
  spec: PodSpec,
): PodSpec {
  if (annotations?.[ASKED_BY] === undefined) return spec;
  const fqdn = getResource(cloud, cluster, 'Microsoft.ContainerService/ManagedClusters')?.fqdn;
  if (fqdn === undefined) return spec;
  const added = Object.entries(serverNameVariables(fqdn)).map(([name, value]) => ({ name, value }));
  return {
    ...spec,
    containers: spec.containers.map((container) => {
      const own = new Set((container.env ?? []).map(({ name }) => name));
      return {
        ...container,
        env: [...(container.env ?? []), ...added.filter(({ name }) => !own.has(name))],
      };
    }),
  };
}
