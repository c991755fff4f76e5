/**
 * From which outbound type a cluster may go to which, for both kinds of VNet, and what that changes. The
 * two tables are those of https://learn.microsoft.com/azure/aks/egress-outboundtype; a pair that its table
 * does not name is not supported.
 */
import type { OutboundType } from './managed-cluster.ts';

/** The types of the two tables. `managedNATGatewayV2` is their name of a managed gateway of SKU StandardV2. */
export type MigrationType = OutboundType | 'managedNATGatewayV2';

/** Whose VNet it is: one that AKS made, or one that the cluster was given. */
export type NetworkKind = 'managed' | 'brought';

export interface MigrationSource {
  readonly title: string;
  readonly url: string;
  /** Date of the page, `YYYY-MM-DD`. */
  readonly date: string;
}

export interface OutboundMigration {
  /** `same`: both are one type, so nothing migrates. `contested`: sources disagree. */
  readonly supported: 'yes' | 'no' | 'contested' | 'same';
  /** What this course and its simulated AKS do: it differs from `supported` only where that is contested. */
  readonly decided: 'yes' | 'no' | 'same';
  /** One or more sentences. */
  readonly why: string;
  readonly source: MigrationSource;
  /** What the other side of a contested cell says. */
  readonly against?: MigrationSource;
  /** Null unless the migration is decided `yes`. */
  readonly changes: MigrationChanges | null;
}

/** All texts are noun phrases. */
export interface MigrationChanges {
  /** What has to be there before. */
  readonly needs: readonly string[];
  /** What AKS makes, in the node resource group unless it says otherwise. */
  readonly makes: readonly string[];
  readonly removes: readonly string[];
  /** What AKS leaves, although nothing uses it for the cluster's way out any more. */
  readonly keeps: readonly string[];
  /** Public source of new connections: never one of the addresses before. */
  readonly egress: string;
  readonly connections: 'broken';
}

const TABLE: MigrationSource = {
  title: 'Customize cluster egress with outbound types in AKS',
  url: 'https://learn.microsoft.com/azure/aks/egress-outboundtype',
  date: '2026-08-05',
};
const OLD_SECTIONS: MigrationSource = {
  ...TABLE,
  title: 'Sections "Update cluster from managedNATGateway to ..." of the same page',
};
const RELEASE_NOTES: MigrationSource = {
  title: 'AKS release notes 2026-05-29',
  url: 'https://github.com/Azure/AKS/releases/tag/2026-05-29',
  date: '2026-05-29',
};

/** Types that a cluster in such a VNet can have, in the order of the page. */
export const MIGRATION_TYPES: Readonly<Record<NetworkKind, readonly MigrationType[]>> = {
  managed: ['loadBalancer', 'managedNATGatewayV2', 'managedNATGateway', 'none', 'block'],
  brought: ['loadBalancer', 'userAssignedNATGateway', 'userDefinedRouting', 'none'],
};

/** Every outbound type, in the order of the page. */
export const ALL_MIGRATION_TYPES: readonly MigrationType[] = [
  'loadBalancer',
  'managedNATGatewayV2',
  'managedNATGateway',
  'userAssignedNATGateway',
  'userDefinedRouting',
  'none',
  'block',
];

/** Rows are where a cluster comes from; what is not listed is not supported. */
const SUPPORTED: Readonly<
  Record<NetworkKind, Readonly<Partial<Record<MigrationType, readonly MigrationType[]>>>>
> = {
  managed: {
    loadBalancer: ['managedNATGatewayV2', 'managedNATGateway', 'none', 'block'],
    managedNATGateway: ['managedNATGatewayV2', 'none', 'block'],
    none: ['loadBalancer', 'managedNATGatewayV2', 'managedNATGateway', 'block'],
    block: ['loadBalancer', 'managedNATGatewayV2', 'managedNATGateway', 'none'],
  },
  brought: {
    loadBalancer: ['userAssignedNATGateway', 'userDefinedRouting', 'none'],
    userAssignedNATGateway: ['loadBalancer', 'userDefinedRouting', 'none'],
    userDefinedRouting: ['loadBalancer', 'userAssignedNATGateway', 'none'],
    none: ['loadBalancer', 'userAssignedNATGateway', 'userDefinedRouting'],
  },
};

interface Contested {
  readonly from: MigrationType;
  readonly to: MigrationType;
  readonly decided: 'yes' | 'no';
  readonly why: string;
  readonly source: MigrationSource;
  readonly against: MigrationSource;
}

const STALE_SECTION =
  'The page still has a section with the command for it, from before its table; the table is newer. Decided: not supported.';

