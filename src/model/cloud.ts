import type { AzureError } from './azure/error.ts';
import type {
  ApplicationSecurityGroup,
  ArmKey,
  LoadBalancer,
  NatGateway,
  NetworkInterface,
  NetworkSecurityGroup,
  PrivateEndpoint,
  PrivateLinkService,
  PublicIpAddress,
  PublicIpPrefix,
  ResourceGroup,
  RoleAssignment,
  RoleDefinition,
  RouteTable,
  UserAssignedIdentity,
  VirtualMachine,
  VirtualMachineScaleSet,
  VirtualNetwork,
} from './azure/resources.ts';
import type { AzureFirewall, FirewallPolicy, IpGroup } from './azure/firewall-resources.ts';
import type { LocalNetworkGateway, VirtualNetworkGateway, VpnConnection } from './azure/gateway-resources.ts';
import type { ManagedCluster } from './aks/managed-cluster.ts';
import type { KubernetesState } from './kubernetes/objects.ts';
import type { TrafficRun } from './snat/load.ts';

export type Resource =
  | VirtualNetwork
  | RouteTable
  | NetworkSecurityGroup
  | ApplicationSecurityGroup
  | NatGateway
  | AzureFirewall
  | FirewallPolicy
  | IpGroup
  | VirtualNetworkGateway
  | LocalNetworkGateway
  | VpnConnection
  | NetworkInterface
  | PublicIpAddress
  | PublicIpPrefix
  | LoadBalancer
  | PrivateLinkService
  | PrivateEndpoint
  | VirtualMachine
  | VirtualMachineScaleSet
  | UserAssignedIdentity
  | RoleAssignment
  | RoleDefinition
  | ManagedCluster;

export interface Subscription {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly user: string;
}

/** A host outside Azure, or behind a private connection to a VNet. */
export type OutsideHost =
  | {
      readonly kind: 'internet';
      readonly name: string;
      readonly address: string;
      readonly dnsNames: readonly string[];
      readonly ports: readonly number[];
    }
  | {
      readonly kind: 'on-premises';
      readonly name: string;
      readonly address: string;
      /** What the VPN or ExpressRoute gateway announces to the VNet, for example `10.1.0.0/16`. */
      readonly prefix: string;
      /** Name of the VNet that the private connection ends in; the node VNet of a managed cluster if `*`. */
      readonly virtualNetwork: string;
      readonly ports: readonly number[];
      /**
       * Public address of the site's VPN device: the site is connected where a VPN connection names a local
       * network gateway with this address, and `virtualNetwork` says nothing. Absent: connected as it is.
       */
      readonly vpnDevice?: string;
      /** The key that the device expects in a tunnel. Absent: whatever Azure's end has. */
      readonly sharedKey?: string;
      /** What the site's routers announce by BGP besides `prefix`: `0.0.0.0/0` for forced tunnelling. */
      readonly announces?: readonly string[];
      /** What its routers send to Azure besides the VNet's address space, by static routes. */
      readonly routesToAzure?: readonly string[];
      /** Of a site that was read from JSON, which does not say what runs there: every port is taken to answer. */
      readonly programs?: 'assumed';
      /** The host's own firewall. Absent: the chain is empty and accepts. */
      readonly inputChain?: InputChain;
    };

/** The chain INPUT of the filter table of a Linux host. */
export interface InputChain {
  readonly policy: 'ACCEPT' | 'DROP';
  /** The first that matches decides. */
  readonly rules: readonly InputRule[];
}

/** What is null matches everything. */
export interface InputRule {
  /** Without one, nothing happens to the packets that match, and the next rule is asked. */
  readonly target: 'ACCEPT' | 'DROP' | 'REJECT' | null;
  /** In CIDR notation. */
  readonly source: string | null;
  readonly destination: string | null;
  readonly inInterface: string | null;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | null;
  /** Inclusive; only with tcp and udp. `match` is the extension that the rule was written with. */
  readonly destinationPorts: {
    readonly match: 'protocol' | 'multiport';
    readonly ranges: readonly { readonly from: number; readonly to: number }[];
  } | null;
  readonly states: {
    readonly match: 'conntrack' | 'state';
    readonly of: readonly ConnectionState[];
  } | null;
  readonly comment: string | null;
}

