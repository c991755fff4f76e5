/**
 * Metrics of source ports, by minute, from what loads have come to
 * (https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-network-loadbalancers-metrics
 * and …/microsoft-network-natgateways-metrics, 2024-05-06; what the dimensions say:
 * https://learn.microsoft.com/azure/load-balancer/load-balancer-standard-diagnostics and
 * https://learn.microsoft.com/azure/nat-gateway/nat-metrics).
 */
import { getResource, sameId } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { compileUnloaded } from '../../model/compile/compile.ts';
import { trafficState } from '../../model/traffic/traffic-state.ts';
import type { UsedInventory } from '../../model/traffic/traffic-state.ts';
import { allocationsOf } from '../../model/traffic/way-out.ts';
import type { Metric, Sample } from './monitor-series.ts';

const PORT_DIMENSIONS = ['FrontendIPAddress', 'BackendIPAddress', 'ProtocolType', 'IsAwaitingRemoval'];

export const BALANCER_SNAT_METRICS: readonly Metric[] = [
  {
    value: 'SnatConnectionCount',
    localizedValue: 'SNAT Connection Count',
    description: 'Total number of new SNAT connections created within time period',
    dimensions: ['FrontendIPAddress', 'BackendIPAddress', 'ConnectionState'],
    aggregation: 'Total',
  },
  {
    value: 'AllocatedSnatPorts',
    localizedValue: 'Allocated SNAT Ports',
    description: 'Total number of SNAT ports allocated within time period',
    dimensions: PORT_DIMENSIONS,
    aggregation: 'Average',
  },
  {
    value: 'UsedSnatPorts',
    localizedValue: 'Used SNAT Ports',
    description: 'Total number of SNAT ports used within time period',
    dimensions: PORT_DIMENSIONS,
    aggregation: 'Average',
  },
];

export const GATEWAY_METRICS: readonly Metric[] = [
  {
    value: 'SNATConnectionCount',
    localizedValue: 'SNAT Connection Count',
    description: 'Total concurrent active connections',
    dimensions: ['Protocol', 'ConnectionState'],
    aggregation: 'Total',
  },
  {
    value: 'TotalConnectionCount',
    localizedValue: 'Total SNAT Connection Count',
    description: 'Total number of active SNAT connections',
    dimensions: ['Protocol'],
    aggregation: 'Total',
  },
];

const MINUTE = 60;

/** An inventory in the minute that begins at `minute`: attempts within it, and ports at its end. */
interface Minute {
  readonly minute: number;
  readonly connected: number;
  readonly failed: number;
  readonly attempted: number;
  readonly tcp: number;
  readonly udp: number;
  readonly open: number;
}

/** The last minute may not be over yet. */
function minutesOf({ run, until }: UsedInventory): readonly Minute[] {
  const { state, samples, loads } = run;
  const sum = (of: (load: (typeof loads)[number]) => number): number =>
    loads.reduce((all, each) => all + of(each), 0);
  const end = {
    at: until,
    usedTcp: state.usedPorts.tcp,
    usedUdp: state.usedPorts.udp,
    open: sum((each) => each.open),
    attempted: sum((each) => each.attempted),
    connected: sum((each) => each.connected),
    failed: sum((each) => each.failed),
  };
  const isWhole = samples.at(-1)?.at === until;
  let before = { attempted: 0, connected: 0, failed: 0 };
  return (isWhole ? samples : [...samples, end]).map((each): Minute => {
    const minute = {
      minute: Math.ceil(each.at / MINUTE) * MINUTE - MINUTE,
      attempted: each.attempted - before.attempted,
      connected: each.connected - before.connected,
      failed: each.failed - before.failed,
      tcp: each.usedTcp,
      udp: each.usedUdp,
      open: each.open,
    };
    before = each;
    return minute;
  });
}

/** Several frontends share what a machine has; the documentation does not say how, so here evenly. */
function shared(value: number, addresses: readonly string[]): readonly (readonly [string, number])[] {
  const each = Math.floor(value / addresses.length);
  const rest = value - each * addresses.length;
  return addresses.map((address, at) => [address, each + (at < rest ? 1 : 0)]);
}

