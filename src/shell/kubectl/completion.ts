import type { Cloud } from '../../model/cloud.ts';
import type { Flag, KubectlCommand } from './command.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { parseKubeconfig, resolveContext } from './kubeconfig.ts';
import { KUBECTL_COMMANDS } from './registry.ts';
import {
  COMMON_TYPES,
  findType,
  listObjects,
  servedTypes,
  typeOfKind,
  type ResourceType,
} from './resource-types.ts';

const OUTPUTS = ['custom-columns=', 'json', 'jsonpath=', 'name', 'wide', 'yaml'];
/** Commands whose first argument is a pod rather than a type. */
const POD_FIRST = ['exec', 'logs'];
const NODE_FIRST = ['cordon', 'uncordon', 'drain'];

/** Returns what may stand where `word` is; null if files are what is wanted. */
export function completeKubectl(
  cloud: Cloud,
  kubeconfig: string | null,
  before: readonly string[],
  word: string,
): readonly string[] | null {
  const words = before.filter((each) => !each.startsWith('-'));
  const candidates = KUBECTL_COMMANDS.filter((command) =>
    command.path.every((part, at) => words[at] === part),
  );
  const command = candidates.toSorted((a, b) => b.path.length - a.path.length)[0];
  const deeper = KUBECTL_COMMANDS.filter(
    (each) => each.path.length > words.length && words.every((part, at) => each.path[at] === part),
  ).map((each) => each.path[words.length] ?? '');
  if (command === undefined) return deeper;
  const previous = before.at(-1) ?? '';
  if (previous === '-f' || previous === '--filename') return null;
  if (previous === '-o' || previous === '--output') return OUTPUTS;
  const server = reader(cloud, kubeconfig, namespaceFlag(before));
  if (previous === '-n' || previous === '--namespace') return server.objects('Namespace');
  if (word.startsWith('-')) return [...command.flags, ...GLOBAL_FLAGS].map((flag) => spelled(flag));
  const args = argumentsOf(before, command);
  return [...deeper, ...argumentCandidates(command, args, word, server)];
}

interface Server {
  readonly types: readonly ResourceType[];
  readonly typeNamed: (name: string) => ResourceType | null;
  readonly objects: (kind: ResourceType['kind']) => readonly string[];
}

const NO_SERVER: Server = { types: COMMON_TYPES, typeNamed: () => null, objects: () => [] };

function argumentCandidates(
  command: KubectlCommand,
  args: readonly string[],
  word: string,
  { types, typeNamed, objects }: Server,
): readonly string[] {
  const name = command.path[0] ?? '';
  const slash = word.indexOf('/');
  if (slash > 0) {
    const type = typeNamed(word.slice(0, slash));
    return type === null ? [] : objects(type.kind).map((each) => `${word.slice(0, slash)}/${each}`);
  }
  if (POD_FIRST.includes(name)) return args.length === 0 ? objects('Pod') : [];
  if (NODE_FIRST.includes(name)) return objects('Node');
  if (name === 'debug') return [...objects('Pod'), ...objects('Node').map((each) => `node/${each}`)];
  if (
    [
      'get',
      'describe',
      'delete',
      'label',
      'annotate',
      'scale',
      'expose',
      'patch',
      'wait',
      'rollout',
    ].includes(name)
  ) {
    const [first] = args;
    if (first === undefined) return types.map((type) => type.plural);
    const type = typeNamed(first);
    return type === null ? [] : objects(type.kind);
  }
  return [];
}

function argumentsOf(before: readonly string[], command: KubectlCommand): readonly string[] {
  const args: string[] = [];
  const flags = [...command.flags, ...GLOBAL_FLAGS];
  for (let at = 0; at < before.length; at++) {
    const word = before[at] ?? '';
    if (word.startsWith('-')) {
      const flag = flags.find((each) => `--${each.name}` === word || `-${each.shorthand ?? ''}` === word);
      if (flag !== undefined && flag.type.kind !== 'flag' && flag.type.kind !== 'optional') at++;
    } else args.push(word);
  }
  return args.slice(command.path.length);
}

function namespaceFlag(before: readonly string[]): string | null {
  const at = before.findIndex((word) => word === '-n' || word === '--namespace');
  return at < 0 ? null : (before[at + 1] ?? null);
}

function reader(cloud: Cloud, kubeconfig: string | null, namespace: string | null): Server {
  const config = kubeconfig === null ? null : parseKubeconfig(kubeconfig, '');
  const target = config?.ok === true ? resolveContext(config.value, null, cloud) : null;
  if (target?.ok !== true) return NO_SERVER;
  const state = cloud.kubernetes[target.value.cluster];
  if (state === undefined) return NO_SERVER;
  return {
    types: servedTypes(state),
    typeNamed: (name) => {
      const type = findType(name, state);
      return type.ok ? type.value : null;
    },
    objects: (kind) =>
      listObjects(state, typeOfKind(kind), namespace ?? target.value.namespace).map(
        (object) => object.metadata.name,
      ),
  };
}

function spelled(flag: Flag): string {
  return flag.type.kind === 'flag' ? `--${flag.name}` : `--${flag.name}=`;
}
