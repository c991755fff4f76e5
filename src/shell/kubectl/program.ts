/** The program `kubectl`: finds the command, reads its flags, connects to the cluster, runs it. */
import { restoreManagedObjects } from '../../model/aks/addon-manager.ts';
import { apiServerAdmits } from '../../model/aks/authorized-ranges.ts';
import { getResource } from '../../model/azure/resource-store.ts';
import type { ArmKey } from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { kubernetesOf } from '../../model/kubernetes/cluster-state.ts';
import { WORKSTATION, workstationOf } from '../../model/outside-host.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import type { KubectlCommand, Target } from './command.ts';
import { clientError, type KubectlFailure } from './failure.ts';
import { GLOBAL_FLAGS, parseFlags } from './flags.ts';
import { commandHelp, GROUP_SUMMARIES, groupHelp, programHelp } from './help.ts';
import { EMPTY_KUBECONFIG, kubeconfigPath, parseKubeconfig, resolveContext } from './kubeconfig.ts';
import { KUBECTL_COMMANDS, NOT_SIMULATED_COMMANDS, NOT_SIMULATED_KINDS } from './registry.ts';

export const kubectl: SimulatedCommand = {
  name: 'kubectl',
  places: ['workstation'],
  run: async (context) => {
    const result = await runKubectl(context);
    return result.ok
      ? result.value
      : { stdout: '', stderr: result.error.stderr, exitCode: result.error.exitCode };
  },
};

async function runKubectl(context: CommandContext): Promise<Result<CommandResult, KubectlFailure>> {
  const found = findCommand(context.args);
  if (!found.ok) return found;
  if (found.value.kind === 'help') return ok({ stdout: found.value.text, stderr: '', exitCode: 0 });
  const { command, rest } = found.value;
  const input = parseFlags(rest, [...command.flags, ...GLOBAL_FLAGS], `kubectl ${command.path.join(' ')}`);
  if (!input.ok) return input;
  if (input.value.help === 'asked') return ok({ stdout: commandHelp(command), stderr: '', exitCode: 0 });

  const target = await connect(input.value.flags, context);
  if (!target.ok && command.needs === 'cluster') return target;
  const outcome = await command.run(input.value, target.ok ? target.value : NOWHERE, context);
  if (!outcome.ok) return outcome;
  const { cloud, stdout = '', stderr = '', exitCode = 0, enter, elapsedSeconds } = outcome.value;
  return ok({
    stdout,
    stderr,
    exitCode,
    ...(cloud === undefined
      ? {}
      : { cloud: target.ok ? restoreManagedObjects(context.cloud, cloud, target.value.cluster) : cloud }),
    ...(enter === undefined ? {} : { enter }),
    ...(elapsedSeconds === undefined ? {} : { elapsedSeconds }),
  });
}

/** For commands that work without a cluster; they do not look at it. */
const NOWHERE: Target = {
  cluster: '',
  namespace: 'default',
  contextName: '',
  state: {
    namespaces: {},
    nodes: {},
    pods: {},
    deployments: {},
    replicaSets: {},
    daemonSets: {},
    services: {},
    configMaps: {},
    networkPolicies: {},
    nodeNetworkConfigs: {},
    events: {},
    controlPlane: {
      podAddressing: 'host-local',
      podCidr: null,
      serviceCidr: '',
      dnsServiceIp: '',
      apiServer: { address: '', port: 0 },
      nextResourceVersion: 0,
      nextPodCidrIndex: 0,
      podsCreated: {},
    },
    lastReservedIp: {},
  },
};

