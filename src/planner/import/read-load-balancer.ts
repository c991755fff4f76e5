/** Load balancers out of pasted JSON. Who is in a pool is told by the NICs. */
import { armKey } from '../../model/azure/resource-store.ts';
import type {
  FrontendIpConfiguration,
  LoadBalancer,
  LoadBalancerProbe,
} from '../../model/azure/resources.ts';
import { baseOf, bagOfObject, partId } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import type { Bag } from './bag.ts';

export function readLoadBalancer(object: ArmObject, { log }: ReadContext): LoadBalancer {
  const bag = bagOfObject(object, log);
  const sku = bag.bag('sku');
  const skuName = sku?.text('name') ?? 'Basic';
  if (skuName.toLowerCase() !== 'standard') {
    bag.leave(
      `sku = ${skuName}`,
      skuName.toLowerCase() === 'gateway'
        ? 'Gateway load balancers are not modelled.'
        : 'Basic load balancers are gone since 2025-09-30 and not modelled; it is read as a Standard one.',
      'decides',
    );
  }
  if ((sku?.text('tier') ?? 'Regional').toLowerCase() === 'global') {
    bag.leave('sku tier = Global', 'Cross-region load balancers are not modelled.', 'decides');
  }
  const part = (collection: string, read: (each: Bag, id: string, name: string) => unknown) =>
    bag.bags(collection).map((each) => {
      const { id, name } = partId(each, object.id, collection);
      return read(each.under(armKey(id)), id, name);
    });
  const balancer: LoadBalancer = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/loadBalancers',
    sku: { name: 'Standard', tier: 'Regional' },
    frontendIPConfigurations: part('frontendIPConfigurations', readFrontend) as FrontendIpConfiguration[],
    backendAddressPools: part('backendAddressPools', readPool) as LoadBalancer['backendAddressPools'],
    loadBalancingRules: part('loadBalancingRules', readRule) as LoadBalancer['loadBalancingRules'],
    probes: part('probes', readProbe) as LoadBalancerProbe[],
    outboundRules: part('outboundRules', readOutboundRule) as LoadBalancer['outboundRules'],
  };
  bag.finish({
    decides: {
      inboundNatRules: 'Inbound NAT rules are not modelled: what comes in by one is not known.',
      inboundNatPools: 'Inbound NAT pools are not modelled: what comes in by one is not known.',
    },
  });
  return balancer;
}

function readFrontend(bag: Bag, id: string, name: string): FrontendIpConfiguration {
  const prefix = bag.reference('publicIPPrefix');
  const zones = bag.texts('zones');
  const subnet = bag.reference('subnet');
  const frontend: FrontendIpConfiguration = {
    id,
    name,
    publicIPAddress: bag.reference('publicIPAddress'),
    ...(prefix === null ? {} : { publicIPPrefix: prefix }),
    privateIPAddress: bag.text('privateIPAddress') || null,
    privateIPAllocationMethod: bag.choice('privateIPAllocationMethod', ['Dynamic', 'Static'], 'Dynamic'),
    subnet,
    zones: zones.length === 0 ? null : zones,
  };
  bag.finish({
    harmless: [
      'loadBalancingRules',
      'outboundRules',
      'inboundNatRules',
      'inboundNatPools',
      'privateIPAddressVersion',
    ],
    decides: {
      gatewayLoadBalancer: 'A gateway load balancer takes its traffic first, which is not modelled.',
    },
  });
  return frontend;
}

function readPool(bag: Bag, id: string, name: string): LoadBalancer['backendAddressPools'][number] {
  for (const each of bag.bags('loadBalancerBackendAddresses')) {
    const address = each.text('ipAddress');
    if (address !== null && !each.has('networkInterfaceIPConfiguration')) {
      bag.leave(
        `loadBalancerBackendAddresses ${address}`,
        'Members by address alone are not modelled: the pool is without them.',
        'decides',
      );
    }
  }
  bag.finish({
    harmless: [
      'backendIPConfigurations',
      'loadBalancingRules',
      'outboundRules',
      'outboundRule',
      'inboundNatRules',
      'virtualNetwork',
      'syncMode',
      'drainPeriodInSeconds',
    ],
    decides: { tunnelInterfaces: 'Gateway load balancers are not modelled.' },
  });
  return { id, name };
}

function readRule(bag: Bag, id: string, name: string): LoadBalancer['loadBalancingRules'][number] {
  const pools = bag.references('backendAddressPools');
  const rule = {
    id,
    name,
    protocol: bag.choice('protocol', ['Tcp', 'Udp', 'All'], 'Tcp'),
    frontendPort: bag.number('frontendPort', 0),
    backendPort: bag.number('backendPort', 0),
    frontendIPConfiguration: bag.reference('frontendIPConfiguration') ?? { id: '' },
    backendAddressPool: bag.reference('backendAddressPool') ?? pools[0] ?? null,
    probe: bag.reference('probe'),
    enableFloatingIP: bag.flag('enableFloatingIP', false),
    enableTcpReset: bag.flag('enableTcpReset', false),
    disableOutboundSnat: bag.flag('disableOutboundSnat', false),
    idleTimeoutInMinutes: bag.number('idleTimeoutInMinutes', 4),
    loadDistribution: bag.choice('loadDistribution', ['Default', 'SourceIP', 'SourceIPProtocol'], 'Default'),
  };
  bag.finish({
    decides: { enableConnectionTracking: 'Connection tracking across backends is not modelled.' },
  });
  return rule;
}

function readProbe(bag: Bag, id: string, name: string): LoadBalancerProbe {
  const threshold = bag.number('probeThreshold', -1);
  const probe: LoadBalancerProbe = {
    id,
    name,
    protocol: bag.choice('protocol', ['Tcp', 'Http', 'Https'], 'Tcp'),
    port: bag.number('port', 0),
    requestPath: bag.text('requestPath') || null,
    intervalInSeconds: bag.number('intervalInSeconds', 15),
    numberOfProbes: bag.number('numberOfProbes', 1),
    ...(threshold < 0 ? {} : { probeThreshold: threshold }),
  };
  bag.finish({
    harmless: ['loadBalancingRules'],
    matters: { noHealthyBackendsBehavior: 'With no healthy member the model drops, this one sends to all.' },
  });
  return probe;
}

function readOutboundRule(bag: Bag, id: string, name: string): LoadBalancer['outboundRules'][number] {
  const rule = {
    id,
    name,
    protocol: bag.choice('protocol', ['All', 'Tcp', 'Udp'], 'All'),
    allocatedOutboundPorts: bag.number('allocatedOutboundPorts', 0),
    idleTimeoutInMinutes: bag.number('idleTimeoutInMinutes', 4),
    enableTcpReset: bag.flag('enableTcpReset', false),
    frontendIPConfigurations: bag.references('frontendIPConfigurations'),
    backendAddressPool: bag.reference('backendAddressPool') ?? { id: '' },
  };
  bag.finish();
  return rule;
}