/** Cells of the managed table that another source contradicts. */
const CONTESTED: readonly Contested[] = [
  ...(['none', 'block'] as const).map((to) => ({
    from: 'managedNATGatewayV2' as const,
    to,
    decided: 'yes' as const,
    why: `The table says Not Supported, while the release notes of 2026-05-29 say that a managed StandardV2 gateway may go to none and to block, and to nothing else. Decided: supported, since the service changed after the cell was written.`,
    source: RELEASE_NOTES,
    against: TABLE,
  })),
  {
    from: 'managedNATGateway',
    to: 'loadBalancer',
    decided: 'no',
    why: `The table says Not Supported. ${STALE_SECTION}`,
    source: TABLE,
    against: OLD_SECTIONS,
  },
  {
    from: 'managedNATGateway',
    to: 'userDefinedRouting',
    decided: 'no',
    why: `The table of a managed VNet has no such column. ${STALE_SECTION}`,
    source: TABLE,
    against: OLD_SECTIONS,
  },
];

/** What belongs to one type: what it needs, and what AKS makes when it comes and removes when it goes. */
export interface TypeParts {
  readonly needs: readonly string[];
  readonly makes: readonly string[];
  readonly egress: string;
}

const PARTS: Readonly<Record<MigrationType, TypeParts>> = {
  loadBalancer: {
    needs: [],
    makes: [
      'one or more Standard public IP addresses, unless addresses or prefixes of your own are named',
      'outbound rule aksOutboundRule and backend pool aksOutboundBackendPool on load balancer kubernetes',
    ],
    egress: 'the addresses of aksOutboundRule',
  },
  managedNATGateway: {
    needs: [],
    makes: [
      'a Standard NAT gateway on the node subnet',
      'one or more Standard public IP addresses of the gateway',
    ],
    egress: 'any address of the NAT gateway',
  },
  managedNATGatewayV2: {
    needs: [],
    makes: [
      'a StandardV2 NAT gateway on the node subnet',
      'one or more StandardV2 public IP addresses of the gateway, unless addresses or prefixes of your own are named',
    ],
    egress: 'any address of the NAT gateway',
  },
  userAssignedNATGateway: {
    needs: [
      'a NAT gateway with a public address or prefix, on every node subnet and on every pod subnet of the cluster',
    ],
    makes: [],
    egress: 'any address of your NAT gateway',
  },
  userDefinedRouting: {
    needs: [
      'a route table on every node subnet, with a route 0.0.0.0/0 to a virtual appliance or a virtual network gateway',
    ],
    makes: [],
    egress: 'the address that the appliance or the gateway translates to',
  },
  none: {
    needs: [],
    makes: [],
    egress: 'none, apart from public addresses of the nodes themselves',
  },
  block: {
    needs: [],
    makes: ['security rules in the network security group of AKS that deny the internet'],
    egress: 'none',
  },
};

/** Says whether a running cluster in such a VNet may go from one outbound type to another, and what changes. */
export function outboundMigration(
  from: MigrationType,
  to: MigrationType,
  network: NetworkKind,
): OutboundMigration {
  if (from === to) {
    return {
      supported: 'same',
      decided: 'same',
      why: `Both are ${from}: nothing migrates.`,
      source: TABLE,
      changes: null,
    };
  }
  const contested =
    network === 'managed' ? CONTESTED.find((each) => each.from === from && each.to === to) : undefined;
  if (contested !== undefined) {
    const { decided, why, source, against } = contested;
    const changes = decided === 'yes' ? changesOf(from, to) : null;
    return { supported: 'contested', decided, why, source, against, changes };
  }
  const yes = SUPPORTED[network][from]?.includes(to) ?? false;
  return {
    supported: yes ? 'yes' : 'no',
    decided: yes ? 'yes' : 'no',
    why: yes ? `The table of ${NETWORK_WORDS[network]} says Supported.` : whyNot(from, to, network),
    source: TABLE,
    changes: yes ? changesOf(from, to) : null,
  };
}

/** Returns the types that a cluster may go to, in the order of the page. */
export function migrationTargets(from: MigrationType, network: NetworkKind): readonly MigrationType[] {
  return ALL_MIGRATION_TYPES.filter((to) => outboundMigration(from, to, network).decided === 'yes');
}

const NETWORK_WORDS: Readonly<Record<NetworkKind, string>> = {
  managed: 'a managed VNet',
  brought: 'a VNet of your own',
};

function whyNot(from: MigrationType, to: MigrationType, network: NetworkKind): string {
  const stranger = [from, to].find((each) => !MIGRATION_TYPES[network].includes(each));
  if (stranger !== undefined) {
    return `A cluster in ${NETWORK_WORDS[network]} cannot have outbound type ${stranger}: the table does not name it, or says Not Supported.`;
  }
  if (from === 'managedNATGatewayV2' && to === 'managedNATGateway') {
    return `The table of ${NETWORK_WORDS[network]} says Not Supported: the move from Standard to StandardV2 goes one way.`;
  }
  return `The table of ${NETWORK_WORDS[network]} says Not Supported.`;
}

function changesOf(from: MigrationType, to: MigrationType): MigrationChanges {
  return {
    needs: PARTS[to].needs,
    makes: PARTS[to].makes,
    removes: PARTS[from].makes,
    keeps: PARTS[from].needs,
    egress: PARTS[to].egress,
    connections: 'broken',
  };
}

/** Returns what a cluster with this outbound type needs, what AKS makes for it, and as what it is seen. */
export function outboundParts(type: MigrationType): TypeParts {
  return PARTS[type];
}