export type ConnectionState = 'INVALID' | 'NEW' | 'RELATED' | 'ESTABLISHED';

/**
 * Something Azure does over time after it accepted a request: an upgrade, a migration, other settings of nodes, or
 * new machines that nobody waits for. Plain data, so
 * that a cloud with an operation half done survives JSON. `src/model/aks/operations.ts` runs the steps.
 */
export interface LongRunningOperation {
  readonly cluster: ArmKey;
  /** Null where the whole cluster is concerned. */
  readonly pool: string | null;
  readonly kind: 'create' | 'scale' | 'upgrade' | 'migrate' | 'reimage';
  readonly startedAt: number;
  /** Steps still to do, in order, each with the virtual time at which it happens. */
  readonly steps: readonly OperationStep[];
  /** Machines being made or reimaged: instances of their scale set that are no nodes at the moment. */
  readonly absent: readonly string[];
  /** The first thing that went wrong; what can go on goes on, and the operation ends as failed. */
  readonly failure: AzureError | null;
}

export interface OperationStep {
  readonly at: number;
  readonly action: OperationAction;
}

/** Node names are Kubernetes node names. Steps on several nodes at once are as many as may go at a time. */
export type OperationAction =
  /** Without a version, as clouds saved earlier have it: the version of the cluster. */
  | { readonly kind: 'upgrade-control-plane'; readonly version?: string }
  /** Makes the extra machines of a pool and plans the steps below; `from` is the pool's version before. */
  | {
      readonly kind: 'start-pool';
      readonly pool: string;
      readonly from: string;
      readonly replacing: 'outdated' | 'all';
    }
  | {
      readonly kind: 'join';
      readonly pool: string;
      readonly nodes: readonly string[];
      readonly as: 'new' | 'surge' | 'upgraded';
    }
  | { readonly kind: 'cordon'; readonly pool: string; readonly nodes: readonly string[] }
  | { readonly kind: 'drain'; readonly pool: string; readonly nodes: readonly string[] }
  | { readonly kind: 'soak'; readonly pool: string; readonly nodes: readonly string[] }
  | { readonly kind: 'reimage'; readonly pool: string; readonly nodes: readonly string[] }
  | { readonly kind: 'remove-nodes'; readonly pool: string; readonly nodes: readonly string[] }
  | { readonly kind: 'finish-pool'; readonly pool: string };

/**
 * The whole simulated world: plain data that survives JSON. Operations are pure functions
 * `(cloud, input) -> Result<Cloud, AzureError>`; a failed one leaves the cloud as it was.
 */
export interface Cloud {
  readonly version: 2;
  /** Names, MACs, UIDs and public addresses are drawn from this text and the name of what they are for. */
  readonly seed: string;
  /** Virtual time, in seconds since the Unix epoch. */
  readonly now: number;
  /** A frozen clock does not move when commands run; scenarios use it to show fixed ages. */
  readonly clock: 'running' | 'frozen';
  /** The current one: where names of groups and of resources are looked up. Ids say theirs themselves. */
  readonly subscription: Subscription;
  /** Every subscription of the tenant; what they hold stands together in the records below. */
  readonly subscriptions: readonly Subscription[];
  readonly resourceGroups: Readonly<Record<ArmKey, ResourceGroup>>;
  readonly resources: Readonly<Record<ArmKey, Resource>>;
  /** Kubernetes objects per managed cluster, under the cluster's ArmKey. */
  readonly kubernetes: Readonly<Record<ArmKey, KubernetesState>>;
  readonly outsideHosts: readonly OutsideHost[];
  /** What is still under way, in order of start. */
  readonly operations: readonly LongRunningOperation[];
  /**
   * Connections that programs of a learner opened, in order of start. Absent: none. Those of containers
   * that make load as long as they run are not here: they follow from the pods.
   */
  readonly traffic?: readonly TrafficRun[];
  /**
   * Values that the seed would have drawn, fixed by a scenario's `#: pin KEY VALUE` lines.
   * `chance.ts` lists the keys.
   */
  readonly pins: Readonly<Record<string, string>>;
}
