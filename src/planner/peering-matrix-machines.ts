/** A cloud that grows by operations of the model, and the machines that a peering matrix puts in its VNets. */
import { createNetworkInterface } from '../model/azure/network-interface.ts';
import { createNetworkSecurityGroup } from '../model/azure/network-security-group.ts';
import { armKey, listResources, resourceId, sameId } from '../model/azure/resource-store.ts';
import type { VirtualNetwork } from '../model/azure/resources.ts';
import { createVirtualMachine } from '../model/azure/virtual-machine.ts';
import type { AzureError } from '../model/azure/error.ts';
import type { Cloud } from '../model/cloud.ts';
import { distinctNames } from '../model/compile/host-names.ts';
import type { Result } from '../model/result.ts';

/** A VNet of the matrix. `machine` is the END that asks and is asked, null where there is no room for one. */
export interface MatrixVnet {
  readonly name: string;
  readonly id: string;
  readonly machine: string | null;
  /** The subnet that the machine is in. */
  readonly subnet: string | null;
}

/** Something on-premises, as an END. */
export interface MatrixSite {
  readonly end: string;
  readonly label: string;
}

/** What could not be made, with Azure's own words. */
export interface MatrixProblem {
  readonly about: string;
  readonly code: string;
  readonly message: string;
}

export interface MatrixWorld {
  readonly cloud: Cloud;
  readonly vnets: readonly MatrixVnet[];
  readonly sites: readonly MatrixSite[];
  readonly problems: readonly MatrixProblem[];
  readonly assumptions: readonly string[];
}

/** Kept for services, or for nobody. */
const NO_MACHINES = [
  'gatewaysubnet',
  'azurefirewallsubnet',
  'azurefirewallmanagementsubnet',
  'azurebastionsubnet',
  'routeserversubnet',
];

/** A cloud that grows by operations of the model; what Azure refuses is kept, and leaves it as it was. */
export class Builder {
  cloud: Cloud;
  readonly problems: MatrixProblem[] = [];
  readonly assumptions: string[] = [];

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  do(about: string, made: Result<Cloud, AzureError>): boolean {
    if (made.ok) this.cloud = made.value;
    else this.problems.push({ about, code: made.error.code, message: made.error.message });
    return made.ok;
  }
}

/** Returns the world with a machine in each VNet that has room for one. */
export function withMachines(builder: Builder, sites: readonly MatrixSite[]): MatrixWorld {
  const vnets = listResources(builder.cloud, 'Microsoft.Network/virtualNetworks').map(
    (vnet, at): MatrixVnet => {
      const subnet = vnet.subnets.find(
        (each) =>
          !NO_MACHINES.includes(each.name.toLowerCase()) &&
          each.name !== 'nva' &&
          each.delegations.length === 0,
      );
      const name = `in-${vnet.name.replaceAll(/[^A-Za-z0-9-]/g, '-')}`.slice(0, 50);
      const unique = listResources(builder.cloud, 'Microsoft.Compute/virtualMachines').some(
        (each) => armKey(each.name) === armKey(name),
      )
        ? `${name}-${at + 1}`
        : name;
      const made =
        subnet === undefined
          ? null
          : addMachine(builder, {
              name: unique,
              group: vnet.resourceGroup,
              subnetId: subnet.id,
              location: vnet.location,
              address: null,
              about: `a machine in VNet ${vnet.name}`,
            });
      return {
        name: labelOf(builder.cloud, vnet),
        id: vnet.id,
        machine: made === null ? null : `vm/${unique}`,
        subnet: made === null ? null : (subnet?.name ?? null),
      };
    },
  );
  return { cloud: builder.cloud, vnets, sites, problems: builder.problems, assumptions: builder.assumptions };
}

function labelOf(cloud: Cloud, vnet: VirtualNetwork): string {
  const all = listResources(cloud, 'Microsoft.Network/virtualNetworks');
  return distinctNames(all).get(armKey(vnet.id)) ?? vnet.name;
}

export interface MachineWish {
  readonly name: string;
  readonly group: string;
  readonly subnetId: string;
  readonly location: string | null;
  readonly address: string | null;
  readonly about: string;
}

/** Makes a machine; one with a fixed address passes packets on, the others have a group of default rules. Returns its id. */
export function addMachine(builder: Builder, wish: MachineWish): string | null {
  const before = builder.cloud.subscription;
  const own = builder.cloud.subscriptions.find(({ id }) =>
    wish.subnetId.toLowerCase().startsWith(`/subscriptions/${id.toLowerCase()}/`),
  );
  builder.cloud = { ...builder.cloud, subscription: own ?? before };
  const place = wish.location === null ? {} : { location: wish.location };
  const forwards = wish.address !== null;
  const guard = `${wish.name}-nsg`;
  const id = (type: string, name: string): string => resourceId(builder.cloud, wish.group, type, name);
  const made =
    (forwards ||
      builder.do(
        wish.about,
        createNetworkSecurityGroup(builder.cloud, { resourceGroup: wish.group, name: guard, ...place }),
      )) &&
    builder.do(
      wish.about,
      createNetworkInterface(builder.cloud, {
        resourceGroup: wish.group,
        name: `${wish.name}-nic`,
        ...place,
        ipConfiguration: { name: 'ipconfig1', subnetId: wish.subnetId, privateIPAddress: wish.address },
        ...(forwards
          ? { enableIPForwarding: true }
          : { networkSecurityGroupId: id('Microsoft.Network/networkSecurityGroups', guard) }),
      }),
    ) &&
    builder.do(
      wish.about,
      createVirtualMachine(builder.cloud, {
        resourceGroup: wish.group,
        name: wish.name,
        ...place,
        vmSize: 'Standard_B1s',
        imageReference: 'Ubuntu2204',
        adminUsername: 'azureuser',
        networkInterfaces: [id('Microsoft.Network/networkInterfaces', `${wish.name}-nic`)],
      }),
    );
  const machine = id('Microsoft.Compute/virtualMachines', wish.name);
  builder.cloud = { ...builder.cloud, subscription: before };
  return made ? machine : null;
}

/** Returns a VNet of the world by its id. */
export function vnetWithId(cloud: Cloud, id: string): VirtualNetwork | null {
  return (
    listResources(cloud, 'Microsoft.Network/virtualNetworks').find((each) => sameId(each.id, id)) ?? null
  );
}
