/** What a cluster with an outbound type consists of outside: what is brought, made and seen, and the az lines. */
import { outboundParts } from '../model/aks/outbound-migration.ts';
import type { MigrationType } from '../model/aks/outbound-migration.ts';
import { DEFAULT_OUTBOUND_IDLE_TIMEOUT, MANAGED_OUTBOUND_ADDRESSES } from '../model/limits/aks.ts';
import { OUTBOUND_RULE_IDLE_TIMEOUT } from '../model/limits/load-balancer.ts';
import { NAT_GATEWAY_ADDRESSES, NAT_GATEWAY_IDLE_TIMEOUT } from '../model/limits/nat-gateway.ts';
import {
  FIREWALL_ADDRESSES,
  FIREWALL_PORTS_PER_ADDRESS,
  NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION,
  NAT_GATEWAY_PORTS_PER_ADDRESS,
} from '../model/limits/snat.ts';
import { hasStandardV2, needsStandardV2, sizeOf } from './outbound-type.ts';
import type { OutboundNeeds } from './outbound-type.ts';
import { TYPE_OPTIONS } from './outbound-words.ts';

export interface CountedObject {
  readonly count: number;
  /** Azure's resource type without its provider: `publicIPAddresses`. */
  readonly type: 'loadBalancers' | 'natGateways' | 'azureFirewalls' | 'publicIPAddresses';
  readonly by: 'AKS' | 'you';
}

export interface OutboundRecipe {
  readonly bring: readonly string[];
  readonly makes: readonly string[];
  readonly seen: string;
  readonly limits: readonly string[];
  /** Objects that Azure charges for. */
  readonly objects: readonly CountedObject[];
  readonly commands: readonly string[];
}

const number = (value: number): string => value.toLocaleString('en');

export function recipeOf(option: MigrationType, needs: OutboundNeeds): OutboundRecipe {
  // Where nobody names a SKU, AKS makes the better one that the region has.
  const made = option === 'managedNATGateway' && hasStandardV2(needs.region) ? 'managedNATGatewayV2' : option;
  const { needs: bring, makes, egress } = outboundParts(made);
  const addresses = sizeOf(option, needs)?.addresses ?? 0;
  return {
    bring: [...broughtFor(option, needs), ...bring],
    makes,
    seen: egress,
    limits: limitsOf(option),
    objects: objectsOf(option, addresses, needs),
    commands: commandsOf(option, addresses, needs),
  };
}

/** Whether the public addresses are made beforehand: where the type takes them, and a partner waits for them. */
function bringsAddresses(option: MigrationType, needs: OutboundNeeds): boolean {
  if (option === 'userAssignedNATGateway' || option === 'userDefinedRouting') return true;
  return (
    needs.features.includes('fixed-address') &&
    (option === 'loadBalancer' || (isManagedGateway(option) && hasStandardV2(needs.region)))
  );
}

function isManagedGateway(option: MigrationType): boolean {
  return option === 'managedNATGateway' || option === 'managedNATGatewayV2';
}

function broughtFor(option: MigrationType, needs: OutboundNeeds): readonly string[] {
  if (option === 'userDefinedRouting')
    return ['an appliance with a public address, which lets through what AKS needs'];
  return bringsAddresses(option, needs) && option !== 'userAssignedNATGateway'
    ? [
        'public addresses or prefixes of your own, and Network Contributor on them for the identity of the cluster',
      ]
    : [];
}

