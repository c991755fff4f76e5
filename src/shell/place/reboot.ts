/** `reboot` and `shutdown -r now` on a VM: what `az vm restart` does, from inside. */
import { getResource } from '../../model/azure/resource-store.ts';
import { setPowerState } from '../../model/azure/virtual-machine.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { failed, notSimulatedHere } from './program.ts';

/** Until sshd answers again. */
const BOOT_SECONDS = 30;

export function reboot(name: 'reboot' | 'shutdown'): SimulatedCommand {
  return {
    name,
    places: ['vm'],
    run: (context) => {
      if (name === 'shutdown' && !/^-r (now|\+0)$/.test(context.args.join(' ')))
        return notSimulatedHere(
          'shutdown',
          'shutting down without a restart (az vm deallocate stops a machine)',
        );
      return restart(context);
    },
  };
}

function restart({ cloud, place, env }: CommandContext): CommandResult {
  if ((env.get('USER') ?? 'root') !== 'root')
    return failed(
      'Call to Reboot failed: Interactive authentication required.\n(without sudo it asks for a password, and the administrator has none)\n',
    );
  const vm = place.kind === 'vm' ? getResource(cloud, place.id, 'Microsoft.Compute/virtualMachines') : null;
  if (vm === null) throw new Error('only called on a VM');
  const stopped = setPowerState(cloud, vm.resourceGroup, vm.name, 'VM stopped');
  const started = stopped.ok
    ? setPowerState(stopped.value, vm.resourceGroup, vm.name, 'VM running')
    : stopped;
  if (!started.ok) throw new Error(started.error.message);
  return {
    stdout: '',
    stderr: '(the machine has restarted; a real one ends your session with it, here you stay logged in)\n',
    exitCode: 0,
    cloud: started.value,
    elapsedSeconds: BOOT_SECONDS,
  };
}
