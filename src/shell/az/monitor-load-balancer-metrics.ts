/** What `az monitor metrics list` knows of the health of load balancers: what the probes find, as 100 and 0. */
import type { Cloud } from '../../model/cloud.ts';
import { backendHealth } from '../../model/compile/load-balancer-health.ts';
import type { Metric, Sample } from './monitor-series.ts';

const DIMENSIONS = ['ProtocolType', 'BackendPort', 'FrontendIPAddress', 'FrontendPort', 'BackendIPAddress'];

/** Metrics of load balancers that follow from the network as it is. */
export const HEALTH_METRICS: readonly Metric[] = [
  {
    value: 'VipAvailability',
    localizedValue: 'Data Path Availability',
    description: 'Average Load Balancer data path availability per time duration',
    dimensions: ['FrontendIPAddress', 'FrontendPort'],
    aggregation: 'Average',
  },
  {
    value: 'DipAvailability',
    localizedValue: 'Health Probe Status',
    description: 'Average Load Balancer health probe status per time duration',
    dimensions: DIMENSIONS,
    aggregation: 'Average',
  },
];

/** Returns what was measured; nothing where health is not known, or where no probe asks. */
export function healthSamples(cloud: Cloud, id: string, metric: Metric, minute: number): readonly Sample[] {
  return backendHealth(cloud, id).flatMap(({ rule, frontend, members }): readonly Sample[] => {
    const front = { FrontendIPAddress: frontend, FrontendPort: String(rule.frontendPort) };
    if (metric.value === 'VipAvailability') {
      if (members.some(({ state }) => state === 'unknown')) return [];
      return [{ minute, at: front, value: members.some(({ state }) => state === 'healthy') ? 100 : 0 }];
    }
    if (rule.probe === null) return [];
    return members.flatMap(({ address, state }) =>
      state === 'unknown'
        ? []
        : [
            {
              minute,
              at: {
                ...front,
                BackendIPAddress: address,
                BackendPort: String(rule.backendPort),
                ProtocolType: rule.protocol.toUpperCase(),
              },
              value: state === 'healthy' ? 100 : 0,
            },
          ],
    );
  });
}
