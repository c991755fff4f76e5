/** `az network firewall ip-config` and `management-ip-config`. */
import { ipRequests, updateAzureFirewall } from '../../model/azure/azure-firewall.ts';
import type { FirewallIpRequest } from '../../model/azure/azure-firewall-place.ts';
import type { AzureFirewall } from '../../model/azure/firewall-resources.ts';
import { armKey } from '../../model/azure/resource-store.ts';
import { subnetIdOf } from '../../model/azure/subnet.ts';
import type { Cloud } from '../../model/cloud.ts';
import { FIREWALL_SUBNET } from '../../model/limits/azure-firewall.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand } from './command.ts';
import { firewallIpConfigJson } from './firewall-json.ts';
import {
  CHANGE_SECONDS,
  firewallName,
  firewallNameOfId,
  firewallOf,
  PUBLIC_ADDRESS,
  requireFirewall,
} from './network-firewall-part.ts';
import { genericUpdate, groupOfId, nameOfId, resourceGroup, text } from './option.ts';
import { changed, optionalText, refusedByAzure, shown, textArgument, usageFailure } from './outcome.ts';
import { idOfNameOrId } from './references.ts';

const MANAGEMENT = { group: 'Management Ip Config' } as const;
const SUBNETS = FIREWALL_SUBNET.value;

/** The subnet of a firewall in a VNet of the group; null where no VNet is named. */
function subnetIn(cloud: Cloud, args: AzArguments, vnetDest: string, name: string): string | null {
  const vnet = optionalText(args, vnetDest);
  if (vnet === undefined) return null;
  return subnetIdOf(cloud, {
    resourceGroup: textArgument(args, 'resourceGroup'),
    virtualNetwork: vnet,
    name,
  });
}

function publicAddressId(cloud: Cloud, args: AzArguments, dest: string): string | null {
  const given = optionalText(args, dest);
  if (given === undefined) return null;
  return idOfNameOrId(cloud, given, textArgument(args, 'resourceGroup'), PUBLIC_ADDRESS);
}

/** Replaces the request of this name, and puts it last, as azure-cli does. */
function withRequest(
  requests: readonly FirewallIpRequest[],
  one: FirewallIpRequest,
): readonly FirewallIpRequest[] {
  return [...requests.filter(({ name }) => name !== one.name), one];
}

const createCommand: AzCommand = {
  path: ['network', 'firewall', 'ip-config', 'create'],
  summary: 'Create an Azure Firewall IP configuration.',
  options: [
    firewallName,
    text('--name -n', 'Name of the IP configuration.', { required: true }),
    text('--public-ip-address', 'Name or ID of the public IP to use.', { required: true }),
    resourceGroup,
    text(
      '--vnet-name',
      'The virtual network (VNet) name. It should contain one subnet called "AzureFirewallSubnet".',
      {
        group: 'Data Traffic IP Configuration',
      },
    ),
    text('--m-name', 'Name of the management IP configuration.', MANAGEMENT),
    text(
      '--m-public-ip-address',
      'Name or ID of the public IP to use for management ip configuation.',
      MANAGEMENT,
    ),
    text(
      '--m-vnet-name',
      'The virtual network (VNet) name for management ip configuation. It should contain one subnet called "AzureFirewallManagementSubnet".',
      MANAGEMENT,
    ),
  ],
  run: (cloud, args) => {
    const management = [args['mName'], args['mPublicIpAddress'], args['mVnetName']];
    if (
      management.some((one) => one !== undefined) &&
      (args['mVnetName'] === undefined || args['mPublicIpAddress'] === undefined)
    ) {
      return usageFailure(
        'Usage error: --management-virtual-network-name, --management-ip-config-name and --management-public-ip-address',
      );
    }
    const found = requireFirewall(cloud, args);
    if (!found.ok) return refusedByAzure(found.error);
    const firewall = found.value;
    const name = textArgument(args, 'name');
    const mName = optionalText(args, 'mName');
    return changed(
      updateAzureFirewall(cloud, firewall.resourceGroup, firewall.name, {
        ipConfigurations: withRequest(ipRequests(firewall), {
          name,
          subnetId: subnetIn(cloud, args, 'vnetName', SUBNETS.name),
          publicIpAddressId: publicAddressId(cloud, args, 'publicIpAddress'),
        }),
        ...(mName === undefined
          ? {}
          : {
              managementIpConfiguration: {
                name: mName,
                subnetId: subnetIn(cloud, args, 'mVnetName', SUBNETS.managementName),
                publicIpAddressId: publicAddressId(cloud, args, 'mPublicIpAddress'),
              },
            }),
      }),
      (next) => printOne(firewallOf(next, args), name),
      CHANGE_SECONDS,
    );
  },
};

