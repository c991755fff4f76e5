import { listOwnResources, listResources, sameId } from '../../model/azure/resource-store.ts';
import type { VirtualMachine } from '../../model/azure/resources.ts';
import {
  deleteVirtualMachine,
  setPowerState,
  updateVirtualMachine,
} from '../../model/azure/virtual-machine.ts';
import { ok } from '../../model/result.ts';
import type { AzCommand, AzOutcome, Json } from './command.ts';
import {
  anyResourceGroup,
  flag,
  genericUpdate,
  groupOfId,
  idsOption,
  ignored,
  nameOfId,
  noWaitFlag,
  refused,
  text,
  waitConditions,
  yes,
} from './option.ts';
import { changed, given, optionalList, optionalText, shown, textArgument } from './outcome.ts';
import { isObject, plainText } from './output-format.ts';
import { deleteCommand, givenGroup, requireNamed, updateNamed } from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';
import { pipedIds } from './resource-ids.ts';
import { vmCreateCommand } from './vm-create.ts';
import { instanceViewJson, ipAddressesJson, virtualMachineDetails, virtualMachineJson } from './vm-json.ts';
import { openPortCommand } from './vm-open-port.ts';
import { runCommandCommands } from './vm-run-command.ts';
import { waitFor } from './wait.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';
const kind: ResourceKind<typeof TYPE> = {
  type: TYPE,
  path: ['vm'],
  json: (_cloud, vm) => virtualMachineJson(vm),
};
const name = nameOfId(
  '--name -n',
  'The name of the Virtual Machine. You can configure the default using `az configure --defaults vm=<name>`.',
);
const showDetails = flag(
  '--show-details -d',
  'Show public ip address, FQDN, and power states. Command will run slow.',
);

function row(vm: Json): Readonly<Record<string, string>> {
  if (!isObject(vm)) return {};
  const optional = (heading: string, key: string): Record<string, string> =>
    typeof vm[key] === 'string' ? { [heading]: String(vm[key]) } : {};
  return {
    Name: plainText(vm['name']),
    ResourceGroup: plainText(vm['resourceGroup']),
    ...optional('PowerState', 'powerState'),
    ...optional('PublicIps', 'publicIps'),
    ...optional('Fqdns', 'fqdns'),
    Location: plainText(vm['location']),
    Zones: Array.isArray(vm['zones']) ? vm['zones'].map(plainText).join(' ') : '',
  };
}

const table: AzOutcome['table'] = (output) => (Array.isArray(output) ? output : [output]).map(row);