async function connect(
  flags: { readonly text: (name: string) => string | null },
  context: CommandContext,
): Promise<Result<Target, KubectlFailure>> {
  const path = kubeconfigPath(flags.text('kubeconfig'), context);
  const text = await context.readFile(path);
  if (text === null && flags.text('kubeconfig') !== null) {
    return err(clientError(`stat ${path}: no such file or directory`));
  }
  const config = text === null ? ok(EMPTY_KUBECONFIG) : parseKubeconfig(text, path);
  if (!config.ok) return config;
  const resolved = resolveContext(config.value, flags.text('context'), context.cloud);
  if (!resolved.ok) return resolved;
  const { cluster, namespace, contextName } = resolved.value;
  const silent = noAnswer(context.cloud, cluster);
  if (silent !== null) return err(silent);
  const namespaceFlag = flags.text('namespace') ?? '';
  const state = context.cloud.kubernetes[cluster];
  if (state === undefined) throw new Error(`no Kubernetes state for ${cluster}`);
  return ok({ cluster, state, contextName, namespace: namespaceFlag === '' ? namespace : namespaceFlag });
}

/** Someone who is not among the authorized IP ranges of the API server gets no answer at all. */
function noAnswer(cloud: Cloud, key: ArmKey): KubectlFailure | null {
  const cluster = getResource(cloud, key, 'Microsoft.ContainerService/ManagedClusters');
  const own = cloud.outsideHosts.find((each) => each.name === WORKSTATION) ?? workstationOf(cloud);
  if (cluster === null || apiServerAdmits(cloud, cluster, own.address)) return null;
  const { address, port } = kubernetesOf(cloud, key).controlPlane.apiServer;
  return {
    stderr: `Unable to connect to the server: dial tcp ${address}:${port}: i/o timeout\n`,
    exitCode: 1,
  };
}

type Found =
  | { readonly kind: 'command'; readonly command: KubectlCommand; readonly rest: readonly string[] }
  | { readonly kind: 'help'; readonly text: string };

/** Other names of a word that has commands of its own below it; a last word's stand with its command. */
const SUBGROUP_ALIASES: Readonly<Record<string, string>> = { 'create svc': 'service' };

/** Global flags may stand before the command's words. */
function findCommand(argv: readonly string[]): Result<Found, KubectlFailure> {
  const positions = wordPositions(argv);
  const [first] = positions;
  const name = first === undefined ? undefined : argv[first];
  if (first === undefined || name === undefined || (name === 'help' && positions.length === 1)) {
    const unknown = parseFlags(argv, GLOBAL_FLAGS, 'kubectl');
    return unknown.ok || name === 'help'
      ? ok({ kind: 'help', text: programHelp(KUBECTL_COMMANDS) })
      : unknown;
  }
  if (name === 'help') {
    const words = positions.slice(1).map((at) => argv[at] ?? '');
    return findCommand([...words, '--help']);
  }
  const without = (count: number) => argv.filter((_, at) => !positions.slice(0, count).includes(at));
  const written = argv[positions[1] ?? -1];
  const second = SUBGROUP_ALIASES[`${name} ${written ?? ''}`] ?? written;
  const exact = KUBECTL_COMMANDS.find(
    (each) => each.path.length > 1 && each.path[0] === name && matchesWord(each, 1, second),
  );
  if (exact !== undefined) {
    const deeper = KUBECTL_COMMANDS.find(
      (each) =>
        each.path.length === 3 &&
        each.path[0] === name &&
        each.path[1] === second &&
        matchesWord(each, 2, argv[positions[2] ?? -1]),
    );
    if (deeper !== undefined) return ok({ kind: 'command', command: deeper, rest: without(3) });
    if (exact.path.length === 2) return ok({ kind: 'command', command: exact, rest: without(2) });
    return subcommandError(name, `${name} ${second ?? ''}`, argv[positions[2] ?? -1], argv);
  }
  const direct = KUBECTL_COMMANDS.find(
    (each) => each.path.length === 1 && (each.path[0] === name || each.aliases?.includes(name) === true),
  );
  if (direct !== undefined) {
    const isGroup = KUBECTL_COMMANDS.some((each) => each.path[0] === name && each.path.length > 1);
    if (isGroup && second === undefined && argv.some((arg) => arg === '--help' || arg === '-h')) {
      return ok({ kind: 'help', text: groupHelp(name, KUBECTL_COMMANDS) });
    }
    if (isGroup && second !== undefined) return subcommandError(name, name, second, argv);
    const below = `${name} ${second ?? ''}`;
    return NOT_SIMULATED_KINDS.includes(below)
      ? err(clientError(`kubectl ${below} is not simulated in this workbook`))
      : ok({ kind: 'command', command: direct, rest: without(1) });
  }
  if (GROUP_SUMMARIES[name] !== undefined) return subcommandError(name, name, second, argv);
  const reason = NOT_SIMULATED_COMMANDS[name];
  if (reason !== undefined) {
    return err(clientError(`kubectl ${name} is not simulated in this workbook: ${reason}`));
  }
  return err({ stderr: `error: unknown command "${name}" for "kubectl"${suggestion(name)}\n`, exitCode: 1 });
}

