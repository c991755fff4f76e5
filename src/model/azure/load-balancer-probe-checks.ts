import { PROBE_INTERVAL } from '../limits/load-balancer.ts';
import { refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import type { LoadBalancerProbe } from './resources.ts';

/** Returns why Azure refuses a probe, or null. */
export function checkProbe(probe: LoadBalancerProbe): AzureError | null {
  const { name, port, protocol, requestPath, intervalInSeconds, numberOfProbes } = probe;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return refusedToo(`Probe ${name} of port ${port}`);
  }
  if (intervalInSeconds < PROBE_INTERVAL.value.lowest) {
    return refusedToo(
      `Probe ${name} every ${intervalInSeconds} seconds, less than ${PROBE_INTERVAL.value.lowest},`,
    );
  }
  if (numberOfProbes < 1 || (probe.probeThreshold ?? 1) < 1) {
    return refusedToo(`Probe ${name} with a threshold below 1`);
  }
  if (protocol === 'Tcp' && requestPath !== null) {
    return refusedToo(`TCP probe ${name} with the request path ${requestPath}`);
  }
  if (protocol !== 'Tcp' && requestPath === null) {
    return refusedToo(`${protocol} probe ${name} without a request path`);
  }
  return null;
}
