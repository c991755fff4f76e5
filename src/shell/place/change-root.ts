/** `chroot /host` and `nsenter -t 1`: how a debugging pod on a node reaches the node's own programs. */
import type { CommandContext, CommandResult, Place, SimulatedCommand } from '../command.ts';
import { failed, notSimulatedHere } from './program.ts';
import { isNodeDebugger, podOf } from './set-up.ts';

function nodePlace(context: CommandContext): Place | null {
  if (context.place.kind !== 'pod') return null;
  const pod = podOf(context.cloud, context.place);
  const name = pod?.spec.nodeName;
  return pod !== null && isNodeDebugger(pod) && name !== undefined
    ? { kind: 'node', cluster: context.place.cluster, name }
    : null;
}

async function enterNode(context: CommandContext, argv: readonly string[]): Promise<CommandResult> {
  const place = nodePlace(context);
  if (place === null) throw new Error('only called on a node');
  const bare =
    argv.length === 0 ||
    (argv.length === 1 && ['sh', 'bash', '/bin/sh', '/bin/bash'].includes(argv[0] ?? ''));
  if (bare && context.terminal === 'interactive' && context.stdin === '') {
    return { stdout: '', stderr: '', exitCode: 0, enter: place };
  }
  if (bare) return context.runIn(place, ['sh', '-c', context.stdin], '');
  return context.runIn(place, argv, context.stdin);
}

export function chroot(): SimulatedCommand {
  return {
    name: 'chroot',
    places: ['pod'],
    run: (context) => {
      const [root, ...argv] = context.args;
      if (root === undefined)
        return failed("chroot: missing operand\nTry 'chroot --help' for more information.\n", 125);
      if (nodePlace(context) === null || root.replace(/\/$/, '') !== '/host') {
        return failed(`chroot: cannot change root directory to '${root}': No such file or directory\n`, 125);
      }
      return enterNode(context, argv);
    },
  };
}

export function nsenter(): SimulatedCommand {
  return {
    name: 'nsenter',
    places: ['pod'],
    run: (context) => {
      const argv: string[] = [];
      for (let at = 0; at < context.args.length; at++) {
        const arg = context.args[at] ?? '';
        if (arg === '--') {
          argv.push(...context.args.slice(at + 1));
          break;
        }
        if (arg === '-t' || arg === '--target') at++;
        else if (!arg.startsWith('-')) {
          argv.push(...context.args.slice(at));
          break;
        }
      }
      if (nodePlace(context) === null)
        return notSimulatedHere('nsenter', 'entering namespaces from anywhere but a node debugging pod');
      return enterNode(context, argv);
    },
  };
}