/** Returns what was measured of a load balancer in the given minutes. */
export function balancerSamples(
  cloud: Cloud,
  id: string,
  metric: Metric,
  minutes: readonly number[],
): readonly Sample[] {
  const unloaded = compileUnloaded(cloud);
  const wanted = new Set(minutes);
  const used = trafficState(cloud, unloaded).inventories.filter(({ way }) => sameId(way.resource, id));
  const resource = getResource(cloud, id, 'Microsoft.Network/loadBalancers');
  if (resource === null) return [];
  const history = used
    .toSorted((a, b) => a.until - b.until)
    .map((each) => ({ way: each.way, history: minutesOf(each) }));
  const ofPort = (
    backend: string,
    protocol: 'tcp' | 'udp',
    addresses: readonly string[],
    value: number,
    minute: number,
  ): readonly Sample[] =>
    shared(value, addresses).map(([FrontendIPAddress, own]) => ({
      at: {
        FrontendIPAddress,
        BackendIPAddress: backend,
        ProtocolType: protocol.toUpperCase(),
        IsAwaitingRemoval: 'False',
      },
      value: own,
      minute,
    }));
  switch (metric.value) {
    case 'SnatConnectionCount':
      return history.flatMap(({ way, history: own }) =>
        own
          .filter(({ minute }) => wanted.has(minute))
          .flatMap(({ minute, connected, failed }) =>
            (
              [
                ['Successful', connected],
                ['Failed', failed],
              ] as const
            ).flatMap(([ConnectionState, value]) =>
              shared(value, way.addresses).map(([FrontendIPAddress, each]) => ({
                at: { FrontendIPAddress, BackendIPAddress: way.backend, ConnectionState },
                value: each,
                minute,
              })),
            ),
          ),
      );
    case 'AllocatedSnatPorts':
      return allocationsOf(unloaded, resource).flatMap(({ backend, protocols, addresses, ports }) =>
        protocols.flatMap((protocol) =>
          minutes.flatMap((minute) => ofPort(backend, protocol, addresses, ports, minute)),
        ),
      );
    case 'UsedSnatPorts': {
      // Where ports are given out anew within a minute, what is used of the new ones is told.
      const latest = new Map<string, { readonly backend: string; readonly end: Minute }>();
      for (const { way, history: own } of history) {
        for (const end of own) latest.set(`${way.id} ${end.minute}`, { backend: way.backend, end });
      }
      const usedAt = new Map<string, number>();
      for (const { backend, end } of latest.values()) {
        for (const protocol of ['tcp', 'udp'] as const) {
          const key = `${backend} ${protocol} ${end.minute}`;
          usedAt.set(key, (usedAt.get(key) ?? 0) + end[protocol]);
        }
      }
      return allocationsOf(unloaded, resource).flatMap(({ backend, protocols, addresses }) =>
        protocols.flatMap((protocol) =>
          minutes.flatMap((minute) =>
            ofPort(backend, protocol, addresses, usedAt.get(`${backend} ${protocol} ${minute}`) ?? 0, minute),
          ),
        ),
      );
    }
  }
  return [];
}

/** IP protocol numbers, as the dimension Protocol has them. */
const TCP = '6';

/** Returns what was measured of a NAT gateway in the given minutes. */
export function gatewaySamples(
  cloud: Cloud,
  id: string,
  metric: Metric,
  minutes: readonly number[],
): readonly Sample[] {
  const wanted = new Set(minutes);
  return trafficState(cloud, compileUnloaded(cloud))
    .inventories.filter(({ way }) => sameId(way.resource, id))
    .flatMap(minutesOf)
    .filter(({ minute }) => wanted.has(minute))
    .flatMap(({ minute, attempted, failed, open }): readonly Sample[] =>
      metric.value === 'TotalConnectionCount'
        ? [{ at: { Protocol: TCP }, value: open, minute }]
        : [
            { at: { Protocol: TCP, ConnectionState: 'Attempted' }, value: attempted, minute },
            { at: { Protocol: TCP, ConnectionState: 'Failed' }, value: failed, minute },
          ],
    );
}
