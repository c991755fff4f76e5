/** The order of a migration of the outbound type: what is done before, in the change itself, and after. */
import type { MigrationType } from '../model/aks/outbound-migration.ts';
import type { ClusterFacts } from './outbound-cluster-json.ts';
import { TYPE_OPTIONS } from './outbound-words.ts';
import { shellWord, shellWordOr } from './shell-word.ts';

export type StepPhase = 'before' | 'tell' | 'change' | 'check' | 'after';

export interface MigrationStep {
  readonly phase: StepPhase;
  /** One or more sentences. */
  readonly text: string;
  readonly commands: readonly string[];
}

/** What decides where packets go stands on the subnet, and AKS puts it there or the user does. */
type OnSubnet = 'nat-gateway' | 'route-table' | null;

/** What of the user's own stands on the subnets with this type, and wins over what AKS makes. */
function onSubnet(type: MigrationType): OnSubnet {
  switch (type) {
    case 'userAssignedNATGateway':
      return 'nat-gateway';
    case 'userDefinedRouting':
      return 'route-table';
    case 'loadBalancer':
    case 'managedNATGateway':
    case 'managedNATGatewayV2':
    case 'none':
    case 'block':
      return null;
  }
}

/** Whether pods reach the internet with it, as far as AKS makes it. */
export function hasWayOut(type: MigrationType): boolean {
  return type !== 'none' && type !== 'block';
}

/** Whether the addresses after the migration can be known, and allowed, before it. */
export function addressesKnown(to: MigrationType): 'before' | 'after' | 'none' {
  switch (to) {
    case 'loadBalancer':
    case 'managedNATGatewayV2':
    case 'userAssignedNATGateway':
    case 'userDefinedRouting':
      return 'before';
    case 'managedNATGateway':
      return 'after';
    case 'none':
    case 'block':
      return 'none';
  }
}

/**
 * Returns when new connections begin to leave by the new way. A route wins over a NAT gateway, and a NAT
 * gateway over an outbound rule, so what stands on the subnet decides, whatever the cluster's type is.
 */
export function switchesWhen(from: MigrationType, to: MigrationType): string {
  const [was, becomes] = [onSubnet(from), onSubnet(to)];
  if (was === 'route-table') {
    return becomes === 'nat-gateway'
      ? 'When the route 0.0.0.0/0 is taken away: until then it wins over the NAT gateway.'
      : to === 'none'
        ? 'When the route 0.0.0.0/0 is taken away: AKS leaves it, and until then the cluster still leaves by it.'
        : 'When the route 0.0.0.0/0 is taken away: AKS leaves it, and it wins over the outbound rule.';
  }
  if (becomes === 'route-table')
    return 'When the route table comes onto the subnet, before az aks update: a route wins over what was there.';
  if (was === 'nat-gateway') {
    return to === 'none'
      ? 'When the NAT gateway is taken off the subnet: AKS leaves it, and until then the cluster still leaves by it.'
      : 'When the NAT gateway is taken off the subnet: AKS leaves it, and it wins over the outbound rule.';
  }
  if (becomes === 'nat-gateway')
    return 'When the NAT gateway comes onto the subnet, before az aks update: it wins over the outbound rule.';
  return 'With az aks update.';
}

export interface MigrationEffects {
  /** What stops working, or may. */
  readonly breaks: readonly string[];
  /** What one might fear for in vain. */
  readonly stays: readonly string[];
}

