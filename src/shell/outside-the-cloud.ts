import type { SimulatedCommand } from './command.ts';

/** Network programs of the workstation: it has no place in the simulated network, so say where they do work. */
export function refuseOnWorkstation(name: string): SimulatedCommand {
  return {
    name,
    places: ['workstation'],
    run: () => ({
      stdout: '',
      stderr:
        `${name}: not simulated on the workstation, which is not part of the simulated network.\n` +
        `Run it in a pod (kubectl exec POD -- ${name} ...), on a node (kubectl debug node/NODE -it --image=... -- ${name} ...)\n` +
        `or on a VM (az vm run-command invoke ... --scripts "${name} ..."). netpath asks the model from anywhere.\n`,
      exitCode: 1,
    }),
  };
}
