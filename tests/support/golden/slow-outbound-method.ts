/**
 * The order of outbound methods, written a second time from the sentence of
 * https://learn.microsoft.com/azure/nat-gateway/nat-overview (traffic routes) and from resources alone: route to
 * an appliance or gateway, NAT gateway, address of the instance, outbound rule, default outbound access.
 */
import type { Cloud } from '../../../src/model/cloud.ts';

type Protocol = 'tcp' | 'udp' | 'icmp';

export interface SlowMethod {
  readonly kind:
    'nowhere' | 'nat-gateway' | 'instance-public-ip' | 'load-balancer' | 'default-outbound-access' | 'none';
  /** The only sources that the internet may see; null where Microsoft picks one of its own. */
  readonly sources: readonly string[] | null;
  readonly protocols: readonly Protocol[];
}

interface Bag {
  readonly [key: string]: unknown;
}

const same = (a: unknown, b: unknown): boolean => String(a).toLowerCase() === String(b).toLowerCase();

/** Everything is read from the state as it would be from `az resource list`, key by key. */
export function slowOutboundMethod(cloud: Cloud, nicName: string): SlowMethod {
  const all = Object.values(JSON.parse(JSON.stringify(cloud.resources)) as Record<string, Bag>);
  const byId = (id: unknown): Bag | undefined => all.find((each) => same(each['id'], id));
  const list = (of: Bag | undefined, key: string): readonly Bag[] => (of?.[key] ?? []) as readonly Bag[];
  const reference = (of: Bag | undefined, key: string): unknown =>
    (of?.[key] as Bag | null | undefined)?.['id'];
  const addressOf = (id: unknown): readonly string[] => {
    const address = byId(id)?.['ipAddress'];
    return typeof address === 'string' ? [address] : [];
  };

  const nic = all.find((each) => each['name'] === nicName);
  const configurations = list(nic, 'ipConfigurations');
  const subnetId = reference(configurations[0], 'subnet');
  const subnet = all.flatMap((each) => list(each, 'subnets')).find((each) => same(each['id'], subnetId));

  const routes = list(byId(reference(subnet, 'routeTable')), 'routes');
  const toEverywhere = routes.find((each) => each['addressPrefix'] === '0.0.0.0/0');
  if (toEverywhere !== undefined && toEverywhere['nextHopType'] !== 'Internet') {
    return { kind: 'nowhere', sources: [], protocols: [] };
  }

  const gateway = byId(reference(subnet, 'natGateway'));
  if (gateway !== undefined) {
    const sources = [
      ...list(gateway, 'publicIpAddresses').flatMap((each) => addressOf(each['id'])),
      ...list(gateway, 'publicIpPrefixes').flatMap((each) =>
        everyAddress(String(byId(each['id'])?.['ipPrefix'])),
      ),
    ];
    if (sources.length === 0) return { kind: 'none', sources, protocols: [] };
    const second = (gateway['sku'] as Bag)['name'] === 'StandardV2';
    return { kind: 'nat-gateway', sources, protocols: second ? ['tcp', 'udp', 'icmp'] : ['tcp', 'udp'] };
  }

  const own = configurations.flatMap((each) => addressOf(reference(each, 'publicIPAddress')));
  if (own.length > 0) {
    return { kind: 'instance-public-ip', sources: own, protocols: ['tcp', 'udp', 'icmp'] };
  }

  const pools = configurations.flatMap((each) => list(each, 'loadBalancerBackendAddressPools'));
  if (pools.length > 0) {
    const sources = all.flatMap((balancer) =>
      list(balancer, 'outboundRules')
        .filter((rule) => pools.some((pool) => same(pool['id'], reference(rule, 'backendAddressPool'))))
        .flatMap((rule) => list(rule, 'frontendIPConfigurations'))
        .flatMap((wanted) =>
          list(balancer, 'frontendIPConfigurations').filter((one) => same(one['id'], wanted['id'])),
        )
        .flatMap((frontend) => addressOf(reference(frontend, 'publicIPAddress'))),
    );
    return sources.length > 0
      ? { kind: 'load-balancer', sources, protocols: ['tcp', 'udp'] }
      : { kind: 'none', sources, protocols: [] };
  }
  return subnet?.['defaultOutboundAccess'] === false
    ? { kind: 'none', sources: [], protocols: [] }
    : { kind: 'default-outbound-access', sources: null, protocols: ['tcp', 'udp'] };
}

function everyAddress(block: string): readonly string[] {
  const [base = '', length = ''] = block.split('/');
  const octets = base.split('.').map(Number);
  return Array.from({ length: 2 ** (32 - Number(length)) }, (_, at) =>
    [...octets.slice(0, 3), (octets[3] ?? 0) + at].join('.'),
  );
}
