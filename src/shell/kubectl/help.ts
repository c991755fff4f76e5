import type { Flag, KubectlCommand } from './command.ts';

/** `kubectl COMMAND --help`. */
export function commandHelp(command: KubectlCommand): string {
  const lines = [command.summary];
  if (command.details !== undefined) lines.push('', ` ${command.details}`);
  if (command.examples.length > 0) {
    lines.push('', 'Examples:');
    for (const [at, example] of command.examples.entries()) {
      if (at > 0) lines.push('');
      lines.push(`  # ${example.does}`, `  ${example.line}`);
    }
  }
  const flags = command.flags.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (flags.length > 0) lines.push('', 'Options:', flags.map(flagHelp).join('\n\n'));
  lines.push(
    '',
    'Usage:',
    `  kubectl ${command.path.join(' ')} ${command.usage}`,
    '',
    'Use "kubectl options" for a list of global command-line options (applies to all commands).',
  );
  return `${lines.join('\n')}\n`;
}

export function flagHelp(flag: Flag): string {
  const short = flag.shorthand === undefined ? '    ' : `-${flag.shorthand}, `;
  const note = flag.notSimulated === undefined ? '' : ` (not simulated: ${flag.notSimulated})`;
  return `    ${short}--${flag.name}=${shownDefault(flag)}:\n\t${flag.help}${note}`;
}

function shownDefault(flag: Flag): string {
  if (flag.shown !== undefined) return flag.shown;
  switch (flag.type.kind) {
    case 'flag':
      return 'false';
    case 'integer':
      return '0';
    case 'list':
      return '[]';
    case 'string':
      return "''";
    case 'optional':
      return `'${flag.type.absent}'`;
  }
}

const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['Basic Commands (Beginner):', ['create', 'expose', 'run', 'set']],
  ['Basic Commands (Intermediate):', ['get', 'delete']],
  ['Deploy Commands:', ['rollout', 'scale']],
  ['Cluster Management Commands:', ['cluster-info', 'cordon', 'uncordon', 'drain']],
  ['Troubleshooting and Debugging Commands:', ['describe', 'logs', 'exec', 'cp', 'debug', 'events']],
  ['Advanced Commands:', ['apply', 'patch', 'replace', 'wait']],
  ['Settings Commands:', ['label', 'annotate']],
];

/** `kubectl` and `kubectl --help`. */
export function programHelp(commands: readonly KubectlCommand[]): string {
  const summaries = new Map<string, string>();
  for (const command of commands) {
    const name = command.path[0] ?? '';
    if (!summaries.has(name))
      summaries.set(
        name,
        command.path.length > 1 ? (GROUP_SUMMARIES[name] ?? command.summary) : command.summary,
      );
  }
  const listed = new Set<string>();
  const lines = ['kubectl controls the Kubernetes cluster manager.', ''];
  const entry = (name: string) => `  ${name.padEnd(15)} ${summaries.get(name) ?? ''}`;
  for (const [title, names] of GROUPS) {
    const known = names.filter((name) => summaries.has(name));
    for (const name of known) listed.add(name);
    if (known.length > 0) lines.push(title, ...known.map(entry), '');
  }
  const others = [...summaries.keys()].filter((name) => !listed.has(name)).sort();
  lines.push(
    'Other Commands:',
    ...others.map(entry),
    '',
    'Usage:',
    '  kubectl [flags] [options]',
    '',
    'Use "kubectl <command> --help" for more information about a given command.',
    'Use "kubectl options" for a list of global command-line options (applies to all commands).',
  );
  return `${lines.join('\n')}\n`;
}

export const GROUP_SUMMARIES: Readonly<Record<string, string>> = {
  create: 'Create a resource from a file or from stdin',
  config: 'Modify kubeconfig files',
  rollout: 'Manage the rollout of a resource',
  set: 'Set specific features on objects',
};

/** `kubectl create --help` and the like: the commands of a group. */
export function groupHelp(group: string, commands: readonly KubectlCommand[]): string {
  const lines = [`${GROUP_SUMMARIES[group] ?? group}.`, '', 'Available Commands:'];
  for (const command of commands.filter((each) => each.path[0] === group && each.path.length > 1)) {
    lines.push(`  ${command.path.slice(1).join(' ').padEnd(18)} ${command.summary}`);
  }
  lines.push('', 'Usage:', `  kubectl ${group} [flags] [options]`, '');
  lines.push(`Use "kubectl ${group} <command> --help" for more information about a given command.`);
  lines.push('Use "kubectl options" for a list of global command-line options (applies to all commands).');
  return `${lines.join('\n')}\n`;
}
