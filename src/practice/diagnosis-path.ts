/**
 * The way to a diagnosis, read off what ran in the terminal: what was looked at, what was changed, in which order.
 * A look goes by the words of a command, as a colleague at one's shoulder takes it; a change is what the model says
 * was changed. Pure.
 */
import type { Look } from '../lab/incident.ts';
import type { LogEntry } from '../progress/lab-progress.ts';

export interface ChangeInLog {
  /** Which entry of the log made it. */
  readonly entry: number;
  readonly command: string;
  readonly broke: readonly string[];
  readonly effect: 'new' | 'taken-back';
}

export type Step =
  | { readonly kind: 'look'; readonly look: Look; readonly command: string; readonly entry: number }
  | ({ readonly kind: 'change' } & ChangeInLog);

const TRY = /\b(curl|wget|ping|nc|nslookup|dig|getent|traceroute|tracepath|openssl\s+s_client)\b/;

/** Words of the shell, and variables that are set, also to what a command prints. */
const BEFORE_COMMAND =
  /^(?:(?:do|then|else|if|elif|while|until|sudo|time|timeout\s+\S+|!|[({])\s+|[({]|[A-Za-z_]\w*\(\)\s*\{\s*|[A-Za-z_]\w*=["']?\$\(\s*|[A-Za-z_]\w*=(?!["']?\$\()\S*\s+)+/;

/** Options between `get` and what it gets. */
const GET = String.raw`get\s+(?:(?:-A|--all-namespaces|--\S+=\S+|-\S+\s+\S+)\s+)*`;
const GET_WORDS = new RegExp(
  String.raw`^kubectl\s+(?:-\S+\s+\S+\s+)*${GET}(event|events|ev|service|services|svc)\b`,
);

/** What kind of evidence a command asks for, by its words; null if for none. */
export function lookOf(command: string): Look | null {
  const words = command.trim().replace(BEFORE_COMMAND, '');
  // What is only printed is what was asked in between: echo "$A $(netpath ...)".
  if (/^(echo|printf)\s/.test(words)) {
    const asked = words.split('$(').slice(1).map(lookOf);
    return asked.find((look) => look !== null) ?? null;
  }
  if (/^az\s+aks\s+(nodepool\s+)?upgrade\b/.test(words)) return 'words';
  if (isChangeByWords(words)) return null;
  if (/^netpath\b/.test(words)) return 'path';
  if (
    /^kubectl\s+(?:-\S+\s+\S+\s+)*(exec|run|debug)\b/.test(words) ||
    /^(ssh|az\s+(vm|vmss)\s+run-command)\b/.test(words)
  ) {
    return TRY.test(words) ? 'try' : 'inside';
  }
  if (
    /^az\s+network\s+(nic\s+show-effective-route-table|route-table|vnet\s+peering|watcher\s+show-next-hop)\b/.test(
      words,
    )
  )
    return 'routes';
  if (/^az\s+network\s+vnet\s+subnet\b/.test(words)) return 'settings';
  if (
    /^az\s+network\s+(nic\s+list-effective-nsg|nsg|firewall|watcher\s+(test-ip-flow|run-configuration-diagnostic))\b/.test(
      words,
    )
  )
    return 'rules';
  if (/^az\s+network\s+lb\b/.test(words)) return 'balancer';
  if (/^az\s+monitor\b/.test(words)) return 'metrics';
  if (/^kubectl\s+(?:-\S+\s+\S+\s+)*(describe|logs|events)\b/.test(words)) return 'words';
  if (GET_WORDS.test(words)) return 'words';
  if (/^kubectl\s+(?:-\S+\s+\S+\s+)*get\b/.test(words)) return 'settings';
  // Everybody fetches them first, and they say nothing of the network.
  if (/^az\s+aks\s+get-credentials\b/.test(words)) return null;
  if (/^az\s+\S.*?\s(show|list|list-\S+|get-\S+)(\s|$)/.test(words)) return 'settings';
  if (TRY.test(words.split(/\s/)[0] ?? '')) return 'try';
  if (/^ip\s+route\b/.test(words)) return 'routes';
  if (/^iptables\b/.test(words)) return 'rules';
  return /^(ip|arp|sysctl|env|journalctl|systemctl\s+(status|cat))\b/.test(words) ? 'inside' : null;
}

/** The commands of a line or a script, without comments; what is quoted stays together. */
export function commandsIn(text: string): readonly string[] {
  const commands: string[] = [];
  let current = '';
  let quote: string | null = null;
  const source = text.replaceAll(/\\\n/g, ' ');
  for (let at = 0; at < source.length; at++) {
    const character = source.charAt(at);
    if (quote !== null) {
      if (character === quote) quote = null;
      current += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      current += character;
    } else if (character === '#' && /(^|\s)$/.test(current)) {
      while (at + 1 < source.length && source.charAt(at + 1) !== '\n') at++;
    } else if (character === '\n' || character === ';' || character === '|' || character === '&') {
      commands.push(current);
      current = '';
    } else current += character;
  }
  return [...commands, current].map((command) => command.trim()).filter((command) => command !== '');
}

/**
 * The path of a log. In an entry that changed something, looks after its first change come after it: what they
 * showed was partly one's own. Where no word of the entry tells which command made the change, the change comes first.
 */
export function diagnosisPath(log: readonly LogEntry[], changes: readonly ChangeInLog[]): readonly Step[] {
  return log.flatMap(({ kind, text }, entry): readonly Step[] => {
    // A script that was only saved has done nothing.
    if (kind === 'save') return [];
    const made = changes
      .filter((each) => each.entry === entry)
      .map((each): Step => ({ kind: 'change', ...each }));
    const commands = commandsIn(text);
    const looks = (some: readonly string[]): readonly Step[] =>
      some.flatMap((command): readonly Step[] => {
        const look = lookOf(command);
        return look === null ? [] : [{ kind: 'look', look, command, entry }];
      });
    if (made.length === 0) return looks(commands);
    const first = commands.findIndex(isChangeByWords);
    const before = first === -1 ? 0 : first;
    return [...looks(commands.slice(0, before)), ...made, ...looks(commands.slice(before))];
  });
}

const AZ_CHANGE =
  /\s(add|approve|attach|create|delete|detach|reject|remove|reset|scale|set|start|stop|sync|update|upgrade)(\s|$)/;
const KUBECTL_CHANGE =
  /^kubectl\s+(?:-\S+\s+\S+\s+)*(annotate|apply|cordon|create|delete|drain|edit|expose|label|patch|replace|scale|set|taint|uncordon|rollout\s+restart)(\s|$)/;

function isChangeByWords(command: string): boolean {
  // Options come after the verb, and their values may be verbs: --name update.
  if (/^az\s/.test(command)) return AZ_CHANGE.test(command.split(/\s-/)[0] ?? '');
  return KUBECTL_CHANGE.test(command);
}
