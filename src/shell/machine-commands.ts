/** Commands of a VM that need more of the shell than a simulated program sees. */
import type { Command } from 'just-bash';
import { softwareOf } from '../model/azure/machine-software.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Place } from './command.ts';
import type { PlaceSetup } from './place-shell.ts';
import { tarOnMachine } from './place/tar.ts';
import type { World } from './world.ts';

/** Returns those of a place; none anywhere but on a VM. */
export function machineCommands(place: Place, setup: PlaceSetup, world: World): readonly Command[] {
  if (place.kind !== 'vm') return [];
  return [
    {
      name: 'tar',
      execute: async (args, context) => {
        const resolve = (path: string) => context.fs.resolvePath(context.cwd, path);
        const user = context.env.get('USER') ?? setup.user;
        const done = await tarOnMachine(args, world.cloud, place.id, user, {
          resolve,
          read: async (path) => {
            try {
              return await context.fs.readFile(resolve(path));
            } catch {
              return null;
            }
          },
          write: async (path, text) => {
            await context.fs.mkdir(path.replace(/\/[^/]*$/, ''), { recursive: true });
            await context.fs.writeFile(path, text);
          },
        });
        if (done === null) return (await context.origCommand?.([...args])) ?? NOTHING;
        const { stdout, stderr, exitCode, cloud } = done;
        if (cloud !== null) world.settle({ stdout, stderr, exitCode, cloud }, `tar ${args.join(' ')}`);
        return { stdout, stderr, exitCode };
      },
    },
  ];
}

const NOTHING = { stdout: '', stderr: '', exitCode: 1 };

/** Returns the id of the process that was started last; 0 if none was. */
export function lastProcess(cloud: Cloud, vmId: string): number {
  return softwareOf(cloud, vmId).processes.at(-1)?.pid ?? 0;
}
