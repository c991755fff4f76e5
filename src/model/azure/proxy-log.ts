import type { Cloud } from '../cloud.ts';
import type { ProxyLogEvent } from '../proxy/log-event.ts';
import { getResource, putResource } from './resource-store.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';

/**
 * Returns the cloud in which the proxy on a port of the VM has seen these events too; the same cloud if there is
 * no such VM.
 */
export function appendProxyLog(
  cloud: Cloud,
  vmId: string,
  port: number,
  events: readonly ProxyLogEvent[],
): Cloud {
  const vm = getResource(cloud, vmId, TYPE);
  if (vm === null || events.length === 0) return cloud;
  const logs = vm.simulation.proxyLogs ?? [];
  const own = logs.find((each) => each.port === port)?.events ?? [];
  const proxyLogs = [...logs.filter((each) => each.port !== port), { port, events: [...own, ...events] }];
  return putResource(cloud, { ...vm, simulation: { ...vm.simulation, proxyLogs } });
}