export function effectsOf(
  from: MigrationType,
  to: MigrationType,
  cluster: ClusterFacts | null,
): MigrationEffects {
  const breaks: string[] = [];
  const stays: string[] = [];
  if (hasWayOut(from)) {
    breaks.push(
      'Established connections from the cluster to the internet: their translation goes away, and the other side knows the old address only.',
    );
  }
  if (hasWayOut(from) && hasWayOut(to)) {
    breaks.push(
      'Whatever allows the old addresses and not the new ones: partners, firewalls of databases and storage accounts.',
    );
  }
  if (!hasWayOut(to)) {
    breaks.push(
      'Whatever needs the internet: image pulls from outside, updates of nodes, calls to partners and to public endpoints of Azure services.',
    );
  }
  if (cluster?.apiServer === 'private') {
    stays.push('Nodes reach the API server: it is private.');
  } else if (hasWayOut(to)) {
    const ranges = cluster?.authorizedRanges ?? null;
    if (ranges?.length === 0)
      stays.push('Nodes reach the API server by the new way: the cluster has no authorized IP ranges.');
    else
      breaks.push(
        'The nodes themselves, where authorized IP ranges lack the new addresses: on a public cluster they reach the API server by the way out, and become NotReady.',
      );
  } else {
    breaks.push('The nodes themselves, on a public cluster: they reach the API server by the way out.');
  }
  for (const pool of to === 'loadBalancer' ? (cluster?.poolsWithoutOutboundNat ?? []) : []) {
    breaks.push(
      `Windows pool ${pool}: it was made with --disable-windows-outbound-nat, which does not go with outbound type loadBalancer.`,
    );
  }
  if (to === 'userDefinedRouting') {
    breaks.push(
      'Inbound by a public LoadBalancer Service: replies follow the default route to the appliance, which knows nothing of the connection.',
    );
  } else {
    stays.push('Inbound traffic: LoadBalancer Services keep their addresses, and replies leave with them.');
  }
  stays.push('Traffic inside the VNet, to peers and on premises: the outbound type is about the internet.');
  return { breaks, stays };
}

interface Names {
  readonly cluster: string;
  /** Subnets to work on, as options of `az network vnet subnet update`. */
  readonly subnets: readonly string[];
}

function namesOf(cluster: ClusterFacts | null): Names {
  const subnets = (cluster?.subnets ?? []).map((id) => `--ids ${shellWord(id)}`);
  return {
    cluster: `-g ${shellWordOr(cluster?.resourceGroup, '$GROUP')} -n ${shellWordOr(cluster?.name, '$CLUSTER')}`,
    subnets: subnets.length > 0 ? subnets : ['-g $NETWORK_GROUP --vnet-name $VNET -n $NODE_SUBNET'],
  };
}

/** Returns the steps of a supported migration, in order. */
export function migrationSteps(
  from: MigrationType,
  to: MigrationType,
  cluster: ClusterFacts | null,
): readonly MigrationStep[] {
  const names = namesOf(cluster);
  const prepared = prepare(to);
  const known = addressesKnown(to);
  return [
    {
      phase: 'before',
      text: 'Note what is there: the type, the addresses, and what a pod is seen as.',
      commands: [
        `az aks show ${names.cluster} --query networkProfile.outboundType -o tsv`,
        ...addressCommands(from, names),
        SEEN,
      ],
    },
    ...(prepared === null ? [] : [prepared]),
    ...(hasWayOut(to) && known === 'before'
      ? [
          tell(
            hasWayOut(from)
              ? 'Both the old addresses and the new ones are allowed from now on.'
              : 'The new addresses are allowed from now on.',
          ),
          ...ranges(names, cluster),
        ]
      : []),
    ...change(from, to, names),
    ...(known === 'after'
      ? [
          tell(
            'The new addresses are known only now: until they are allowed, the partner refuses the cluster. Read them at once and send them.',
            addressCommands(to, names),
          ),
          ...ranges(names, cluster),
        ]
      : []),
    {
      phase: 'check',
      text: hasWayOut(to)
        ? 'The type is the new one, a pod is seen with a new address, all nodes are Ready, and the partner answers.'
        : 'The type is the new one, a pod no longer gets out, all nodes are Ready, and what has to work inside the VNet does.',
      commands: [
        `az aks show ${names.cluster} --query networkProfile.outboundType -o tsv`,
        ...(hasWayOut(to) ? addressCommands(to, names) : []),
        SEEN,
        'kubectl get nodes',
      ],
    },
    {
      phase: 'after',
      text: after(from, to),
      commands: [],
    },
  ];
}

