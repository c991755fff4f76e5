/** What `az vm create` makes around a machine: VNet, security group, public address and NIC, with its names. */
import type { AzureError } from '../../model/azure/error.ts';
import { notSimulated } from '../../model/azure/error.ts';
import { createNetworkInterface } from '../../model/azure/network-interface.ts';
import { createNetworkSecurityGroup } from '../../model/azure/network-security-group.ts';
import { createPublicIpAddress } from '../../model/azure/public-ip-address.ts';
import {
  findResource,
  getResource,
  listOwnResources,
  looksLikeId,
  resourceId,
} from '../../model/azure/resource-store.ts';
import { SECURITY_RULE_DEFAULTS, createSecurityRule } from '../../model/azure/security-rule.ts';
import { findSubnet, subnetId } from '../../model/azure/subnet.ts';
import { createVirtualNetwork } from '../../model/azure/virtual-network.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure } from './command.ts';
import { given, optionalList, optionalTags, optionalText } from './outcome.ts';
import { idsOfNamesOrIds } from './references.ts';

const VNET = 'Microsoft.Network/virtualNetworks';
const NSG = 'Microsoft.Network/networkSecurityGroups';
const ASG = 'Microsoft.Network/applicationSecurityGroups';
const NIC = 'Microsoft.Network/networkInterfaces';
const PUBLIC_IP = 'Microsoft.Network/publicIPAddresses';

interface Machine {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
}

interface Built<T> {
  readonly cloud: Cloud;
  readonly value: T;
}

type Building<T> = Result<Built<T>, AzFailure>;

function azure<T>(result: Result<Cloud, AzureError>, value: T): Building<T> {
  return result.ok ? ok({ cloud: result.value, value }) : err({ kind: 'azure', ...result.error });
}

function usage(message: string): Result<never, AzFailure> {
  return err({ kind: 'usage', message, exitCode: 1 });
}

/** Returns the ids of the machine's NICs: the ones of `--nics`, or a new one in the chosen subnet. */
export function buildNetwork(cloud: Cloud, machine: Machine, args: AzArguments): Building<readonly string[]> {
  const nics = optionalList(args, 'nics');
  if (nics !== undefined) {
    const clash = ['subnet', 'vnetName', 'nsg', 'publicIpAddress', 'privateIpAddress'].find(
      (dest) => (optionalText(args, dest) ?? '') !== '',
    );
    if (clash !== undefined)
      return usage('When specifying existing NICs, do not specify NSG, public IP, VNet or subnet.');
    if (optionalList(args, 'asgs') !== undefined) {
      return err({
        kind: 'azure',
        ...notSimulated(
          'Application security groups for NICs that exist (real azure-cli leaves them out without a word; az network nic ip-config update --asgs sets them)',
        ),
      });
    }
    return ok({
      cloud,
      value: nics.map((nic) => (looksLikeId(nic) ? nic : resourceId(cloud, machine.resourceGroup, NIC, nic))),
    });
  }
  const subnet = chooseSubnet(cloud, machine, args);
  if (!subnet.ok) return subnet;
  const nsg = chooseSecurityGroup(subnet.value.cloud, machine, args);
  if (!nsg.ok) return nsg;
  const address = choosePublicAddress(nsg.value.cloud, machine, args);
  if (!address.ok) return address;
  const name = `${machine.name}VMNic`;
  const groups = idsOfNamesOrIds(cloud, optionalList(args, 'asgs') ?? [], machine.resourceGroup, ASG);
  return azure(
    createNetworkInterface(address.value.cloud, {
      ...machine,
      name,
      ipConfiguration: {
        name: `ipconfig${machine.name}`,
        subnetId: subnet.value.value,
        publicIPAddressId: address.value.value,
        ...given({
          privateIPAddress: optionalText(args, 'privateIpAddress'),
          applicationSecurityGroupIds: groups,
        }),
      },
      networkSecurityGroupId: nsg.value.value,
      ...given({ tags: optionalTags(args) }),
    }),
    [resourceId(cloud, machine.resourceGroup, NIC, name)],
  );
}

/**
 * As azure-cli: the named subnet if it exists; without a name the first VNet of the group in this
 * region that has a subnet; else a new VNet.
 */
