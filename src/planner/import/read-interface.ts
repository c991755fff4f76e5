/** NICs and their IP configurations out of pasted JSON. */
import { armKey } from '../../model/azure/resource-store.ts';
import { drawNetworkInterfaceMac } from '../../model/azure/network-interface.ts';
import type { IpConfiguration, NetworkInterface } from '../../model/azure/resources.ts';
import { parseAddress } from '../../model/ip/address.ts';
import { baseOf, bagOfObject, partId } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import type { Bag } from './bag.ts';

export function readNetworkInterface(object: ArmObject, context: ReadContext): NetworkInterface {
  const bag = bagOfObject(object, context.log);
  const base = baseOf(object, bag);
  const nic: NetworkInterface = {
    ...base,
    type: 'Microsoft.Network/networkInterfaces',
    enableIPForwarding: bag.flag('enableIPForwarding', false),
    macAddress: bag.text('macAddress') || drawNetworkInterfaceMac(context.cloud, object.id),
    networkSecurityGroup: bag.reference('networkSecurityGroup'),
    primary: bag.flag('primary', true),
    virtualMachine: bag.reference('virtualMachine'),
    ipConfigurations: bag
      .bags('ipConfigurations')
      .flatMap((each, index) => readIpConfiguration(each, object.id, index === 0) ?? []),
  };
  bag.finish({
    harmless: [
      'auxiliaryMode',
      'auxiliarySku',
      'dnsSettings',
      'enableAcceleratedNetworking',
      'hostedWorkloads',
      'nicType',
      'privateEndpoint',
      'privateLinkService',
      'tapConfigurations',
      'vnetEncryptionSupported',
      'allowPort25Out',
      'defaultOutboundConnectivityEnabled',
      'dscpConfiguration',
      'migrationPhase',
      'workloadType',
    ],
    matters: {
      disableTcpStateTracking:
        'Security groups take every packet of this NIC for a new one; the model tracks connections.',
    },
  });
  return nic;
}

export function readIpConfiguration(part: Bag, nicId: string, first: boolean): IpConfiguration | null {
  const { id, name } = partId(part, nicId, 'ipConfigurations');
  const bag = part.under(armKey(id));
  const version = bag.text('privateIPAddressVersion') ?? 'IPv4';
  if (version.toLowerCase() === 'ipv6') {
    bag.leave(
      'privateIPAddressVersion = IPv6',
      'IPv6 is not modelled: flows over IPv6 cannot be asked.',
      'no-packets',
    );
    return null;
  }
  const subnet = bag.reference('subnet');
  const text = bag.text('privateIPAddress')?.split('/')[0] || null;
  const address = text !== null && parseAddress(text).ok ? text : null;
  if (text !== null && address === null) bag.unreadable('privateIPAddress', text, 'decides');
  if (subnet === null || address === null) {
    bag.leave(
      subnet === null ? 'subnet' : 'privateIPAddress',
      'It is not there, so nobody can say where this address is. A template has no addresses that Azure chose: az network nic list has.',
      'decides',
    );
  }
  const groups = bag.references('applicationSecurityGroups');
  const block = bag.raw('privateIPAddressPrefixLength');
  if (block !== undefined && block !== 32) {
    bag.leave(
      'privateIPAddressPrefixLength',
      'A block of addresses on one configuration is not modelled.',
      'decides',
    );
  }
  const configuration: IpConfiguration = {
    id,
    name,
    primary: bag.flag('primary', first),
    privateIPAddress: address ?? '',
    privateIPAllocationMethod: bag.choice('privateIPAllocationMethod', ['Dynamic', 'Static'], 'Dynamic'),
    privateIPAddressVersion: 'IPv4',
    publicIPAddress: bag.reference('publicIPAddress'),
    subnet: subnet ?? { id: '' },
    loadBalancerBackendAddressPools: bag.references('loadBalancerBackendAddressPools'),
    ...(groups.length === 0 ? {} : { applicationSecurityGroups: groups }),
  };
  bag.finish({
    harmless: ['privateLinkConnectionProperties', 'virtualNetworkTaps', 'privateIPAddressPrefixLength'],
    matters: {
      loadBalancerInboundNatRules:
        'Inbound NAT rules of load balancers are not modelled: what comes in by one is not known.',
      applicationGatewayBackendAddressPools: 'An application gateway forwards to it, which is not modelled.',
    },
    decides: {
      gatewayLoadBalancer: 'A gateway load balancer takes its traffic first, which is not modelled.',
    },
  });
  return subnet === null || address === null ? null : configuration;
}
