/** What starts a server on a VM: systemctl, service, python3 -m http.server. */
import { getResource } from '../../model/azure/resource-store.ts';
import type { Listener } from '../../model/azure/resources.ts';
import { setListeners } from '../../model/azure/virtual-machine.ts';
import { journalctlOn } from './journal.ts';
import { machineServices } from './machine-units.ts';
import { systemctlOnMachine } from './machine-systemctl.ts';
import { nodeServices } from './node-units.ts';
import { lookWithSystemctl, readSystemctl, unitNamed, withSuffix } from './systemctl.ts';
import type { ServiceManager } from './systemd-unit.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { viewFrom } from './network-view.ts';
import { failed, notSimulatedHere, printed } from './program.ts';
import { NO_PACKAGES } from './python-packages.ts';
import { pythonRuntime, type PythonRuntime } from './python-runtime.ts';

export const WEB_SERVERS: Readonly<Record<string, Listener>> = {
  nginx: { protocol: 'tcp', port: 80, program: 'nginx', application: 'http' },
  apache2: { protocol: 'tcp', port: 80, program: 'apache2', application: 'http' },
  ssh: { protocol: 'tcp', port: 22, program: 'sshd', application: 'ssh' },
};
function listenersOf(context: CommandContext): readonly Listener[] | null {
  if (context.place.kind !== 'vm') return null;
  return (
    getResource(context.cloud, context.place.id, 'Microsoft.Compute/virtualMachines')?.simulation.listeners ??
    null
  );
}

export function start(context: CommandContext, listener: Listener): CommandResult {
  const listeners = listenersOf(context);
  if (listeners === null || context.place.kind !== 'vm')
    return failed('a server can only be started on a VM\n');
  const same = (each: Listener) => each.protocol === listener.protocol && each.port === listener.port;
  const holder = listeners.find(same);
  if (holder !== undefined && holder.program !== listener.program) {
    return failed(
      `${listener.program}: bind() to 0.0.0.0:${listener.port} failed (98: Address already in use)\n`,
    );
  }
  return {
    ...printed(''),
    cloud: setListeners(context.cloud, context.place.id, [
      ...listeners.filter((each) => !same(each)),
      listener,
    ]),
  };
}

function stop(context: CommandContext, program: string): CommandResult {
  const listeners = listenersOf(context);
  if (listeners === null || context.place.kind !== 'vm')
    return failed('a server can only be stopped on a VM\n');
  return {
    ...printed(''),
    cloud: setListeners(
      context.cloud,
      context.place.id,
      listeners.filter((each) => each.program !== program),
    ),
  };
}

export function systemctl(): SimulatedCommand {
  return {
    name: 'systemctl',
    places: ['vm', 'node'],
    run: (context) => {
      const { place } = context;
      if (place.kind === 'node') return systemctlOnNode(context);
      const words = readSystemctl(context.args);
      if ('problem' in words) return notSimulatedHere('systemctl', words.problem);
      const unit = (words.units[0] ?? '').replace(/\.service$/, '');
      if (place.kind !== 'vm' || WEB_SERVERS[unit] !== undefined)
        return control(context, words.verb, unit, 'systemctl');
      return systemctlOnMachine(context, place.id, words, context.args.includes('--now'));
    },
  };
}

/** Returns the service manager of the node that the shell is on; null anywhere else. */
function servicesOfNode({ cloud, place }: CommandContext): ServiceManager | null {
  const node = place.kind === 'node' ? cloud.kubernetes[place.cluster]?.nodes[place.name] : undefined;
  return node === undefined || place.kind !== 'node' ? null : nodeServices(cloud, place.cluster, node);
}

function systemctlOnNode(context: CommandContext): CommandResult {
  const manager = servicesOfNode(context);
  if (manager === null) return failed('systemctl: the node is gone\n');
  const words = readSystemctl(context.args);
  if ('problem' in words) return notSimulatedHere('systemctl', words.problem);
  const looked = lookWithSystemctl(manager, words, context.cloud.now);
  if (looked !== null) return looked;
  const [name = ''] = words.units;
  if (words.verb === 'daemon-reload') return printed('');
  if (name !== '' && unitNamed(manager, name) === null)
    return failed(`Failed to ${words.verb} ${withSuffix(name)}: Unit ${withSuffix(name)} not found.\n`, 5);
  return notSimulatedHere('systemctl', `changing services of a node ("systemctl ${context.args.join(' ')}")`);
}