const SEEN =
  'kubectl run egress --image=curlimages/curl --restart=Never --rm -i --command -- curl -s https://api.ipify.org';

/** How to read the addresses that a cluster of this type leaves with. */
function addressCommands(type: MigrationType, names: Names): readonly string[] {
  const resolved = 'az network public-ip show --ids $ID --query ipAddress -o tsv';
  switch (type) {
    case 'loadBalancer':
      return [
        `az aks show ${names.cluster} --query "networkProfile.loadBalancerProfile.effectiveOutboundIPs[].id" -o tsv`,
        resolved,
      ];
    case 'managedNATGateway':
    case 'managedNATGatewayV2':
      return [
        `az aks show ${names.cluster} --query "networkProfile.natGatewayProfile.effectiveOutboundIPs[].id" -o tsv`,
        resolved,
      ];
    case 'userAssignedNATGateway':
      return [
        'az network nat gateway show -g $NETWORK_GROUP -n $NAT_GATEWAY --query "publicIpAddresses[].id" -o tsv',
        resolved,
      ];
    case 'userDefinedRouting':
    case 'none':
    case 'block':
      return [];
  }
}

/** What is made beforehand, beside the cluster. */
function prepare(to: MigrationType): MigrationStep | null {
  const step = (text: string, commands: readonly string[] = []): MigrationStep => ({
    phase: 'before',
    text,
    commands,
  });
  switch (to) {
    case 'loadBalancer':
      return step(
        'Make addresses of your own, so that they are known before the change: those that AKS makes are not. The identity of the cluster needs Network Contributor on them. No address of the present way out is used again.',
        [
          'az network public-ip create -g $NETWORK_GROUP -n pip-egress --sku Standard --allocation-method Static --zone 1 2 3',
          'az network public-ip show -g $NETWORK_GROUP -n pip-egress --query "[id, ipAddress]" -o tsv',
        ],
      );
    case 'managedNATGatewayV2':
      return step(
        'Make addresses of your own, of SKU StandardV2, so that they are known before the change. The identity of the cluster needs Network Contributor on them.',
        [
          'az network public-ip create -g $NETWORK_GROUP -n pip-egress --sku StandardV2 --allocation-method Static --zone 1 2 3',
          'az network public-ip show -g $NETWORK_GROUP -n pip-egress --query "[id, ipAddress]" -o tsv',
        ],
      );
    case 'managedNATGateway':
      return step(
        'A Standard gateway that AKS makes takes no addresses of your own, so nobody can be told the new ones beforehand. With a partner who allows addresses, agree on a window, or take SKU StandardV2 with addresses of your own.',
      );
    case 'userAssignedNATGateway':
      return step(
        'Make the NAT gateway and its address, but do not put it onto the subnet yet: new connections would leave by it at once.',
        [
          'az network public-ip create -g $NETWORK_GROUP -n pip-egress --sku Standard --allocation-method Static',
          'az network nat gateway create -g $NETWORK_GROUP -n $NAT_GATEWAY --public-ip-addresses pip-egress --idle-timeout 4',
          'az network public-ip show -g $NETWORK_GROUP -n pip-egress --query ipAddress -o tsv',
        ],
      );
    case 'userDefinedRouting':
      return step(
        'Make the route table with the default route, and let the appliance allow what AKS needs, but do not put the table onto the subnet yet: traffic would follow it at once. Read the public addresses of the appliance.',
        [
          'az network route-table create -g $NETWORK_GROUP -n rt-egress',
          'az network route-table route create -g $NETWORK_GROUP --route-table-name rt-egress -n default --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address $APPLIANCE',
        ],
      );
    case 'none':
    case 'block':
      return step(
        'Find what needs the internet, and give it another way or do without it: images, the API server of a public cluster, partners, public endpoints of Azure services.',
      );
  }
}

function tell(text: string, commands: readonly string[] = []): MigrationStep {
  return {
    phase: 'tell',
    text: `Tell whoever allows the cluster by its addresses: partners, firewalls of Azure services. ${text}`,
    commands,
  };
}