function limitsOf(option: MigrationType): readonly string[] {
  const minutes = ({ lowest, highest }: { readonly lowest: number; readonly highest: number }) =>
    `${lowest} to ${highest} minutes`;
  switch (option) {
    case 'loadBalancer':
      return [
        `${MANAGED_OUTBOUND_ADDRESSES.value.lowest} to ${MANAGED_OUTBOUND_ADDRESSES.value.highest} addresses of AKS`,
        `idle timeout ${minutes(OUTBOUND_RULE_IDLE_TIMEOUT.value)}, ${DEFAULT_OUTBOUND_IDLE_TIMEOUT.value} if none is set`,
        'TCP and UDP',
      ];
    case 'managedNATGateway':
    case 'managedNATGatewayV2':
    case 'userAssignedNATGateway':
      return [
        `1 to ${NAT_GATEWAY_ADDRESSES.value} addresses, ${number(NAT_GATEWAY_PORTS_PER_ADDRESS.value)} ports each`,
        `${number(NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION.value)} connections to one destination for each address`,
        `idle timeout ${minutes(NAT_GATEWAY_IDLE_TIMEOUT.value)}, ${NAT_GATEWAY_IDLE_TIMEOUT.value.default} if none is set`,
        'TCP and UDP; SKU StandardV2 ping too',
      ];
    case 'userDefinedRouting':
      return [
        `with Azure Firewall ${FIREWALL_ADDRESSES.value.lowest} to ${FIREWALL_ADDRESSES.value.highest} addresses, ${number(FIREWALL_PORTS_PER_ADDRESS.value)} ports of each on every instance`,
        'a public LoadBalancer Service is answered by way of the appliance, unless its traffic comes in there too',
      ];
    case 'none':
    case 'block':
      return [];
  }
}

function objectsOf(option: MigrationType, addresses: number, needs: OutboundNeeds): readonly CountedObject[] {
  const by = bringsAddresses(option, needs) ? 'you' : 'AKS';
  const publicAddresses: CountedObject = { count: addresses, type: 'publicIPAddresses', by };
  switch (option) {
    case 'loadBalancer':
      return [{ count: 1, type: 'loadBalancers', by: 'AKS' }, publicAddresses];
    case 'managedNATGateway':
    case 'managedNATGatewayV2':
      return [{ count: 1, type: 'natGateways', by: 'AKS' }, publicAddresses];
    case 'userAssignedNATGateway':
      return [{ count: 1, type: 'natGateways', by: 'you' }, publicAddresses];
    case 'userDefinedRouting':
      return [{ count: 1, type: 'azureFirewalls', by: 'you' }, publicAddresses];
    case 'none':
    case 'block':
      return [];
  }
}

/** Prefixes that hold so many addresses: 16 of them at most in each, and a power of two. */
function prefixLengths(addresses: number): readonly number[] {
  const most = NAT_GATEWAY_ADDRESSES.value;
  const whole = Array.from({ length: Math.floor(addresses / most) }, () => 28);
  const rest = addresses % most;
  return rest === 0 ? whole : [...whole, 32 - Math.ceil(Math.log2(Math.max(2, rest)))];
}

const GROUP = '-g $GROUP';

/** Makes the addresses; returns the lines, and the option value that names what they made. */
function addressLines(
  addresses: number,
  sku: 'Standard' | 'StandardV2',
): {
  readonly lines: readonly string[];
  readonly kind: 'address' | 'prefix';
  readonly names: readonly string[];
} {
  if (addresses === 1) {
    return {
      kind: 'address',
      names: ['pip-egress'],
      lines: [
        `az network public-ip create ${GROUP} -n pip-egress --sku ${sku} --allocation-method Static --zone 1 2 3`,
      ],
    };
  }
  const lengths = prefixLengths(addresses);
  const names = lengths.map((_, at) => (lengths.length === 1 ? 'ippre-egress' : `ippre-egress-${at + 1}`));
  return {
    kind: 'prefix',
    names,
    lines: names.map(
      (name, at) =>
        `az network public-ip prefix create ${GROUP} -n ${name} --length ${lengths[at] ?? 28} --sku ${sku} --zone 1 2 3`,
    ),
  };
}

