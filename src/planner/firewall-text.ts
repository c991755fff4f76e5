/**
 * Firewalls as people have them: the JSON of azure-cli or of ARM, or rules in one word each, put together
 * from several texts.
 */
import type { HeldAddresses } from '../model/azure/datacenter-addresses.ts';
import type {
  FirewallApplicationRuleCollection,
  FirewallNatRuleCollection,
  FirewallNetworkRuleCollection,
  PolicyRuleCollection,
} from '../model/azure/firewall-resources.ts';
import type { PolicyOfRules } from '../model/firewall/rules-of.ts';
import { firewallsInJson } from './firewall-json.ts';
import { firewallWords } from './firewall-words.ts';
import type { TextProblem } from './nsg-text.ts';
import { isWords } from './nsg-text.ts';

export type ClassicCollection =
  | { readonly type: 'dnat'; readonly collection: FirewallNatRuleCollection }
  | { readonly type: 'network'; readonly collection: FirewallNetworkRuleCollection }
  | { readonly type: 'application'; readonly collection: FirewallApplicationRuleCollection };

export interface TextGroup {
  /** Null where the text does not say. */
  readonly policy: string | null;
  readonly resourceGroup: string | null;
  readonly name: string;
  readonly priority: number;
  readonly collections: readonly PolicyRuleCollection[];
  readonly line: number;
}

export interface TextPolicy extends Omit<PolicyOfRules, 'ruleCollectionGroups'> {
  readonly resourceGroup: string | null;
  /** Name of the parent. */
  readonly base: string | null;
  /** Names of the groups that it says it has; their rules come with the groups. */
  readonly groups: readonly string[];
  readonly line: number;
}

export interface TextFirewall {
  readonly name: string;
  readonly resourceGroup: string | null;
  /** Name of its policy. */
  readonly policy: string | null;
  readonly threatIntelMode: 'Off' | 'Alert' | 'Deny' | null;
  readonly additionalProperties: Readonly<Record<string, string>>;
  readonly collections: readonly ClassicCollection[];
  readonly line: number;
}

/** What one text holds, thing by thing. */
export interface FirewallParts {
  readonly firewalls: readonly TextFirewall[];
  readonly policies: readonly TextPolicy[];
  readonly groups: readonly TextGroup[];
  /** Collections of a firewall without the firewall around them. */
  readonly collections: readonly ClassicCollection[];
  /** Collections of a policy without their group. */
  readonly policyCollections: readonly PolicyRuleCollection[];
  readonly ipGroups: ReadonlyMap<string, readonly string[]>;
  /** Datacenter addresses by region. */
  readonly held: HeldAddresses;
  readonly problems: readonly TextProblem[];
  /** What is real, read, and not simulated. */
  readonly remarks: readonly string[];
}

export const NO_FIREWALL_TEXT: TextProblem = {
  line: null,
  message: 'there are no firewall rules.',
  instead:
    "--file firewall.json with the output of 'az network firewall show -o json', or --rules app:web:300:Allow:any:https=443:mcr.microsoft.com",
};

/** Longer than any firewall that somebody looks at, and short enough to be read while typing. */
const LONGEST_TEXT = 4_000_000;

/** Reads texts one after the other; parts of one policy may come from several. */
export function readFirewallTexts(texts: readonly string[]): FirewallParts {
  const read = joinedWords(texts).map((text): FirewallParts => {
    if (text.trim() === '') return noParts();
    if (text.length > LONGEST_TEXT) {
      const message = `has ${text.length.toLocaleString('en')} characters, and ${LONGEST_TEXT.toLocaleString('en')} are read.`;
      return { ...noParts(), problems: [{ line: null, message, instead: null }] };
    }
    return isWords(text) ? firewallWords(text) : firewallsInJson(text);
  });
  const all = <T>(of: (parts: FirewallParts) => readonly T[]): readonly T[] => read.flatMap(of);
  const parts: FirewallParts = {
    firewalls: all((each) => each.firewalls),
    policies: all((each) => each.policies),
    groups: all((each) => each.groups),
    collections: all((each) => each.collections),
    policyCollections: all((each) => each.policyCollections),
    ipGroups: new Map(read.flatMap((each) => [...each.ipGroups])),
    held: new Map(read.flatMap((each) => [...each.held])),
    problems: all((each) => each.problems),
    remarks: [...new Set(all((each) => each.remarks))],
  };
  const isEmpty =
    parts.firewalls.length +
      parts.policies.length +
      parts.groups.length +
      parts.collections.length +
      parts.policyCollections.length ===
    0;
  return isEmpty && parts.problems.length === 0 ? { ...parts, problems: [NO_FIREWALL_TEXT] } : parts;
}

/** A command line gives each word alone, and the words of one collection belong together. */
function joinedWords(texts: readonly string[]): readonly string[] {
  const words = texts.filter(isWords);
  return words.length < 2 ? texts : [...texts.filter((each) => !isWords(each)), words.join('\n')];
}

export function noParts(): FirewallParts {
  return {
    firewalls: [],
    policies: [],
    groups: [],
    collections: [],
    policyCollections: [],
    ipGroups: new Map(),
    held: new Map(),
    problems: [],
    remarks: [],
  };
}
