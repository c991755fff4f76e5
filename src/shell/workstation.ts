import { programsOf } from './place/programs.ts';
import { WORKSTATION_PROGRAMS } from './place/image-tools.ts';
import type { LoadedOnUse } from './place-shell.ts';

/** The simulated programs of the learner's own machine, a host on the internet. */
export const WORKSTATION_COMMANDS: readonly LoadedOnUse[] = [
  { name: 'az', load: async () => (await import('./az/program.ts')).az },
  { name: 'kubectl', load: async () => (await import('./kubectl/program.ts')).kubectl },
  { name: 'netpath', load: async () => (await import('./netpath.ts')).netpath },
  { name: 'ssh', load: async () => (await import('./ssh.ts')).ssh },
  { name: 'scp', load: async () => (await import('./scp.ts')).scp },
  ...programsOf({ style: 'gnu', home: '', builtins: [], programs: WORKSTATION_PROGRAMS, files: {} }),
  ...['ip', 'arp'].map((name): LoadedOnUse => ({
    name,
    load: async () => (await import('./outside-the-cloud.ts')).refuseOnWorkstation(name),
  })),
];
