/** `az vmss`: the scale sets behind node pools, to look at and into; `vmss-update.ts` changes what a learner may break. */
import {
  armKey,
  childNotFound,
  listOwnResources,
  listResources,
  requireResource,
} from '../../model/azure/resource-store.ts';
import type { ScaleSetInstance, VirtualMachineScaleSet } from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { notSimulated } from '../../model/azure/error.ts';
import type { AzureError } from '../../model/azure/error.ts';
import type { AzArguments, AzCommand, AzOption, AzOutcome, Json } from './command.ts';
import { anyResourceGroup, ignored, list, refused, resourceGroup, text } from './option.ts';
import { isObject } from './output-format.ts';
import { optionalList, optionalText, refusedByAzure, shown, textArgument, usageFailure } from './outcome.ts';
import { givenGroup } from './resource-commands.ts';
import { instanceJson, nicJson, SCALE_SET, scaleSetJson } from './vmss-json.ts';
import { vmssUpdateCommands } from './vmss-update.ts';
import { parameterLines, report, RUN_COMMANDS } from './vm-run-command.ts';

const scaleSetName: AzOption = text(
  '--name -n',
  'Scale set name. You can configure the default using `az configure --defaults vmss=<name>`.',
  { required: true },
);
const vmssName: AzOption = text(
  '--vmss-name --virtual-machine-scale-set-name',
  'Scale set name. You can configure the default using `az configure --defaults vmss=<name>`.',
  { required: true },
);
const instanceId = '--instance-id --virtualmachine-index';

type Table = NonNullable<AzOutcome['table']>;

const table: Table = (output) =>
  (Array.isArray(output) ? output : [output]).filter(isObject).map((each) => {
    const sku = isObject(each['sku'] ?? null) ? each['sku'] : null;
    const size = isObject(sku) ? sku : {};
    return {
      Name: cell(each['name']),
      ResourceGroup: cell(each['resourceGroup']),
      Location: cell(each['location']),
      Capacity: cell(size['capacity']),
      Overprovision: 'False',
      UpgradePolicy: 'Manual',
    };
  });

const instanceTable: Table = (output) =>
  (Array.isArray(output) ? output : [output]).filter(isObject).map((each) => ({
    InstanceId: cell(each['instanceId']),
    LatestModelApplied: each['latestModelApplied'] === true ? 'True' : 'False',
    Location: cell(each['location']),
    Name: cell(each['name']),
    ProvisioningState: 'Succeeded',
    ResourceGroup: cell(each['resourceGroup']),
  }));

function cell(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? value.toString() : '';
}

function requireScaleSet(
  cloud: Cloud,
  args: AzArguments,
  dest: 'name' | 'vmssName',
): Result<VirtualMachineScaleSet, AzureError> {
  return requireResource(cloud, SCALE_SET, textArgument(args, 'resourceGroup'), textArgument(args, dest));
}

function requireInstance(
  scaleSet: VirtualMachineScaleSet,
  wanted: string,
): Result<ScaleSetInstance, AzureError> {
  const instance = scaleSet.instances.find((each) => each.instanceId === wanted);
  return instance === undefined
    ? err({
        code: 'InvalidParameter',
        message: `The entity was not found in this Azure location: ${scaleSet.name}_${wanted} is no instance of the scale set.`,
        target: 'instanceId',
      })
    : ok(instance);
}