/** The place where a word of the path may also be one of the command's aliases. */
function matchesWord(command: KubectlCommand, at: number, word: string | undefined): boolean {
  if (word === undefined) return false;
  return (
    command.path[at] === word || (at === command.path.length - 1 && command.aliases?.includes(word) === true)
  );
}

function subcommandError(
  group: string,
  path: string,
  word: string | undefined,
  argv: readonly string[],
): Result<Found, KubectlFailure> {
  if (word === undefined || argv.some((arg) => arg === '--help' || arg === '-h')) {
    return ok({ kind: 'help', text: groupHelp(group, KUBECTL_COMMANDS) });
  }
  const full = group === 'create' ? `${path.replace(/^create ?/, '')} ${word}`.trim() : `${path} ${word}`;
  if (NOT_SIMULATED_KINDS.includes(full)) {
    return err(
      clientError(
        `kubectl ${group === 'create' ? `create ${full}` : full} is not simulated in this workbook`,
      ),
    );
  }
  return err(
    clientError(
      `unknown command "${path.replace(/^\S+ ?/, '')}${path.includes(' ') ? ' ' : ''}${word}" for "kubectl ${group}"; simulated are: ${KUBECTL_COMMANDS.filter(
        (each) => each.path[0] === group && each.path.length > 1,
      )
        .map((each) => each.path.slice(1).join(' '))
        .join(', ')}`,
    ),
  );
}

function suggestion(name: string): string {
  const names = [...new Set(KUBECTL_COMMANDS.map((each) => each.path[0] ?? ''))];
  const near = names.filter((each) => distance(each, name) <= 2 || each.startsWith(name));
  return near.length === 0 ? '' : `\n\nDid you mean this?\n${near.map((each) => `\t${each}\n`).join('')}`;
}

/** Levenshtein's, as cobra uses it for its suggestions. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) {
      next.push(
        Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (left === right ? 0 : 1)),
      );
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Positions of the words that are neither flags nor values of global flags, up to `--`. */
function wordPositions(argv: readonly string[]): readonly number[] {
  const positions: number[] = [];
  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at] ?? '';
    if (arg === '--') break;
    if (!arg.startsWith('-') || arg === '-') {
      positions.push(at);
      continue;
    }
    if (arg.includes('=')) continue;
    const flag = GLOBAL_FLAGS.find((each) =>
      arg.startsWith('--') ? each.name === arg.slice(2) : arg.length === 2 && each.shorthand === arg[1],
    );
    if (flag !== undefined && flag.type.kind !== 'flag') at++;
    else if (flag === undefined && positions.length > 0 && !isKnownSwitch(argv[positions[0] ?? -1], arg))
      at++;
  }
  return positions;
}

/** Reports whether a flag of the command takes no value, so that the next word is a word of its own. */
function isKnownSwitch(commandName: string | undefined, arg: string): boolean {
  const flags = KUBECTL_COMMANDS.filter((each) => each.path[0] === commandName).flatMap((each) => each.flags);
  const flag = flags.find((each) =>
    arg.startsWith('--') ? each.name === arg.slice(2) : each.shorthand === arg.at(-1),
  );
  return (
    flag === undefined ||
    flag.type.kind === 'flag' ||
    flag.type.kind === 'optional' ||
    (!arg.startsWith('--') && arg.length > 2)
  );
}
