import type { LoadedOnUse } from './place-shell.ts';

/** The simulated programs of the learner's own machine. */
export const WORKSTATION_COMMANDS: readonly LoadedOnUse[] = [
  { name: 'az', load: async () => (await import('./az/program.ts')).az },
  { name: 'kubectl', load: async () => (await import('./kubectl/program.ts')).kubectl },
  { name: 'netpath', load: async () => (await import('./netpath.ts')).netpath },
  { name: 'ssh', load: async () => (await import('./ssh.ts')).ssh },
  ...['curl', 'wget', 'ping', 'nslookup', 'dig', 'traceroute', 'nc', 'ip', 'arp'].map(
    (name): LoadedOnUse => ({
      name,
      load: async () => (await import('./outside-the-cloud.ts')).refuseOnWorkstation(name),
    }),
  ),
];
