/** What a firewall says to connections: who decides, what lost, what never decides, what would change it. */
import { evaluateFirewall } from '../model/firewall/evaluate.ts';
import type { FirewallPacket, FirewallVerdict } from '../model/firewall/evaluate.ts';
import { readConfiguration } from '../model/firewall/rules-of.ts';
import type { ClassicFirewall, PolicyOfRules } from '../model/firewall/rules-of.ts';
import type { FirewallConfiguration } from '../model/firewall/rules.ts';
import { shadowedEntries } from '../model/firewall/shadowed.ts';
import type { ShadowedEntry } from '../model/firewall/shadowed.ts';
import type { FirewallNames } from '../model/firewall/sides.ts';
import { changeFor } from './firewall-changes.ts';
import type { FirewallChange } from './firewall-changes.ts';

/** A firewall with a name, and groups of resources for the commands that change it. */
export interface GivenFirewall {
  /** Of the firewall itself; null where only a policy was given. */
  readonly name: string | null;
  readonly resourceGroup: string | null;
  readonly classic: ClassicFirewall | null;
  /** The outermost parent first; empty for rules in the firewall itself. */
  readonly policies: readonly (PolicyOfRules & { readonly resourceGroup: string | null })[];
  readonly names: FirewallNames;
}

export function configurationOf({ classic, policies, names }: GivenFirewall): FirewallConfiguration {
  return readConfiguration(classic, policies, names);
}

/** One destination that is asked about. */
export interface FirewallQuestion {
  /** As it was written. */
  readonly text: string;
  readonly packet: FirewallPacket;
  /** Name without an address, or the address. */
  readonly name: string | null;
}

export interface FirewallResult {
  readonly question: FirewallQuestion;
  readonly answer: FirewallVerdict;
  readonly change: FirewallChange;
}

export interface FirewallAnswer {
  readonly firewall: GivenFirewall;
  readonly configuration: FirewallConfiguration;
  readonly results: readonly FirewallResult[];
  /** `mixed`: not all of them end in the same way. */
  readonly access: FirewallVerdict['verdict'] | 'mixed';
  readonly shadowed: readonly ShadowedEntry[];
}

export function askFirewall(firewall: GivenFirewall, questions: readonly FirewallQuestion[]): FirewallAnswer {
  const configuration = configurationOf(firewall);
  const results = questions.map((question): FirewallResult => {
    const answer = evaluateFirewall(configuration.rules, question.packet);
    return { question, answer, change: changeFor(firewall, configuration.rules, question, answer) };
  });
  const verdicts = [...new Set(results.map(({ answer }) => answer.verdict))];
  return {
    firewall,
    configuration,
    results,
    access: verdicts.length === 1 ? (verdicts[0] ?? 'mixed') : 'mixed',
    shadowed: shadowedEntries(configuration.rules),
  };
}
