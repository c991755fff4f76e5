import type {
  ArmKey,
  LoadBalancer,
  NetworkInterface,
  NetworkSecurityGroup,
  PublicIpAddress,
  ResourceGroup,
  RoleAssignment,
  RouteTable,
  UserAssignedIdentity,
  VirtualMachine,
  VirtualMachineScaleSet,
  VirtualNetwork,
} from './azure/resources.ts';
import type { ManagedCluster } from './aks/managed-cluster.ts';
import type { KubernetesState } from './kubernetes/objects.ts';

export type Resource =
  | VirtualNetwork
  | RouteTable
  | NetworkSecurityGroup
  | NetworkInterface
  | PublicIpAddress
  | LoadBalancer
  | VirtualMachine
  | VirtualMachineScaleSet
  | UserAssignedIdentity
  | RoleAssignment
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
    };

/**
 * The whole simulated world: plain data that survives JSON. Operations are pure functions
 * `(cloud, input) -> Result<Cloud, AzureError>`; a failed one leaves the cloud as it was.
 */
export interface Cloud {
  readonly version: 1;
  /** Names, MACs, UIDs and public addresses are drawn from this text and the name of what they are for. */
  readonly seed: string;
  /** Virtual time, in seconds since the Unix epoch. */
  readonly now: number;
  /** A frozen clock does not move when commands run; scenarios use it to show fixed ages. */
  readonly clock: 'running' | 'frozen';
  readonly subscription: Subscription;
  readonly resourceGroups: Readonly<Record<string, ResourceGroup>>;
  readonly resources: Readonly<Record<ArmKey, Resource>>;
  /** Kubernetes objects per managed cluster, under the cluster's ArmKey. */
  readonly kubernetes: Readonly<Record<ArmKey, KubernetesState>>;
  readonly outsideHosts: readonly OutsideHost[];
  /**
   * Values that the seed would have drawn, fixed by a scenario's `#: pin KEY VALUE` lines.
   * `chance.ts` lists the keys.
   */
  readonly pins: Readonly<Record<string, string>>;
}