/** Start, stop and deallocate print nothing. */
function power(
  verb: string,
  summary: string,
  powerState: VirtualMachine['powerState'],
  more: Partial<Pick<AzCommand, 'options'>> & { readonly warning?: string } = {},
): AzCommand {
  return {
    path: ['vm', verb],
    summary,
    options: [groupOfId, name, noWaitFlag, ...(more.options ?? [])],
    run: (cloud, args) => {
      const done = changed(
        setPowerState(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name'), powerState),
        undefined,
        30,
      );
      return done.ok && more.warning !== undefined ? ok({ ...done.value, warnings: [more.warning] }) : done;
    },
  };
}

export const virtualMachineCommands: readonly AzCommand[] = [
  vmCreateCommand,
  ...runCommandCommands,
  openPortCommand,
  {
    path: ['vm', 'show'],
    summary: 'Get the details of a VM.',
    options: [
      groupOfId,
      name,
      showDetails,
      flag('--include-user-data -u', 'Include the user data properties in the query result.', {
        noEffect: 'no machine here has user data',
      }),
    ],
    run: (cloud, args) =>
      shown(
        cloud,
        requireNamed(kind, cloud, args),
        (vm) => (args['showDetails'] === true ? virtualMachineDetails(cloud, vm) : virtualMachineJson(vm)),
        table,
      ),
  },
  {
    path: ['vm', 'list'],
    summary: 'List details of Virtual Machines.',
    options: [anyResourceGroup, showDetails, ...refused('scale sets of your own', '--vmss')],
    run: (cloud, args) => {
      const group = givenGroup(cloud, args);
      if (!group.ok) return group;
      const machines = listOwnResources(cloud, TYPE, group.value);
      return ok({
        cloud,
        output: machines.map((vm) =>
          args['showDetails'] === true ? virtualMachineDetails(cloud, vm) : virtualMachineJson(vm),
        ),
        table,
      });
    },
  },
  {
    path: ['vm', 'list-ip-addresses'],
    summary: 'List IP addresses associated with a VM.',
    options: [
      { ...anyResourceGroup, group: 'Resource Id' },
      text('--name -n', 'The name of the Virtual Machine.', { group: 'Resource Id' }),
      idsOption,
    ],
    run: (cloud, args) => {
      const wanted = optionalText(args, 'name')?.toLowerCase();
      const listed = optionalList(args, 'ids');
      const ids = listed === undefined ? undefined : pipedIds(listed);
      const all =
        ids === undefined
          ? listOwnResources(cloud, TYPE, optionalText(args, 'resourceGroup'))
          : listResources(cloud, TYPE);
      const machines = all.filter(
        (vm) =>
          (wanted === undefined || vm.name.toLowerCase() === wanted) &&
          (ids === undefined || ids.some((id) => sameId(id.trim(), vm.id))),
      );
      return ok({
        cloud,
        output: machines.map((vm) => ipAddressesJson(cloud, vm)),
        table: (output) => (Array.isArray(output) ? output.map(addressRow) : []),
      });
    },
  },
  {
    path: ['vm', 'get-instance-view'],
    summary: 'Get instance information about a VM.',
    options: [groupOfId, name],
    run: (cloud, args) => shown(cloud, requireNamed(kind, cloud, args), instanceViewJson),
  },
  {
    path: ['vm', 'update'],
    summary: 'Update the properties of a VM.',
    options: [
      groupOfId,
      name,
      noWaitFlag,
      text('--size', 'The new size of the virtual machine.'),
      ...ignored(
        'it does not change where packets go',
        '--priority',
        '--max-price',
        '--license-type',
        'boolean:--enable-secure-boot',
        'boolean:--enable-vtpm',
        'boolean:--enable-hibernation',
        'boolean:--ultra-ssd-enabled',
        'maybe:--disk-caching',
        '--disk-controller-type',
        '--ephemeral-os-disk-placement --ephemeral-placement',
        '--user-data',
        'integer:--v-cpus-available',
        'integer:--v-cpus-per-core',
        'maybe:--write-accelerator',
        '--ppg',
      ),
      ...refused(
        'dedicated hosts and capacity reservations',
        '--host',
        '--host-group',
        '--capacity-reservation-group --crg',
      ),
      ...refused('disks', '--os-disk'),
      ...refused('monitoring', '--workspace'),
      ...genericUpdate,
    ],
    run: (cloud, args) =>
      updateNamed(kind, cloud, args, {
        settable: ['hardwareProfile.vmSize', 'tags'],
        durationSeconds: 20,
        change: (vm, edited) =>
          updateVirtualMachine(cloud, vm.resourceGroup, vm.name, {
            ...given({
              vmSize: optionalText(args, 'size') ?? edited.text('hardwareProfile.vmSize') ?? undefined,
              tags: edited.tags('tags'),
            }),
          }),
      }),
  },
  power('start', 'Start a stopped VM.', 'VM running'),
  power('stop', 'Power off (stop) a running VM.', 'VM stopped', {
    options: [
      flag('--skip-shutdown', 'Skip shutdown and power-off immediately.', { noEffect: 'it stops at once' }),
    ],
    warning:
      'About to power off the specified VM...\nIt will continue to be billed. To deallocate a VM, run: az vm deallocate.',
  }),
  power(
    'deallocate',
    'Deallocate a VM so that computing resources are no longer allocated.',
    'VM deallocated',
    {
      options: [
        flag('--hibernate', 'Hibernate a virtual machine from the portal.', { notSimulated: 'hibernation' }),
      ],
    },
  ),
  {
    path: ['vm', 'restart'],
    summary: 'Restart VMs.',
    options: [groupOfId, name, noWaitFlag, flag('--force', 'Force the VM to restart by redeploying it.')],
    run: (cloud, args) => {
      const group = textArgument(args, 'resourceGroup');
      const vm = textArgument(args, 'name');
      const stopped = setPowerState(cloud, group, vm, 'VM stopped');
      return changed(
        stopped.ok ? setPowerState(stopped.value, group, vm, 'VM running') : stopped,
        undefined,
        30,
      );
    },
  },
  deleteCommand(
    kind,
    {
      summary: 'Delete a VM.',
      confirm: true,
      options: [
        groupOfId,
        name,
        noWaitFlag,
        yes,
        ...ignored('a machine is deleted at once', 'boolean:--force-deletion'),
      ],
    },
    deleteVirtualMachine,
    30,
  ),
  {
    path: ['vm', 'wait'],
    summary: 'Place the CLI in a waiting state until a condition of the VM is met.',
    options: [groupOfId, name, ...waitConditions],
    run: (cloud, args) => {
      const vm = requireNamed(kind, cloud, args);
      return waitFor(cloud, args, vm.ok ? instanceViewJson(vm.value) : null);
    },
  },
];

function addressRow(entry: Json): Readonly<Record<string, string>> {
  if (!isObject(entry)) return {};
  const vm = entry['virtualMachine'];
  if (!isObject(vm)) return {};
  const network = isObject(vm['network']) ? vm['network'] : {};
  const publics = network['publicIpAddresses'];
  const privates = network['privateIpAddresses'];
  const publicText = (Array.isArray(publics) ? publics : [])
    .filter(isObject)
    .map((one) => plainText(one['ipAddress']))
    .join(',');
  const privateText = (Array.isArray(privates) ? privates : []).join(',');
  return {
    VirtualMachine: plainText(vm['name']),
    ...(publicText === '' ? {} : { PublicIPAddresses: publicText }),
    ...(privateText === '' ? {} : { PrivateIPAddresses: privateText }),
  };
}