/** The option replaces the whole list, so what is there is named again. */
function ranges(names: Names, cluster: ClusterFacts | null): readonly MigrationStep[] {
  const known = cluster?.authorizedRanges ?? null;
  if (cluster?.apiServer === 'private' || known?.length === 0) return [];
  const present = known === null ? '$PRESENT_RANGES' : known.map(shellWord).join(',');
  return [
    {
      phase: 'tell',
      text: 'Where the API server has authorized IP ranges, add the new addresses. The option replaces the list: name the present ranges too.',
      commands: [
        `az aks update ${names.cluster} --api-server-authorized-ip-ranges ${present},$NEW_ADDRESS/32`,
      ],
    },
  ];
}

function change(from: MigrationType, to: MigrationType, names: Names): readonly MigrationStep[] {
  const step = (text: string, commands: readonly string[]): MigrationStep => ({
    phase: 'change',
    text,
    commands,
  });
  const update = `az aks update ${names.cluster} ${updateOptions(to)}`;
  const [was, becomes] = [onSubnet(from), onSubnet(to)];
  const on = (option: string) =>
    names.subnets.map((each) => `az network vnet subnet update ${each} ${option}`);
  const steps: MigrationStep[] = [];
  if (becomes === 'nat-gateway') {
    const text =
      was === 'route-table'
        ? 'Put the NAT gateway onto every subnet of nodes and of pods. Nothing changes yet: the route wins.'
        : 'In the maintenance window, put the NAT gateway onto every subnet of nodes and of pods. From here on new connections leave by it.';
    steps.push(step(text, on('--nat-gateway $NAT_GATEWAY')));
  }
  if (becomes === 'route-table') {
    const text =
      'In the maintenance window, put the route table onto every subnet of nodes and of pods. From here on everything leaves by the appliance. A subnet that has a route table already keeps it: add the route to that one.';
    steps.push(step(text, on('--route-table rt-egress')));
  }
  const told =
    becomes === null && was === null ? 'In the maintenance window, change the type.' : 'Change the type.';
  steps.push(step(told, [update]));
  if (was === 'nat-gateway') {
    const text =
      becomes === 'route-table'
        ? 'Take the NAT gateway off the subnets; the route has won over it already.'
        : 'Take the NAT gateway off every subnet. AKS leaves it there, and as long as it is there it wins.';
    steps.push(step(text, on('--remove natGateway')));
  }
  if (was === 'route-table') {
    steps.push(
      step('Take the default route away. AKS leaves it there, and as long as it is there it wins.', [
        'az network route-table route delete -g $NETWORK_GROUP --route-table-name $ROUTE_TABLE -n $DEFAULT_ROUTE',
      ]),
    );
  }
  return steps;
}

function updateOptions(to: MigrationType): string {
  switch (to) {
    case 'loadBalancer':
      return `${TYPE_OPTIONS[to]} --load-balancer-outbound-ips $IP_ID`;
    case 'managedNATGatewayV2':
      return `${TYPE_OPTIONS[to]} --nat-gateway-outbound-ips $IP_ID`;
    case 'managedNATGateway':
      return `${TYPE_OPTIONS[to]} --nat-gateway-managed-outbound-ip-count 1`;
    case 'userAssignedNATGateway':
    case 'userDefinedRouting':
    case 'none':
    case 'block':
      return TYPE_OPTIONS[to];
  }
}

function after(from: MigrationType, to: MigrationType): string {
  const own =
    from === 'userAssignedNATGateway'
      ? ' Delete the NAT gateway and its addresses, which are yours.'
      : from === 'userDefinedRouting'
        ? ' Delete the route table where nothing else needs it; it is yours.'
        : hasWayOut(from)
          ? ' Addresses that AKS made are gone with the old type and may soon be used by somebody else; addresses of your own stay, and are yours to delete.'
          : '';
  return hasWayOut(to) && !hasWayOut(from)
    ? 'Nothing is left to take back: there were no old addresses.'
    : `When the last connection of the old way is gone, the partner and the authorized ranges forget the old addresses.${own}`;
}