function commandsOf(option: MigrationType, addresses: number, needs: OutboundNeeds): readonly string[] {
  const { vnet } = needs;
  const type =
    needsStandardV2(option, needs) && isManagedGateway(option)
      ? TYPE_OPTIONS.managedNATGatewayV2
      : TYPE_OPTIONS[option];
  const subnet = vnet === 'brought' || option === 'userAssignedNATGateway' || option === 'userDefinedRouting';
  const create = (options: string): string => {
    const words =
      needs.existing === null
        ? [
            `az aks create ${GROUP} -n $CLUSTER`,
            subnet ? '--vnet-subnet-id $SUBNET_ID --assign-identity $IDENTITY_ID' : '',
            type,
            needs.features.includes('ipv6') ? '--ip-families ipv4,ipv6' : '',
            options,
          ]
        : [`az aks update ${GROUP} -n $CLUSTER`, needs.existing === option ? '' : type, options];
    return words.filter((each) => each !== '').join(' ');
  };
  const sku = gatewaySku(option, needs);
  switch (option) {
    case 'loadBalancer': {
      const ports = sizeOf(option, needs)?.outboundPorts ?? null;
      const portsOption = ports === null ? [] : [`--load-balancer-outbound-ports ${ports}`];
      if (bringsAddresses(option, needs)) {
        const made = addressLines(addresses, 'Standard');
        const flag = made.kind === 'address' ? 'ips' : 'ip-prefixes';
        return [
          ...made.lines,
          create([`--load-balancer-outbound-${flag} ${idsOf(made)}`, ...portsOption].join(' ')),
        ];
      }
      const count = addresses === 1 ? [] : [`--load-balancer-managed-outbound-ip-count ${addresses}`];
      return [create([...count, ...portsOption].join(' '))];
    }
    case 'managedNATGateway':
    case 'managedNATGatewayV2': {
      if (!bringsAddresses(option, needs))
        return [create(addresses === 1 ? '' : `--nat-gateway-managed-outbound-ip-count ${addresses}`)];
      const made = addressLines(addresses, 'StandardV2');
      const flag = made.kind === 'address' ? 'ips' : 'ip-prefixes';
      return [...made.lines, create(`--nat-gateway-outbound-${flag} ${idsOf(made)}`)];
    }
    case 'userAssignedNATGateway': {
      const made = addressLines(addresses, sku);
      const flag = made.kind === 'address' ? '--public-ip-addresses' : '--public-ip-prefixes';
      return [
        ...made.lines,
        `az network nat gateway create ${GROUP} -n natgw-egress --sku ${sku} ${flag} ${made.names.join(' ')} --idle-timeout ${NAT_GATEWAY_IDLE_TIMEOUT.value.default}`,
        `az network vnet subnet update ${GROUP} --vnet-name $VNET -n $SUBNET --nat-gateway natgw-egress`,
        create(''),
      ];
    }
    case 'userDefinedRouting':
      return [
        `az network route-table create ${GROUP} -n rt-egress`,
        `az network route-table route create ${GROUP} --route-table-name rt-egress -n default --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address $APPLIANCE`,
        `az network vnet subnet update ${GROUP} --vnet-name $VNET -n $SUBNET --route-table rt-egress`,
        create(''),
      ];
    case 'none':
    case 'block': {
      const isIsolated = needs.features.includes('isolated');
      return [create(isIsolated ? '--enable-private-cluster --bootstrap-artifact-source Cache' : '')];
    }
  }
}

/** A gateway of one's own is StandardV2 where the region has it: it costs the same and outlives a zone. */
function gatewaySku(option: MigrationType, needs: OutboundNeeds): 'Standard' | 'StandardV2' {
  return option === 'userAssignedNATGateway' && hasStandardV2(needs.region) ? 'StandardV2' : 'Standard';
}

function idsOf(made: { readonly kind: 'address' | 'prefix'; readonly names: readonly string[] }): string {
  const what = made.kind === 'address' ? 'public-ip' : 'public-ip prefix';
  return made.names
    .map((name) => `$(az network ${what} show ${GROUP} -n ${name} --query id -o tsv)`)
    .join(',');
}