export const vmssCommands: readonly AzCommand[] = [
  ...vmssUpdateCommands,
  {
    path: ['vmss', 'list'],
    summary: 'List VMSS.',
    options: [anyResourceGroup],
    run: (cloud, args) => {
      const group = givenGroup(cloud, args);
      if (!group.ok) return group;
      return ok({ cloud, output: listOwnResources(cloud, SCALE_SET, group.value).map(scaleSetJson), table });
    },
  },
  {
    path: ['vmss', 'show'],
    summary: 'Get details on VMs within a VMSS.',
    options: [
      scaleSetName,
      resourceGroup,
      text('--instance-id', 'VM instance ID. If missing, show the VMSS.'),
      ...ignored('instances have no user data', 'flag:--include-user-data -u'),
    ],
    run: (cloud, args) => {
      const scaleSet = requireScaleSet(cloud, args, 'name');
      if (!scaleSet.ok) return refusedByAzure(scaleSet.error);
      const wanted = optionalText(args, 'instanceId');
      if (wanted === undefined) return ok({ cloud, output: scaleSetJson(scaleSet.value) });
      return shown(cloud, requireInstance(scaleSet.value, wanted), (instance) =>
        instanceJson(scaleSet.value, instance),
      );
    },
  },
  {
    path: ['vmss', 'list-instances'],
    summary: 'Get a list of all virtual machines in a VM scale sets.',
    options: [
      scaleSetName,
      resourceGroup,
      ...refused('use --query instead', '--expand', '--filter', '--select'),
    ],
    run: (cloud, args) =>
      shown(
        cloud,
        requireScaleSet(cloud, args, 'name'),
        (scaleSet) => scaleSet.instances.map((instance) => instanceJson(scaleSet, instance)),
        instanceTable,
      ),
  },
  {
    path: ['vmss', 'nic', 'list'],
    summary: 'Get all network interfaces in a virtual machine scale set.',
    options: [vmssName, resourceGroup],
    run: (cloud, args) =>
      shown(cloud, requireScaleSet(cloud, args, 'vmssName'), (scaleSet) =>
        scaleSet.instances.map((instance) => nicJson(scaleSet, instance)),
      ),
  },
  {
    path: ['vmss', 'nic', 'list-vm-nics'],
    summary:
      'Get information about all network interfaces in a virtual machine in a virtual machine scale set.',
    options: [vmssName, resourceGroup, text(instanceId, 'The virtual machine index.', { required: true })],
    run: (cloud, args) => {
      const scaleSet = requireScaleSet(cloud, args, 'vmssName');
      if (!scaleSet.ok) return refusedByAzure(scaleSet.error);
      return shown(cloud, requireInstance(scaleSet.value, textArgument(args, 'instanceId')), (instance) => [
        nicJson(scaleSet.value, instance),
      ]);
    },
  },
  {
    path: ['vmss', 'nic', 'show'],
    summary: 'Get the specified network interface in a virtual machine scale set.',
    options: [
      text('--name -n --network-interface-name', 'The network interface (NIC).'),
      anyResourceGroup,
      text('--vmss-name --virtual-machine-scale-set-name', 'Scale set name.'),
      text(instanceId, 'The virtual machine index.'),
      ...refused('show the referenced resource on its own instead', '--expand'),
      ...refused('name the scale set, the instance and the interface instead', 'list:--ids'),
    ],
    run: (cloud, args) => {
      const missing = [
        ['--instance-id', 'instanceId'],
        ['--name', 'name'],
        ['--resource-group', 'resourceGroup'],
        ['--vmss-name', 'vmssName'],
      ].filter(([, dest]) => args[dest ?? ''] === undefined);
      if (missing.length > 0) {
        return usageFailure(`(${missing.map(([option]) => option).join(' ')} | --ids) are required`);
      }
      const scaleSet = requireScaleSet(cloud, args, 'vmssName');
      if (!scaleSet.ok) return refusedByAzure(scaleSet.error);
      const instance = requireInstance(scaleSet.value, textArgument(args, 'instanceId'));
      if (!instance.ok) return refusedByAzure(instance.error);
      const wanted = textArgument(args, 'name');
      const nic = instance.value.networkInterface;
      if (nic.name.toLowerCase() !== wanted.toLowerCase()) {
        return refusedByAzure(childNotFound(`${nic.id.slice(0, nic.id.lastIndexOf('/'))}/${wanted}`));
      }
      return ok({ cloud, output: nicJson(scaleSet.value, instance.value) });
    },
  },
  {
    path: ['vmss', 'run-command', 'invoke'],
    summary: 'Execute a specific run command on a Virtual Machine Scale Set instance.',
    options: [
      text('--name -n', 'Scale set name.'),
      anyResourceGroup,
      text('--instance-id', 'Scale set VM instance id.'),
      text('--command-id', 'The command id.  Values from: az vmss run-command list.', { required: true }),
      list('--parameters', "Space-separated parameters in the format of '[name=]value'."),
      list('--scripts', 'Space-separated script lines. Use @{file} to load script from a file.'),
      ...refused('name the scale set and the instance instead', 'list:--ids'),
    ],
    examples: [
      {
        does: 'Show the routes of a node.',
        line: 'az vmss run-command invoke -g MC_rg_aks_westeurope -n aks-nodepool1-12345678-vmss --instance-id 0 --command-id RunShellScript --scripts "ip route"',
      },
    ],
    run: (cloud, args) => {
      const missing = [
        ['--instance-id', 'instanceId'],
        ['--name', 'name'],
        ['--resource-group', 'resourceGroup'],
      ].filter(([, dest]) => args[dest ?? ''] === undefined);
      if (missing.length > 0) {
        return usageFailure(`(${missing.map(([option]) => option).join(' ')} | --ids) are required`);
      }
      const scaleSet = requireScaleSet(cloud, args, 'name');
      if (!scaleSet.ok) return refusedByAzure(scaleSet.error);
      const instance = requireInstance(scaleSet.value, textArgument(args, 'instanceId'));
      if (!instance.ok) return refusedByAzure(instance.error);
      const wanted = textArgument(args, 'commandId');
      const command = RUN_COMMANDS.find((each) => each.toLowerCase() === wanted.toLowerCase());
      if (command === undefined) {
        return refusedByAzure(notSimulated(`Run command '${wanted}' (only RunShellScript is)`));
      }
      const lines = command === 'ifconfig' ? ['ip addr show'] : (optionalList(args, 'scripts') ?? []);
      if (lines.length === 0) return usageFailure('usage error: --scripts SCRIPT_LINE [SCRIPT_LINE ...]');
      const cluster = clusterOf(cloud, scaleSet.value);
      if (cluster === null) return refusedByAzure(notSimulated('A scale set that is no node pool'));
      return ok({
        cloud,
        durationSeconds: 30,
        inside: {
          place: { kind: 'node', cluster, name: instance.value.computerName },
          script: [...parameterLines(optionalList(args, 'parameters') ?? []), ...lines].join('\n'),
          then: (result, next) => ({ cloud: next, output: report(result.stdout, result.stderr) }),
        },
      });
    },
  },
];

/** Returns the key of the cluster whose pool the scale set is. */
function clusterOf(cloud: Cloud, scaleSet: VirtualMachineScaleSet): string | null {
  const cluster = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters').find(
    (each) => each.nodeResourceGroup.toLowerCase() === scaleSet.resourceGroup.toLowerCase(),
  );
  return cluster === undefined ? null : armKey(cluster.id);
}