export function journalctl(): SimulatedCommand {
  return {
    name: 'journalctl',
    places: ['vm', 'node', 'pod', 'on-premises'],
    run: (context) => {
      const { cloud, place } = context;
      const manager = place.kind === 'vm' ? machineServices(cloud, place.id) : servicesOfNode(context);
      return manager === null
        ? notSimulatedHere('journalctl', 'the log of the machine')
        : journalctlOn(manager, context.args, context.cloud.now);
    },
  };
}

export function service(): SimulatedCommand {
  return {
    name: 'service',
    places: ['vm', 'node'],
    run: (context) => {
      const [unit = '', verb = ''] = context.args;
      const { place } = context;
      if (place.kind !== 'vm' || WEB_SERVERS[unit] !== undefined)
        return control(context, verb, unit, 'service');
      const words = readSystemctl([verb, unit]);
      return 'problem' in words
        ? notSimulatedHere('service', words.problem)
        : systemctlOnMachine(context, place.id, words, false);
    },
  };
}

function control(
  context: CommandContext,
  verb: string | undefined,
  unit: string,
  program: string,
): CommandResult {
  const listener = WEB_SERVERS[unit];
  if (context.place.kind !== 'vm') return notSimulatedHere(program, 'changing services of a node');
  if (listener === undefined) return failed(`Unit ${unit}.service could not be found.\n`, 4);
  const active = listenersOf(context)?.some((each) => each.program === listener.program) === true;
  switch (verb ?? '') {
    case 'start':
    case 'restart':
    case 'reload':
      return start(context, listener);
    case 'enable':
      return context.args.includes('--now') ? start(context, listener) : printed('');
    case 'stop':
      return stop(context, listener.program);
    case 'disable':
      return context.args.includes('--now') ? stop(context, listener.program) : printed('');
    case 'is-active':
      return { stdout: active ? 'active\n' : 'inactive\n', stderr: '', exitCode: active ? 0 : 3 };
    case 'status':
      return {
        stdout: `${active ? '●' : '○'} ${unit}.service\n     Active: ${active ? 'active (running)' : 'inactive (dead)'}\n`,
        stderr: '',
        exitCode: active ? 0 : 3,
      };
  }
  return notSimulatedHere(program, `"${program} ${verb ?? ''}"`);
}

/**
 * `python3 -m http.server [PORT]`, which goes to the background whether asked to or not, and `python3 -c` as far as
 * python-script.ts reads it.
 */
export function python3(): SimulatedCommand {
  return {
    name: 'python3',
    places: ['vm', 'pod'],
    run: async (context) => {
      const at = context.args.indexOf('-m');
      const [first] = context.args;
      const runtime = pythonRuntime(context);
      if (first === '--version' || first === '-V')
        return printed(`Python ${runtime?.version ?? '3.10.12'}\n`);
      if (at >= 0 && context.args[at + 1] === 'pip') return notSimulatedHere('pip', NO_PACKAGES);
      if (at < 0) return pythonScript(context, runtime);
      if (context.args[at + 1] !== 'http.server')
        return notSimulatedHere('python3', `the module ${context.args[at + 1] ?? ''} (only http.server)`);
      if (context.place.kind !== 'vm')
        return notSimulatedHere(
          'python3',
          'starting a server in a running container (use an image that listens)',
        );
      const port = Number(context.args.slice(at + 2).find((arg) => /^\d+$/.test(arg)) ?? '8000');
      if (port < 1 || port > 65535) return failed('OverflowError: bind(): port must be 0-65535.\n');
      const started = start(context, { protocol: 'tcp', port, program: 'python3', application: 'http' });
      return started.exitCode === 0
        ? { ...started, stdout: `Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...\n` }
        : started;
    },
  };
}

/** `-c CODE`, a script on standard input, or one in a file. */
async function pythonScript(context: CommandContext, runtime: PythonRuntime | null): Promise<CommandResult> {
  const [first, second] = context.args;
  const file = first === undefined || first.startsWith('-') ? null : await context.readFile(first);
  if (first !== undefined && !first.startsWith('-') && file === null)
    return failed(`python3: can't open file '${first}': [Errno 2] No such file or directory\n`, 2);
  const code = first === '-c' ? second : (file ?? context.stdin);
  if (code === undefined) return failed('Argument expected for the -c option\n', 2);
  if (code.trim() === '') return notSimulatedHere('python3', 'its prompt (give -c CODE)');
  if (runtime === null)
    return notSimulatedHere(
      'python3',
      'the Python of this place (a VM, and images such as python:3.12, have theirs)',
    );
  const view = viewFrom(context.cloud, context.place, context.nextConnection);
  if (!view.ok) return failed(`python3: ${view.error}\n`);
  const { runPython } = await import('./python-fetch.ts');
  return runPython(code, view.value, context, runtime);
}