function chooseSubnet(cloud: Cloud, machine: Machine, args: AzArguments): Building<string> {
  const subnet = optionalText(args, 'subnet');
  const vnetName = optionalText(args, 'vnetName');
  if (subnet !== undefined && looksLikeId(subnet)) {
    if (findSubnet(cloud, subnet) === null) return usage(`Subnet '${subnet}' does not exist.`);
    return ok({ cloud, value: subnet });
  }
  if (subnet !== undefined && vnetName === undefined) {
    return usage(
      "incorrect '--subnet' usage: --subnet SUBNET_ID | --subnet SUBNET_NAME --vnet-name VNET_NAME",
    );
  }
  if (vnetName !== undefined) {
    const existing = findResource(cloud, VNET, machine.resourceGroup, vnetName);
    const wanted = subnet ?? existing?.subnets[0]?.name ?? null;
    const id = existing === null || wanted === null ? null : subnetId(existing.id, wanted);
    if (id !== null && findSubnet(cloud, id) !== null) return ok({ cloud, value: id });
    if (existing !== null)
      return usage(`Subnet '${wanted ?? ''}' does not exist in virtual network '${vnetName}'.`);
  } else {
    const usable = listOwnResources(cloud, VNET, machine.resourceGroup)
      .filter((vnet) => vnet.location === machine.location)
      .flatMap((vnet) => vnet.subnets)
      .find(
        (one) =>
          !['gatewaysubnet', 'azurefirewallsubnet', 'azurebastionsubnet'].includes(one.name.toLowerCase()),
      );
    if (usable !== undefined) return ok({ cloud, value: usable.id });
  }
  const name = vnetName ?? `${machine.name}VNET`;
  const subnetName = subnet ?? `${machine.name}Subnet`;
  return azure(
    createVirtualNetwork(cloud, {
      ...machine,
      name,
      addressPrefixes: [optionalText(args, 'vnetAddressPrefix') ?? '10.0.0.0/16'],
      subnets: [
        { name: subnetName, addressPrefix: optionalText(args, 'subnetAddressPrefix') ?? '10.0.0.0/24' },
      ],
    }),
    subnetId(resourceId(cloud, machine.resourceGroup, VNET, name), subnetName),
  );
}

/** `--nsg ""` is none; a name that exists is used; else a new group with one rule for logging in. */
function chooseSecurityGroup(cloud: Cloud, machine: Machine, args: AzArguments): Building<string | null> {
  const wanted = optionalText(args, 'nsg');
  if (wanted === '') return ok({ cloud, value: null });
  if (wanted !== undefined && looksLikeId(wanted)) {
    if (getResource(cloud, wanted, NSG) === null) return usage(`NSG '${wanted}' does not exist.`);
    return ok({ cloud, value: wanted });
  }
  const name = wanted ?? `${machine.name}NSG`;
  const existing = findResource(cloud, NSG, machine.resourceGroup, name);
  if (existing !== null) return ok({ cloud, value: existing.id });
  const created = createNetworkSecurityGroup(cloud, { ...machine, name });
  const id = resourceId(cloud, machine.resourceGroup, NSG, name);
  const rule = optionalText(args, 'nsgRule') ?? 'SSH';
  if (!created.ok || rule === 'NONE') return azure(created, id);
  return azure(
    createSecurityRule(
      created.value,
      {
        resourceGroup: machine.resourceGroup,
        networkSecurityGroup: name,
        name: rule === 'RDP' ? 'rdp' : 'default-allow-ssh',
      },
      {
        ...SECURITY_RULE_DEFAULTS,
        priority: 1000,
        protocol: 'Tcp',
        destinationPortRanges: [rule === 'RDP' ? '3389' : '22'],
      },
    ),
    id,
  );
}

function choosePublicAddress(cloud: Cloud, machine: Machine, args: AzArguments): Building<string | null> {
  const wanted = optionalText(args, 'publicIpAddress');
  if (wanted === '') return ok({ cloud, value: null });
  if (wanted !== undefined && looksLikeId(wanted)) {
    if (getResource(cloud, wanted, PUBLIC_IP) === null) return usage(`Public IP '${wanted}' does not exist.`);
    return ok({ cloud, value: wanted });
  }
  const name = wanted ?? `${machine.name}PublicIP`;
  const existing = findResource(cloud, PUBLIC_IP, machine.resourceGroup, name);
  if (existing !== null) return ok({ cloud, value: existing.id });
  const zone = optionalText(args, 'zone');
  return azure(
    createPublicIpAddress(cloud, { ...machine, name, ...(zone === undefined ? {} : { zones: [zone] }) }),
    resourceId(cloud, machine.resourceGroup, PUBLIC_IP, name),
  );
}
