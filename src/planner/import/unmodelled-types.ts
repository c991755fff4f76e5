/** What is known of resources that the model does not have: what they may change for a flow. */
import type { Weight } from './left-out.ts';

interface Effect {
  readonly effect: string;
  readonly weight: Weight;
}

const QUIET = 'It sends and filters no packet of these networks.';

const BY_TYPE: Readonly<Record<string, Effect>> = {
  'microsoft.network/applicationgateways': {
    effect:
      'What an application gateway forwards is not modelled: flows to its addresses and behind it are not known.',
    weight: 'decides',
  },
  'microsoft.network/applicationgatewaywebapplicationfirewallpolicies': {
    effect: QUIET,
    weight: 'no-packets',
  },
  'microsoft.network/bastionhosts': {
    effect: 'Bastion opens connections to machines from its own subnet, and that is not modelled.',
    weight: 'may-matter',
  },
  'microsoft.network/networkmanagers': {
    effect:
      'Security admin rules of a network manager come before every security group, and its connectivity makes routes; neither is modelled.',
    weight: 'may-matter',
  },
  'microsoft.network/virtualwans': { effect: 'Virtual WAN is not modelled.', weight: 'may-matter' },
  'microsoft.network/virtualhubs': {
    effect: 'A Virtual WAN hub routes between the VNets connected to it, and is not modelled.',
    weight: 'decides',
  },
  'microsoft.network/vpngateways': { effect: 'Gateways of Virtual WAN are not modelled.', weight: 'decides' },
  'microsoft.network/expressroutegateways': {
    effect: 'Gateways of Virtual WAN are not modelled.',
    weight: 'decides',
  },
  'microsoft.network/expressroutecircuits': {
    effect: 'What ExpressRoute announces is not modelled: routes to on-premises are missing.',
    weight: 'may-matter',
  },
  'microsoft.network/routefilters': {
    effect: 'They filter what ExpressRoute announces.',
    weight: 'may-matter',
  },
  'microsoft.network/serviceendpointpolicies': {
    effect: 'They allow only some accounts over a service endpoint, and are not modelled.',
    weight: 'may-matter',
  },
  'microsoft.network/privatednszones': {
    effect: 'Names of private DNS zones are not modelled: ask for addresses in place of such names.',
    weight: 'may-matter',
  },
  'microsoft.network/dnsresolvers': { effect: 'Names are resolved without it here.', weight: 'may-matter' },
  'microsoft.network/dnszones': { effect: 'Names of public zones are not modelled.', weight: 'may-matter' },
  'microsoft.network/trafficmanagerprofiles': {
    effect: 'It answers names, and no packet passes it.',
    weight: 'no-packets',
  },
  'microsoft.network/frontdoors': {
    effect: 'What Front Door forwards is not modelled.',
    weight: 'may-matter',
  },
  'microsoft.cdn/profiles': { effect: 'What Front Door forwards is not modelled.', weight: 'may-matter' },
  'microsoft.network/networkwatchers': { effect: QUIET, weight: 'no-packets' },
  'microsoft.network/networksecurityperimeters': {
    effect: 'A perimeter decides who may reach Azure services, which are not modelled.',
    weight: 'no-packets',
  },
  'microsoft.network/ddosprotectionplans': { effect: QUIET, weight: 'no-packets' },
  'microsoft.network/networkprofiles': {
    effect: 'Container groups in a subnet are not modelled.',
    weight: 'may-matter',
  },
  'microsoft.network/virtualrouters': { effect: 'Route servers are not modelled.', weight: 'decides' },
  'microsoft.containerinstance/containergroups': {
    effect: 'Container groups in a subnet are not modelled: flows to them are not known.',
    weight: 'may-matter',
  },
  'microsoft.web/sites': {
    effect: 'Apps that are integrated into a VNet send from its subnets, and are not modelled.',
    weight: 'may-matter',
  },
  'microsoft.apimanagement/service': {
    effect: 'API Management in a VNet is not modelled.',
    weight: 'may-matter',
  },
  'microsoft.sql/managedinstances': {
    effect: 'Managed instances in a subnet are not modelled.',
    weight: 'may-matter',
  },
};

/** Providers whose resources send no packet from a VNet. */
const QUIET_PROVIDERS = [
  'microsoft.managedidentity/',
  'microsoft.insights/',
  'microsoft.operationalinsights/',
  'microsoft.operationsmanagement/',
  'microsoft.alertsmanagement/',
  'microsoft.authorization/',
  'microsoft.keyvault/',
  'microsoft.storage/',
  'microsoft.containerregistry/',
  'microsoft.resources/',
  'microsoft.portal/',
  'microsoft.monitor/',
  'microsoft.dashboard/',
  'microsoft.automation/',
  'microsoft.recoveryservices/',
  'microsoft.compute/disks',
  'microsoft.compute/images',
  'microsoft.compute/snapshots',
  'microsoft.compute/galleries',
  'microsoft.compute/sshpublickeys',
  'microsoft.compute/availabilitysets',
  'microsoft.compute/proximityplacementgroups',
  'microsoft.compute/restorepointcollections',
  'microsoft.compute/virtualmachines/extensions',
  'microsoft.compute/virtualmachinescalesets/extensions',
  'microsoft.eventgrid/',
  'microsoft.eventhub/',
  'microsoft.servicebus/',
  'microsoft.documentdb/',
  'microsoft.cache/',
];

/** Returns what a resource of this type (lower-cased, with parents) may change. */
export function effectOfType(type: string): Effect {
  for (let at = type; at.includes('/'); at = at.slice(0, at.lastIndexOf('/'))) {
    const known = BY_TYPE[at];
    if (known !== undefined) return known;
  }
  if (QUIET_PROVIDERS.some((prefix) => type.startsWith(prefix)))
    return { effect: QUIET, weight: 'no-packets' };
  return {
    effect: 'The model does not know this type of resource, so nobody here can say what it changes.',
    weight: 'may-matter',
  };
}
