/** Kernel settings that follow the cloud: whether a place forwards, and who answers ARP for others. */
import { getResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { nodeOfView, type NetworkView } from './network-view.ts';

/** Reports whether the place forwards packets (`net.ipv4.ip_forward`). */
export function forwarding(cloud: Cloud, view: NetworkView): '0' | '1' {
  const name = nodeOfView(view);
  if (name !== null && view.cluster !== null) {
    return cloud.kubernetes[view.cluster]?.nodes[name]?.simulation?.ipForward === 'off' ? '0' : '1';
  }
  if (view.place.kind === 'vm') {
    const vm = cloud.resources[view.place.vm.id.toLowerCase()];
    return vm?.type === 'Microsoft.Compute/virtualMachines' && vm.simulation.forwarding === 'on' ? '1' : '0';
  }
  return view.cluster === null ? '0' : podForwarding(cloud, view.cluster);
}

/**
 * Returns what a pod of its own network namespace has: a new namespace inherits the node's setting, which
 * AKS turns on before any pod starts; Calico, where it is the CNI too, turns it off
 * (https://github.com/projectcalico/cni-plugin/pull/381).
 */
export function podForwarding(cloud: Cloud, cluster: string): '0' | '1' {
  const managed = getResource(cloud, cluster, 'Microsoft.ContainerService/ManagedClusters');
  const profile = managed?.networkProfile;
  return profile?.networkPlugin === 'kubenet' && profile.networkPolicy === 'calico' ? '0' : '1';
}

/** Returns the settings per device, by key. */
export function deviceSettings(view: NetworkView): readonly (readonly [key: string, value: '0' | '1'])[] {
  const forwards = forwarding(view.cloud, view);
  const answering = view.host.interfaces.filter((face) => face.proxyArp).map((face) => face.name);
  const devices = ['all', 'default', 'lo', ...view.host.interfaces.map((face) => face.name)];
  return devices.flatMap((device) => [
    [`net.ipv4.conf.${device}.forwarding`, forwards] as const,
    [`net.ipv4.conf.${device}.proxy_arp`, answering.includes(device) ? '1' : '0'] as const,
  ]);
}
