/** What each outbound type of AKS can do, as documented, wish by wish. */
import type { MigrationType } from '../model/aks/outbound-migration.ts';
import type { Limit } from '../model/limits/limit.ts';

/** `yes`; `no`; a condition that must be met; or nothing that the documentation says. */
export interface OutboundSupport {
  readonly support: 'yes' | 'no' | 'condition' | 'unknown';
  readonly why: string;
  /** The support is that of SKU StandardV2, where a region must have it. */
  readonly sku?: 'StandardV2';
}

export type OutboundFeature =
  | 'fixed-address'
  | 'fqdn-filter'
  | 'inspection'
  | 'isolated'
  | 'zone-redundant'
  | 'ipv6'
  | 'windows'
  | 'ping';

export type OutboundSupportTable = Readonly<Record<MigrationType, OutboundSupport>>;

const EGRESS =
  'Customize cluster egress with outbound types in AKS, https://learn.microsoft.com/azure/aks/egress-outboundtype';
const UDR = 'Customize cluster egress with a route table, https://learn.microsoft.com/azure/aks/egress-udr';
const FIREWALL =
  'Limit network traffic with Azure Firewall, https://learn.microsoft.com/azure/aks/limit-egress-traffic';
const NAT_GATEWAY = 'NAT gateway in AKS, https://learn.microsoft.com/azure/aks/nat-gateway';
const NAT_SKU = 'Azure NAT Gateway SKUs, https://learn.microsoft.com/azure/nat-gateway/nat-sku';
const DUAL_STACK = 'Dual-stack networking in AKS, https://learn.microsoft.com/azure/aks/configure-dual-stack';
const ISOLATED = 'Network isolated clusters, https://learn.microsoft.com/azure/aks/concepts-network-isolated';
const MANAGED_V2 =
  'StandardV2 NAT gateway for AKS-managed egress, https://blog.aks.azure.com/2026/09/29/aks-managed-standardv2-nat-gateway';
const OUTBOUND_NAT =
  'Disable OutboundNAT for Windows, https://learn.microsoft.com/azure/aks/nat-gateway#disable-outboundnat-for-windows';

const yes = (why: string): OutboundSupport => ({ support: 'yes', why });
const no = (why: string): OutboundSupport => ({ support: 'no', why });
const condition = (why: string): OutboundSupport => ({ support: 'condition', why });
const unknown = (why: string): OutboundSupport => ({ support: 'unknown', why });
const standardV2 = (why: string): OutboundSupport => ({ support: 'condition', why, sku: 'StandardV2' });

/** The way out of `none` is what the user builds, so it can do what that can do. */
const OF_YOUR_OWN =
  'Only by a way out of your own, in a VNet of your own, which AKS neither makes nor checks; userDefinedRouting is the same with a check.';
const NOTHING_LEAVES = 'Nothing leaves to the internet.';

