/** Which command the words name: one of ours, a group, a real one we leave out, or a typing error. */
import { closeMatches } from './close-matches.ts';
import type { AzCommand } from './command.ts';
import realCommands from './real-commands.json' with { type: 'json' };

export type CommandMatch =
  | { readonly kind: 'command'; readonly command: AzCommand; readonly rest: readonly string[] }
  | { readonly kind: 'group'; readonly path: readonly string[]; readonly rest: readonly string[] }
  /** Real azure-cli has it, the workbook does not. */
  | { readonly kind: 'not-simulated'; readonly name: string }
  | { readonly kind: 'unknown'; readonly word: string; readonly suggestion: string | null };

/** Groups of extensions and of versions later than the recorded one. */
const LATER_GROUPS: readonly string[] = [
  'account subscription *',
  'account tenant *',
  'aks addon *',
  'aks agent',
  'aks app *',
  'aks applicationloadbalancer *',
  'aks approuting *',
  'aks bastion *',
  'aks check-network *',
  'aks draft *',
  'aks extension *',
  'aks identity-binding *',
  'aks jwtauthenticator *',
  'aks kanalyze',
  'aks kollect',
  'aks loadbalancer *',
  'aks machine *',
  'aks maintenanceconfiguration *',
  'aks mesh *',
  'aks namespace *',
  'aks nodepool delete-machines',
  'aks nodepool manual-scale *',
  'aks operation show',
  'aks pod-identity *',
  'aks safeguards *',
  'aks trustedaccess *',
  'k8s-configuration *',
  'k8s-extension *',
  'network bastion *',
  'network firewall packet-capture-operation',
  'network firewall policy deploy',
  'network firewall policy draft *',
  'network firewall policy intrusion-detection *',
  'network firewall policy rule-collection-group draft *',
  'network manager *',
  'network private-dns *',
  'network vnet ddos-protection *',
  'network vnet virtual-network-tap *',
  'network vhub *',
  'network vwan *',
  'connectedk8s *',
  'containerapp *',
  'dns-resolver *',
  'fleet *',
  'grafana *',
  'graph *',
  'quota *',
  'serial-console *',
  'ssh arc',
  'ssh cert',
  'ssh config',
  'stack *',
];

const REAL: ReadonlySet<string> = new Set([...realCommands.commands, ...LATER_GROUPS]);

/** Between the words of a path: no word of a command line can hold it. */
const BETWEEN = '\0';

const trees = new WeakMap<readonly AzCommand[], ReadonlyMap<string, readonly AzCommand[]>>();

/** Returns the commands below each path, and those at it. */
function treeOf(commands: readonly AzCommand[]): ReadonlyMap<string, readonly AzCommand[]> {
  const known = trees.get(commands);
  if (known !== undefined) return known;
  const tree = new Map<string, AzCommand[]>();
  for (const command of commands) {
    for (let length = 1; length <= command.path.length; length += 1) {
      const path = command.path.slice(0, length).join(BETWEEN);
      const below = tree.get(path);
      if (below === undefined) tree.set(path, [command]);
      else below.push(command);
    }
  }
  trees.set(commands, tree);
  return tree;
}

/** Follows the words that are not options down the tree of commands. */
export function findCommand(words: readonly string[], commands: readonly AzCommand[]): CommandMatch {
  const tree = treeOf(commands);
  const path: string[] = [];
  let candidates = commands;
  for (const word of words) {
    if (word.startsWith('-')) break;
    const wanted = word.toLowerCase();
    const next = tree.get([...path, wanted].join(BETWEEN));
    if (next === undefined) return notOurs(words, path, wanted, word, candidates);
    path.push(wanted);
    candidates = next;
    const [only] = next;
    if (only !== undefined && next.length === 1 && only.path.length === path.length) {
      return { kind: 'command', command: only, rest: words.slice(path.length) };
    }
  }
  return { kind: 'group', path, rest: words.slice(path.length) };
}

function notOurs(
  words: readonly string[],
  path: readonly string[],
  wanted: string,
  word: string,
  candidates: readonly AzCommand[],
): CommandMatch {
  const real = longestRealName([...path, ...words.slice(path.length)]);
  if (real !== null && real.split(' ').length > path.length) return { kind: 'not-simulated', name: real };
  const siblings = new Set(candidates.map((one) => one.path[path.length] ?? ''));
  for (const name of REAL) {
    const parts = name.split(' ');
    if (path.every((part, index) => parts[index] === part)) siblings.add(parts[path.length] ?? '');
  }
  siblings.delete('*');
  // A group that is not ours: what is wrong is the word behind it.
  const behind = words[path.length + 1];
  if (siblings.has(wanted) && behind !== undefined && !behind.startsWith('-')) {
    return notOurs(words, [...path, wanted], behind.toLowerCase(), behind, []);
  }
  const [suggestion] = closeMatches(wanted, siblings, 0.7);
  return { kind: 'unknown', word, suggestion: suggestion ?? null };
}

/** The real command or group that the words begin with, as far as it is real; null if the first word is not. */
function longestRealName(words: readonly string[]): string | null {
  const plain: string[] = [];
  for (const word of words) {
    if (word.startsWith('-')) break;
    plain.push(word.toLowerCase());
  }
  for (let length = plain.length; length > 0; length--) {
    const name = plain.slice(0, length).join(' ');
    if (REAL.has(name)) return name;
    if (REAL.has(`${name} *`)) return plain.join(' ');
  }
  const whole = plain.join(' ');
  const isGroup = whole !== '' && [...REAL].some((name) => name.startsWith(`${whole} `));
  return isGroup ? whole : null;
}

/** Returns the direct subgroups and commands under a path, each once, in alphabetical order. */
export function childrenOf(
  path: readonly string[],
  commands: readonly AzCommand[],
): { readonly groups: readonly string[]; readonly commands: readonly AzCommand[] } {
  const under = commands.filter((one) => path.every((part, index) => one.path[index] === part));
  const own = under.filter((one) => one.path.length === path.length + 1);
  const groups = new Set(
    under.filter((one) => one.path.length > path.length + 1).map((one) => one.path[path.length] ?? ''),
  );
  const last = (one: AzCommand): string => one.path.at(-1) ?? '';
  return {
    groups: [...groups].sort(),
    commands: own.toSorted((a, b) => (last(a) < last(b) ? -1 : 1)),
  };
}
