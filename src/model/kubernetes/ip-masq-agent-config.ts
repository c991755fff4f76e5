/**
 * What azure-ip-masq-agent reads: the map that AKS keeps, merged with the one an administrator may add.
 * Lists are united, booleans ORed (https://github.com/Azure/ip-masq-agent-v2).
 */
import { formatPrefix, parsePrefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { KubernetesState } from './objects.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';

export interface MasqueradeConfig {
  readonly nonMasquerade: readonly Prefix[];
  /** Whether packets to 169.254.0.0/16 are masqueraded too. */
  readonly linkLocal: 'masqueraded' | 'kept';
}

const FILES = [
  { map: 'kube-system/azure-ip-masq-agent-config-reconciled', key: 'ip-masq-agent-reconciled' },
  { map: 'kube-system/azure-ip-masq-agent-config', key: 'ip-masq-agent' },
] as const;

/** The agent refuses a longer list. */
const MOST_PREFIXES = 64;

/**
 * Returns the merged configuration of a cluster. AKS puts its own map back when it is missing, so what
 * it writes there, `reconciled`, always counts. The error says which map the agent cannot read, which
 * ends the agent.
 */
export function masqueradeConfig(
  state: KubernetesState,
  reconciled: readonly Prefix[],
): Result<MasqueradeConfig, string> {
  const prefixes = new Map<string, Prefix>(reconciled.map((each) => [formatPrefix(each), each]));
  let linkLocal: MasqueradeConfig['linkLocal'] =
    state.configMaps[FILES[0].map] === undefined ? 'masqueraded' : 'kept';
  for (const { map, key } of FILES) {
    const text = state.configMaps[map]?.data[key];
    if (text === undefined) continue;
    const file = readFile(text);
    if (!file.ok) return err(`ConfigMap ${map}: ${file.error}`);
    for (const each of file.value.nonMasquerade) prefixes.set(formatPrefix(each), each);
    if (file.value.linkLocal === 'masqueraded') linkLocal = 'masqueraded';
  }
  return ok({ nonMasquerade: [...prefixes.values()], linkLocal });
}

/** Reports whether the map that AKS keeps is there to be read. */
export function hasReconciledMap(state: KubernetesState): boolean {
  return state.configMaps[FILES[0].map] !== undefined;
}

/** Reads the few keys the agent knows, in the YAML that people write for it (or JSON); the rest is an error. */
function readFile(text: string): Result<MasqueradeConfig, string> {
  const nonMasquerade: Prefix[] = [];
  let linkLocal: MasqueradeConfig['linkLocal'] = 'kept';
  let inList = false;
  for (const [number, raw] of lines(text)) {
    const item = /^-\s+(.+)$/.exec(raw);
    if (item !== null && inList) {
      const added = addPrefix(nonMasquerade, item[1] ?? '');
      if (added !== null) return err(`line ${number}: ${added}`);
      continue;
    }
    const pair = /^"?(\w+)"?\s*:\s*(.*?),?$/.exec(raw);
    if (pair === null) return err(`line ${number} cannot be read: ${raw}`);
    const [, key = '', value = ''] = pair;
    inList = false;
    switch (key) {
      case 'nonMasqueradeCIDRs': {
        const inline = /^\[(.*)\]$/.exec(value);
        if (inline === null && value !== '') return err(`line ${number}: nonMasqueradeCIDRs is a list`);
        inList = inline === null;
        for (const each of (inline?.[1] ?? '').split(',').filter((part) => part.trim() !== '')) {
          const added = addPrefix(nonMasquerade, each);
          if (added !== null) return err(`line ${number}: ${added}`);
        }
        break;
      }
      case 'masqLinkLocal':
        if (value !== 'true' && value !== 'false')
          return err(`line ${number}: masqLinkLocal is true or false`);
        linkLocal = value === 'true' ? 'masqueraded' : 'kept';
        break;
      case 'masqLinkLocalIPv6':
      case 'resyncInterval':
        break;
      default:
        return err(`line ${number}: ${key} is no key of the agent`);
    }
  }
  if (nonMasquerade.length > MOST_PREFIXES) {
    return err(`it lists ${nonMasquerade.length} ranges, and the agent takes ${MOST_PREFIXES}`);
  }
  return ok({ nonMasquerade, linkLocal });
}

function addPrefix(list: Prefix[], text: string): string | null {
  const parsed = parsePrefix(text.trim().replace(/^["']|["']$/g, ''));
  if (!parsed.ok) return `${text.trim()} ${parsed.error.reason}`;
  list.push(parsed.value);
  return null;
}

/** Lines with content, by number; a JSON object's braces count as none. */
function lines(text: string): readonly (readonly [number, string])[] {
  const flat = /^\s*\{/.test(text)
    ? text.replace(/^\s*\{|\}\s*$/g, '').replace(/,\s*(?="?\w+"?\s*:)/g, '\n')
    : text;
  return flat
    .split('\n')
    .map((line, at) => [at + 1, line.replace(/(^|\s)#.*$/, '').trim()] as const)
    .filter(([, line]) => line !== '' && line !== '---');
}