function printOne(firewall: AzureFirewall, name: string) {
  const one = firewall.ipConfigurations.find((each) => armKey(each.name) === armKey(name));
  return one === undefined ? null : firewallIpConfigJson(firewall, one);
}

const nameOptions = [
  firewallNameOfId,
  nameOfId('--name -n', 'Name of the IP configuration.', 'child-name'),
  groupOfId,
];

export const firewallIpConfigCommands: readonly AzCommand[] = [
  createCommand,
  {
    path: ['network', 'firewall', 'ip-config', 'list'],
    summary: 'List Azure Firewall IP configurations.',
    options: [firewallName, resourceGroup],
    run: (cloud, args) =>
      shown(cloud, requireFirewall(cloud, args), (firewall) =>
        firewall.ipConfigurations.map((one) => firewallIpConfigJson(firewall, one)),
      ),
  },
  {
    path: ['network', 'firewall', 'ip-config', 'show'],
    summary: 'Get the details of an Azure Firewall IP configuration.',
    options: nameOptions,
    run: (cloud, args) => {
      const found = requireFirewall(cloud, args);
      if (!found.ok) return refusedByAzure(found.error);
      const name = textArgument(args, 'name');
      const output = printOne(found.value, name);
      return output === null
        ? usageFailure(`Item '${name}' does not exist on azure_firewalls '${found.value.name}'`)
        : ok({ cloud, output });
    },
  },
  {
    path: ['network', 'firewall', 'ip-config', 'delete'],
    summary: 'Delete an Azure Firewall IP configuration.',
    options: nameOptions,
    run: (cloud, args) => {
      const found = requireFirewall(cloud, args);
      if (!found.ok) return refusedByAzure(found.error);
      const firewall = found.value;
      const kept = ipRequests(firewall).filter(
        ({ name }) => armKey(name) !== armKey(textArgument(args, 'name')),
      );
      const takesManagement = kept.length === 0 && firewall.managementIpConfiguration !== undefined;
      const ran = changed(
        updateAzureFirewall(cloud, firewall.resourceGroup, firewall.name, {
          ipConfigurations: kept,
          ...(takesManagement ? { managementIpConfiguration: null } : {}),
        }),
        undefined,
        CHANGE_SECONDS,
      );
      if (!ran.ok || !takesManagement) return ran;
      return ok({
        ...ran.value,
        warnings: ['Management ip configuration cannot exist without regular ip config. Delete it as well.'],
      });
    },
  },
  {
    path: ['network', 'firewall', 'management-ip-config', 'show'],
    summary: 'Get the details of an Azure Firewall Management IP configuration.',
    options: [firewallNameOfId, groupOfId],
    run: (cloud, args) =>
      shown(cloud, requireFirewall(cloud, args), (firewall) =>
        firewall.managementIpConfiguration === undefined
          ? null
          : firewallIpConfigJson(firewall, firewall.managementIpConfiguration),
      ),
  },
  {
    path: ['network', 'firewall', 'management-ip-config', 'update'],
    summary: 'Update an Azure Firewall Management IP configuration.',
    options: [
      firewallNameOfId,
      groupOfId,
      text('--public-ip-address', 'Name or ID of the public IP to use.'),
      text(
        '--vnet-name',
        'The virtual network (VNet) name. It should contain one subnet called "AzureFirewallManagementSubnet".',
      ),
      ...genericUpdate.map((option) => ({
        ...option,
        notSimulated: 'give --public-ip-address and --vnet-name instead',
      })),
    ],
    run: (cloud, args) => {
      const found = requireFirewall(cloud, args);
      if (!found.ok) return refusedByAzure(found.error);
      const firewall = found.value;
      const was = firewall.managementIpConfiguration;
      if (was === undefined) {
        return usageFailure("'NoneType' object has no attribute 'public_ip_address'");
      }
      return changed(
        updateAzureFirewall(cloud, firewall.resourceGroup, firewall.name, {
          managementIpConfiguration: {
            name: was.name,
            subnetId: subnetIn(cloud, args, 'vnetName', SUBNETS.managementName) ?? was.subnet?.id ?? null,
            publicIpAddressId:
              publicAddressId(cloud, args, 'publicIpAddress') ?? was.publicIPAddress?.id ?? null,
          },
        }),
        (next) => {
          const now = firewallOf(next, args);
          return now.managementIpConfiguration === undefined
            ? null
            : firewallIpConfigJson(now, now.managementIpConfiguration);
        },
        CHANGE_SECONDS,
      );
    },
  },
];
