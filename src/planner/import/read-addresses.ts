/** Public addresses, prefixes and NAT gateways out of pasted JSON. */
import type { NatGateway, PublicIpAddress, PublicIpPrefix } from '../../model/azure/resources.ts';
import { baseOf, bagOfObject } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import type { Bag } from './bag.ts';

const SKUS = ['Basic', 'Standard', 'StandardV2'] as const;

function zonesOf(bag: Bag): readonly string[] | null {
  const zones = bag.texts('zones');
  return zones.length === 0 ? null : zones;
}

export function readPublicIpAddress(object: ArmObject, { log }: ReadContext): PublicIpAddress | null {
  const bag = bagOfObject(object, log);
  if ((bag.text('publicIPAddressVersion') ?? 'IPv4').toLowerCase() === 'ipv6') {
    bag.leave(
      'publicIPAddressVersion = IPv6',
      'IPv6 is not modelled: flows over IPv6 cannot be asked.',
      'no-packets',
    );
    return null;
  }
  const sku = bag.bag('sku');
  const dns = bag.bag('dnsSettings');
  const natGateway = bag.reference('natGateway');
  const prefix = bag.reference('publicIPPrefix');
  const tags = bag.bags('ipTags').map((each) => ({
    ipTagType: each.text('ipTagType') ?? '',
    tag: each.text('tag') ?? '',
  }));
  const [label, fqdn] = [dns?.text('domainNameLabel') ?? '', dns?.text('fqdn') ?? ''];
  const address: PublicIpAddress = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/publicIPAddresses',
    ipAddress: bag.text('ipAddress') || null,
    publicIPAllocationMethod: bag.choice('publicIPAllocationMethod', ['Dynamic', 'Static'], 'Static'),
    publicIPAddressVersion: 'IPv4',
    idleTimeoutInMinutes: bag.number('idleTimeoutInMinutes', 4),
    sku: {
      name: sku?.choice('name', SKUS, 'Standard') ?? 'Basic',
      tier: sku?.choice('tier', ['Regional', 'Global'], 'Regional') ?? 'Regional',
    },
    zones: zonesOf(bag),
    ipConfiguration: bag.reference('ipConfiguration'),
    ...(natGateway === null ? {} : { natGateway }),
    ...(label === '' && fqdn === '' ? {} : { dnsSettings: { domainNameLabel: label, fqdn } }),
    ...(tags.length === 0 ? {} : { ipTags: tags }),
    ...(prefix === null ? {} : { publicIPPrefix: prefix }),
  };
  if (address.ipAddress === null) {
    bag.leave(
      'ipAddress',
      'Azure has not given it an address, or the text is a template, which has none.',
      'decides',
      { only: 'internet' },
    );
  }
  dns?.finish({ harmless: ['reverseFqdn', 'domainNameLabelScope'] });
  sku?.finish();
  bag.finish({
    harmless: [
      'ddosSettings',
      'deleteOption',
      'migrationPhase',
      'servicePublicIPAddress',
      'linkedPublicIPAddress',
    ],
  });
  return address;
}

export function readPublicIpPrefix(object: ArmObject, { log }: ReadContext): PublicIpPrefix {
  const bag = bagOfObject(object, log);
  const natGateway = bag.reference('natGateway');
  const sku = bag.bag('sku');
  const ipPrefix = bag.text('ipPrefix') ?? '';
  const prefix: PublicIpPrefix = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/publicIPPrefixes',
    ipPrefix,
    prefixLength: bag.number('prefixLength', Number(ipPrefix.split('/')[1] ?? 28)),
    publicIPAddressVersion: 'IPv4',
    sku: {
      name: sku?.choice('name', ['Standard', 'StandardV2'], 'Standard') ?? 'Standard',
      tier: 'Regional',
    },
    zones: zonesOf(bag),
    ...(natGateway === null ? {} : { natGateway }),
  };
  bag.finish({
    harmless: [
      'publicIPAddressVersion',
      'publicIPAddresses',
      'ipTags',
      'loadBalancerFrontendIpConfiguration',
    ],
    matters: { customIPPrefix: 'Where the prefix comes from is not modelled.' },
  });
  return prefix;
}

export function readNatGateway(object: ArmObject, { log }: ReadContext): NatGateway {
  const bag = bagOfObject(object, log);
  const sku = bag.bag('sku');
  const gateway: NatGateway = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/natGateways',
    sku: { name: sku?.choice('name', ['Standard', 'StandardV2'], 'Standard') ?? 'Standard' },
    idleTimeoutInMinutes: bag.number('idleTimeoutInMinutes', 4),
    publicIpAddresses: bag.references('publicIpAddresses'),
    publicIpPrefixes: bag.references('publicIpPrefixes'),
    zones: zonesOf(bag),
  };
  bag.finish({
    harmless: ['subnets', 'publicIpAddressesV6', 'publicIpPrefixesV6'],
    decides: { sourceVirtualNetwork: 'A NAT gateway of a whole VNet is not modelled.' },
  });
  return gateway;
}
