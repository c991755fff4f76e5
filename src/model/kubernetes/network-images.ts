/** What the images of AKS's network components listen on, beyond the loopback. */
import { http } from './container-behaviour.ts';
import type { ContainerBehaviour, Start } from './container-behaviour.ts';

const ACN = 'mcr.microsoft.com/containernetworking';

function listens(...ports: readonly (readonly [number, string])[]): Start {
  return (): ContainerBehaviour => ({
    kind: 'runs',
    listeners: ports.map(([port, program]) => http(port, program)),
  });
}

/**
 * Ports as azure-container-networking configures them: CNS metrics in its ConfigMap, Cilium in
 * cilium-config (`prometheus-serve-addr`, `kube-proxy-replacement-healthz-bind-address`, and 4240 for
 * `enable-health-checking`), NPM in its server (test/integration/manifests, npm/cmd).
 */
export const NETWORK_IMAGES: readonly { readonly repositories: readonly string[]; readonly start: Start }[] =
  [
    { repositories: [`${ACN}/azure-cns`], start: listens([10092, 'azure-cns']) },
    {
      repositories: [`${ACN}/cilium/cilium`],
      start: listens([9962, 'cilium-agent'], [10256, 'cilium-agent'], [4240, 'cilium-health']),
    },
    { repositories: [`${ACN}/cilium/operator-generic`], start: listens([9963, 'cilium-operator']) },
    { repositories: [`${ACN}/azure-npm`], start: listens([10091, 'azure-npm']) },
  ];