export const OUTBOUND_SUPPORT: Readonly<Record<OutboundFeature, Limit<OutboundSupportTable>>> = {
  'fixed-address': {
    value: {
      loadBalancer: yes(
        'The addresses of the outbound rule stay. Those of your own (--load-balancer-outbound-ips) are known before and outlive the cluster.',
      ),
      managedNATGateway: standardV2(
        'Addresses of your own need SKU StandardV2 (--nat-gateway-outbound-ips). AKS makes those of a Standard gateway: they are known only afterwards, and go with it.',
      ),
      managedNATGatewayV2: yes('Addresses of your own, of SKU StandardV2.'),
      userAssignedNATGateway: yes('The gateway and its addresses are yours.'),
      userDefinedRouting: yes(
        'The addresses of the appliance. Azure Firewall takes any of its own, so all of them have to be allowed.',
      ),
      none: no(NOTHING_LEAVES),
      block: no(NOTHING_LEAVES),
    },
    source: MANAGED_V2,
    read: '2026-09-29',
  },
  'fqdn-filter': {
    value: {
      loadBalancer: no('An outbound rule translates and filters nothing, and an NSG knows no names.'),
      managedNATGateway: no('A NAT gateway translates and filters nothing, and an NSG knows no names.'),
      managedNATGatewayV2: no('A NAT gateway translates and filters nothing, and an NSG knows no names.'),
      userAssignedNATGateway: no('A NAT gateway translates and filters nothing, and an NSG knows no names.'),
      userDefinedRouting: yes(
        'Azure Firewall filters by name, and its tag AzureKubernetesService lets through what AKS needs.',
      ),
      none: condition(OF_YOUR_OWN),
      block: no(NOTHING_LEAVES),
    },
    source: FIREWALL,
    read: '2024-08-05',
    note: 'HTTP proxies and policies of Cilium filter by name too, inside the cluster and with any type; they are no property of the outbound type.',
  },
  inspection: {
    value: {
      loadBalancer: no('Packets go from the nodes to the internet, past no appliance.'),
      managedNATGateway: no('Packets go from the nodes to the internet, past no appliance.'),
      managedNATGatewayV2: no('Packets go from the nodes to the internet, past no appliance.'),
      userAssignedNATGateway: no('Packets go from the nodes to the internet, past no appliance.'),
      userDefinedRouting: yes('Everything for the internet goes to the next hop of the default route.'),
      none: condition(OF_YOUR_OWN),
      block: no(NOTHING_LEAVES),
    },
    source: UDR,
    read: '2023-05-10',
  },
  isolated: {
    value: {
      loadBalancer: no('It makes a way out.'),
      managedNATGateway: no('It makes a way out.'),
      managedNATGatewayV2: no('It makes a way out.'),
      userAssignedNATGateway: no('It needs a way out.'),
      userDefinedRouting: no('It needs a default route to an appliance; none has the same without one.'),
      none: yes(
        'AKS makes no way out. Images then come from a registry in the VNet: --bootstrap-artifact-source Cache. A public address of a node still is a way out.',
      ),
      block: condition(
        'Preview. Security rules deny the internet, and leave the VNet alone. Images then come from a registry in the VNet: --bootstrap-artifact-source Cache.',
      ),
    },
    source: ISOLATED,
    read: '2026-08-05',
  },
  'zone-redundant': {
    value: {
      loadBalancer: yes('Its addresses are zone redundant in regions with zones.'),
      managedNATGateway: standardV2(
        'With SKU StandardV2, which spans the zones. A Standard gateway is in one zone.',
      ),
      managedNATGatewayV2: yes('A StandardV2 gateway spans the zones.'),
      userAssignedNATGateway: standardV2(
        'With a gateway of SKU StandardV2, which spans the zones. A Standard gateway is in one zone.',
      ),
      userDefinedRouting: condition('The appliance and its addresses must span the zones.'),
      none: yes('There is no way out that a zone could take away.'),
      block: yes('There is no way out that a zone could take away.'),
    },
    source: NAT_SKU,
    read: '2026-07-27',
  },
  ipv6: {
    value: {
      loadBalancer: yes(
        'With IPv6 addresses of the outbound rule: --load-balancer-managed-outbound-ipv6-count.',
      ),
      managedNATGateway: standardV2(
        'With SKU StandardV2 and --nat-gateway-managed-outbound-ipv6-count. A Standard gateway has IPv4 alone.',
      ),
      managedNATGatewayV2: yes('With --nat-gateway-managed-outbound-ipv6-count.'),
      userAssignedNATGateway: standardV2(
        'With a gateway of SKU StandardV2 that has IPv6 addresses. A Standard gateway has IPv4 alone.',
      ),
      userDefinedRouting: condition(
        'With a route ::/0 to an appliance that speaks IPv6; AKS only warns where the route is missing.',
      ),
      none: yes('Neither family leaves.'),
      block: unknown('No page says whether its rules deny IPv6 too.'),
    },
    source: DUAL_STACK,
    read: '2023-12-07',
    note: 'NAT gateways by SKU: the pages of 2026-07-27 (nat-sku) and 2026-09-29 (AKS).',
  },
  windows: {
    value: {
      loadBalancer: condition(
        'Windows nodes translate pods themselves (OutboundNAT), with few ports, and this type cannot do without that.',
      ),
      managedNATGateway: yes('New Windows pools can do without OutboundNAT: --disable-windows-outbound-nat.'),
      managedNATGatewayV2: yes(
        'New Windows pools can do without OutboundNAT: --disable-windows-outbound-nat.',
      ),
      userAssignedNATGateway: yes(
        'New Windows pools can do without OutboundNAT: --disable-windows-outbound-nat.',
      ),
      userDefinedRouting: yes(
        'New Windows pools can do without OutboundNAT: --disable-windows-outbound-nat. Mind the ports of the appliance.',
      ),
      none: unknown('The page names the load balancer, NAT gateways and routes only.'),
      block: unknown('The page names the load balancer, NAT gateways and routes only.'),
    },
    source: OUTBOUND_NAT,
    read: '2026-04-15',
  },
  ping: {
    value: {
      loadBalancer: no('Outbound rules translate TCP and UDP, not ICMP.'),
      managedNATGateway: standardV2('SKU StandardV2 translates ping; Standard translates TCP and UDP alone.'),
      managedNATGatewayV2: yes('StandardV2 translates ping.'),
      userAssignedNATGateway: standardV2(
        'A gateway of SKU StandardV2 translates ping; a Standard one translates TCP and UDP alone.',
      ),
      userDefinedRouting: condition('What the appliance translates.'),
      none: no(NOTHING_LEAVES),
      block: no(NOTHING_LEAVES),
    },
    source: NAT_SKU,
    read: '2026-07-27',
  },
};

/** What AKS says of each type, beside what it can do. */
export const OUTBOUND_STANDING: Readonly<Record<MigrationType, Limit<string>>> = {
  loadBalancer: {
    value: 'The default of az aks create; nothing to bring.',
    source: EGRESS,
    read: '2026-08-05',
  },
  managedNATGateway: {
    value: 'Ports on demand for all nodes, and nothing to bring; what AKS Automatic takes in its own VNet.',
    source: NAT_GATEWAY,
    read: '2026-07-07',
  },
  userAssignedNATGateway: {
    value: 'Ports on demand for all nodes, in a VNet of your own.',
    source: NAT_GATEWAY,
    read: '2026-07-07',
  },
  userDefinedRouting: {
    value: 'An advanced scenario: the only type in which an appliance of yours sees everything.',
    source: EGRESS,
    read: '2026-08-05',
  },
  none: {
    value: 'For clusters that need no internet, or whose way out is a matter of others.',
    source: EGRESS,
    read: '2026-08-05',
  },
  block: {
    value: 'In preview; in a VNet of your own, none with rules of your own does the same.',
    source: EGRESS,
    read: '2026-08-05',
  },
  managedNATGatewayV2: {
    value:
      'The name that the preview had. Today it is managedNATGateway with --outbound-type-sku StandardV2; the service refuses the old name from API version 2026-06-01 on.',
    source: MANAGED_V2,
    read: '2026-09-29',
  },
};
