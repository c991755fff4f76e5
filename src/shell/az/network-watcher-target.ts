/** The machines and NICs that Network Watcher is asked about. */
import { azureError } from '../../model/azure/error.ts';
import type { AzureError } from '../../model/azure/error.ts';
import {
  getResource,
  listResources,
  looksLikeId,
  parseResourceId,
  requireResource,
  resourceId,
  resourceNotFound,
  sameId,
} from '../../model/azure/resource-store.ts';
import type { NetworkInterface, VirtualMachine } from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { effectiveView } from '../../model/compile/effective-view.ts';
import type { EffectiveView } from '../../model/compile/effective-view.ts';
import { sameAddress } from '../../model/ip/address.ts';
import type { Address } from '../../model/ip/address.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure } from './command.ts';
import { optionalText, refusedByAzure, textArgument, usageFailure } from './outcome.ts';

const VM = 'Microsoft.Compute/virtualMachines';
const NIC = 'Microsoft.Network/networkInterfaces';
const SCALE_SET = 'Microsoft.Compute/virtualMachineScaleSets';

/** Returns the machine of `--vm`: a name in `--resource-group`, or an id. Machines of scale sets are none. */
export function requireVm(cloud: Cloud, args: AzArguments): Result<VirtualMachine, AzFailure> {
  const vm = textArgument(args, 'vm');
  const group = optionalText(args, 'resourceGroup');
  if (!looksLikeId(vm)) {
    if (group === undefined) {
      return usageFailure('usage error: --vm NAME --resource-group NAME | --vm ID');
    }
    const found = requireResource(cloud, VM, group, vm);
    return found.ok ? found : refusedByAzure(found.error);
  }
  const found = getResource(cloud, vm, VM);
  if (found !== null) return ok(found);
  const parts = parseResourceId(vm);
  return refusedByAzure(resourceNotFound(VM, parts?.resourceGroup ?? group ?? '', parts?.name ?? vm));
}

/**
 * Returns what is in force on the NIC of a machine: that of `--nic`, else the one with this address, else
 * the first. Errors: as `requireVm`, a NIC of another machine, a machine that does not run.
 */
export function viewOfVm(
  cloud: Cloud,
  args: AzArguments,
  address: Address,
): Result<EffectiveView, AzFailure> {
  const vm = requireVm(cloud, args);
  if (!vm.ok) return vm;
  const nics = vm.value.networkProfile.networkInterfaces.flatMap(
    ({ id }) => getResource(cloud, id, NIC) ?? [],
  );
  const chosen = chooseNic(cloud, args, vm.value, nics, address);
  if (!chosen.ok) return chosen;
  return viewOfNic(cloud, chosen.value.id);
}

function chooseNic(
  cloud: Cloud,
  args: AzArguments,
  vm: VirtualMachine,
  nics: readonly NetworkInterface[],
  address: Address,
): Result<NetworkInterface, AzFailure> {
  const wanted = optionalText(args, 'nic');
  if (wanted !== undefined) {
    const group = optionalText(args, 'resourceGroup');
    if (!looksLikeId(wanted) && group === undefined) {
      return usageFailure('usage error: --nic NAME --resource-group NAME | --nic ID');
    }
    const id = looksLikeId(wanted) ? wanted : resourceId(cloud, group ?? '', NIC, wanted);
    const nic = nics.find((one) => sameId(one.id, id));
    if (nic !== undefined) return ok(nic);
    return refusedByAzure(
      azureError(
        'InvalidTargetNicResourceId',
        `Network interface ${id} is not attached to the virtual machine ${vm.id}.`,
      ),
    );
  }
  if (nics.length > 1 && nics.some((one) => one.enableIPForwarding)) {
    return refusedByAzure(
      azureError(
        'TargetNicResourceIdRequired',
        `Virtual machine ${vm.id} has ${nics.length} network interfaces and IP forwarding is enabled on one of them, so the network interface to test has to be given.`,
      ),
    );
  }
  const views = nics.map((nic) => ({ nic, view: effectiveView(cloud, nic.id) }));
  const holder = views.find(({ view }) => view?.port.addresses.some((one) => sameAddress(one, address)));
  const nic = holder?.nic ?? nics[0];
  return nic === undefined
    ? refusedByAzure(
        azureError('NetworkInterfaceNotFound', `Virtual machine ${vm.id} has no network interface.`),
      )
    : ok(nic);
}

function viewOfNic(cloud: Cloud, id: string): Result<EffectiveView, AzFailure> {
  const view = effectiveView(cloud, id);
  // Documented: the machine has to run. The code is not on record.
  return view === null
    ? refusedByAzure(
        azureError(
          'TargetVirtualMachineNotRunning',
          `Network interface ${id} must be attached to a running virtual machine for Network Watcher to tell what is in force on it.`,
        ),
      )
    : ok(view);
}

/**
 * Returns what is in force on the target of a configuration diagnostic: a machine, a NIC, a NIC of a scale
 * set instance with or without the instance in its id, or such an instance.
 */
export function viewOfTarget(cloud: Cloud, id: string): Result<EffectiveView, AzFailure> {
  const nicId = nicOfTarget(cloud, id);
  return nicId.ok ? viewOfNic(cloud, nicId.value) : refusedByAzure(nicId.error);
}

function nicOfTarget(cloud: Cloud, id: string): Result<string, AzureError> {
  const parts = parseResourceId(id);
  const missing = (): AzureError =>
    resourceNotFound(parts?.type ?? '', parts?.resourceGroup ?? '', parts?.name ?? id);
  if (parts === null) return err(missing());
  const nic = getResource(cloud, id, NIC);
  if (nic !== null) return ok(nic.id);
  const vm = getResource(cloud, id, VM);
  const [first] = vm?.networkProfile.networkInterfaces ?? [];
  if (first !== undefined) return ok(first.id);
  if (parts.type.toLowerCase() !== SCALE_SET.toLowerCase()) return err(missing());
  const child = (type: string): string | undefined =>
    parts.children.find((each) => each.type.toLowerCase() === type)?.name.toLowerCase();
  const instance = child('virtualmachines');
  const name = child('networkinterfaces');
  const found = listResources(cloud, SCALE_SET)
    .filter((set) => sameId(set.id, id.split('/').slice(0, 9).join('/')))
    .flatMap((set) => set.instances)
    .filter((each) => instance === undefined || each.instanceId === instance)
    .filter((each) => name === undefined || each.networkInterface.name.toLowerCase() === name);
  const [only, ...more] = found;
  if (only === undefined || (instance === undefined && name === undefined)) return err(missing());
  if (more.length > 0) {
    return err(
      azureError(
        'InvalidTargetResourceId',
        `Several instances of the scale set have a network interface ${name ?? ''}: name the instance too, as in ${id.split('/').slice(0, 9).join('/')}/virtualMachines/${only.instanceId}/networkInterfaces/${name ?? ''}.`,
      ),
    );
  }
  return ok(only.networkInterface.id);
}
