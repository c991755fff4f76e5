/** The answer of the firewall rule evaluator in sentences, for the terminal and the page. */
import type { FirewallVerdict, LostEntry, SourceSeen } from '../../model/firewall/evaluate.ts';
import { NO_SERVER_NAME } from '../../model/firewall/match.ts';
import type { Mismatch } from '../../model/firewall/match.ts';
import type { FirewallEntry } from '../../model/firewall/rules.ts';
import type { ShadowedEntry } from '../../model/firewall/shadowed.ts';
import { formatAddress } from '../../model/ip/address.ts';
import { portTexts } from '../../model/nsg/port-set.ts';
import type { AddedPlace, FirewallChange } from '../firewall-changes.ts';
import type { FirewallAnswer, FirewallResult } from '../firewall-evaluator.ts';

const KIND = { dnat: 'DNAT', network: 'network', application: 'application' } as const;

/** `application rule mcr of collection aks (priority 300, Allow)`, and the group and the policy if there are. */
export function entryText(entry: FirewallEntry): string {
  return `${KIND[entry.kind]} rule ${entry.origin.rule} of ${originText(entry)}`;
}

/** Collection, group and policy of an entry, each with what decides about its place. */
export function originText({ origin }: FirewallEntry): string {
  const { policy, group, collection } = origin;
  return [
    `collection ${collection.name} (priority ${collection.priority}, ${collection.action})`,
    ...(group === null ? [] : [`group ${group.name} (priority ${group.priority})`]),
    ...(policy === null ? [] : [`policy ${policy}`]),
  ].join(', ');
}

const DONE: Readonly<Record<FirewallVerdict['verdict'], string>> = {
  allow: 'Allowed',
  deny: 'Denied',
  undetermined: 'Undetermined',
};

export function accessWord(verdict: FirewallVerdict['verdict']): string {
  return DONE[verdict];
}

/** The answer in a sentence. */
export function verdictText({ results, access }: FirewallAnswer): string {
  const [only, second] = results;
  if (only === undefined) return 'Nothing is asked about.';
  if (second === undefined) return `${DONE[only.answer.verdict]}: ${decidedText(only.answer)}.`;
  if (access !== 'mixed') return `${DONE[access]}: all ${results.length}.`;
  const counts = (['allow', 'deny', 'undetermined'] as const).flatMap((verdict) => {
    const found = results.filter(({ answer }) => answer.verdict === verdict);
    if (found.length === 0) return [];
    const names = verdict === 'allow' ? '' : ` (${some(found.map(({ question }) => question.text))})`;
    return [`${found.length} ${DONE[verdict].toLowerCase()}${names}`];
  });
  return `Of ${results.length} destinations: ${counts.join(', ')}.`;
}

function some(texts: readonly string[]): string {
  return texts.length > 6 ? `${texts.slice(0, 6).join(', ')} and ${texts.length - 6} more` : texts.join(', ');
}

/** What decided, or why nothing did. */
export function decidedText({ verdict, decided, reasons }: FirewallVerdict): string {
  if (verdict === 'undetermined') {
    const after =
      typeof decided !== 'string'
        ? `; if nothing before it matches, ${entryText(decided)} decides`
        : decided === 'default'
          ? '; if not, it is denied, since no other rule matches'
          : '';
    return `${reasons.join(', and ')}${after}`;
  }
  if (typeof decided !== 'string') return entryText(decided);
  return ['no rule matches, and what no rule allows is denied', ...reasons].join('; ');
}

const SOURCES: Readonly<Record<SourceSeen, string>> = {
  unchanged: 'the client’s own address, as it was sent',
  public: 'a public address of the firewall',
  private: 'a private address of the firewall, in AzureFirewallSubnet',
  undetermined: 'undetermined: it depends on which rule lets it through',
};

/** The source that the destination sees; null where nothing arrives. */
export function sourceText({ source }: FirewallVerdict): string | null {
  return source === null ? null : SOURCES[source];
}

const SOURCE_WORDS: Readonly<Record<SourceSeen, string>> = {
  unchanged: 'the client',
  public: 'the firewall, public',
  private: 'the firewall, private',
  undetermined: 'undetermined',
};

/** The same in a cell. */
export function sourceWord({ source }: FirewallVerdict): string {
  return source === null ? 'nothing arrives' : SOURCE_WORDS[source];
}

/** Where a DNAT rule sends it; null without one. */
export function targetText({ translated }: FirewallVerdict): string | null {
  if (translated === null) return null;
  const { translatedAddress, translatedFqdn, translatedPort } = translated;
  const target = translatedAddress === null ? (translatedFqdn ?? '') : formatAddress(translatedAddress);
  return `${target}:${translatedPort}`;
}

/** Why an entry did not decide. */
export function lostText({ why }: LostEntry): string {
  return why.map(mismatchText).join('; ');
}

function mismatchText({ part, rule, packet }: Mismatch): string {
  if (part === 'dns') return packet;
  if (part === 'name' && packet === NO_SERVER_NAME)
    return `name ${shortened(rule)}, and the handshake has ${packet}`;
  if (rule === '') return part === 'name' ? 'names nothing' : `names no ${part}`;
  return `${part} ${shortened(rule)}, not ${packet}`;
}

/** Lists of dozens of names say no more than their beginning does. */
function shortened(text: string): string {
  const parts = text.split(', ');
  return parts.length > 6 ? `${parts.slice(0, 6).join(', ')} and ${parts.length - 6} more` : text;
}

export function shadowedText({ entry, by }: ShadowedEntry): string {
  if (by.length === 0) return `${entryText(entry)} matches nothing at all.`;
  const taken = by.length === 1 ? 'takes all of it' : 'together take all of it';
  return `${entryText(entry)}: ${by.map(entryText).join(' and ')}, asked before, ${taken}.`;
}

export function changeTitle({ wanted }: Pick<FirewallChange, 'wanted'>): string {
  return wanted === 'allow'
    ? 'The smallest change that lets it through'
    : 'The smallest change that stops it';
}

/** What to do, in a sentence. */
export function changeText(change: FirewallChange): string {
  switch (change.kind) {
    case 'none':
      return `None: ${change.why}`;
    case 'delete':
      return change.entry.kind === 'dnat'
        ? `Delete ${entryText(change.entry)}. A network rule that denies would not be asked any more.`
        : `Delete ${entryText(change.entry)}.`;
    case 'dns-proxy':
      return 'Turn the DNS proxy on, so that FQDNs in network rules match. Clients have to ask the firewall for names too.';
    case 'publish':
      return `Add a DNAT rule ${placeText(change.place)}. $TARGET stands for the private address that serves it.`;
    case 'add':
      return `Add ${change.added.type === 'network' ? 'a network' : 'an application'} rule ${placeText(change.place)}.`;
  }
}

function placeText({ policy, group, collection }: AddedPlace): string {
  const where = [
    `${collection.isNew ? 'in a new collection' : 'to collection'} ${collection.name} (priority ${collection.priority})`,
    ...(group === null
      ? []
      : [`${group.isNew ? 'in a new group' : 'in group'} ${group.name} (priority ${group.priority})`]),
    ...(policy === null ? [] : [`of policy ${policy}`]),
  ];
  return where.join(' ');
}

/** What an entry asks for, as cells of a table. */
export function entryCells(entry: FirewallEntry): {
  readonly type: string;
  readonly source: string;
  readonly destination: string;
  readonly ports: string;
} {
  const source = shortened(entry.source.texts.join(', '));
  switch (entry.kind) {
    case 'dnat':
      return {
        type: 'DNAT',
        source,
        destination: `${shortened(entry.destination.texts.join(', '))}, to ${targetOf(entry)}`,
        ports: `${entry.protocols.join(', ')} ${portTexts(entry.ports).join(', ')}`,
      };
    case 'network':
      return {
        type: 'network',
        source,
        destination: shortened([...entry.destination.texts, ...entry.fqdns].join(', ')),
        ports: `${entry.protocols.join(', ')} ${portTexts(entry.ports).join(', ')}`,
      };
    case 'application':
      return {
        type: 'application',
        source,
        destination: shortened(entry.names.texts.join(', ')),
        ports: entry.protocols.map((each) => `${each.protocolType}:${each.port}`).join(', '),
      };
  }
}

function targetOf(entry: Extract<FirewallEntry, { kind: 'dnat' }>): string {
  const target =
    entry.translatedAddress === null ? (entry.translatedFqdn ?? '') : formatAddress(entry.translatedAddress);
  return `${target}:${entry.translatedPort}`;
}

export interface EntryStatus {
  readonly standing: 'decides' | 'doubtful' | 'lost' | 'not-asked';
  readonly text: string;
}

/** What an entry does to the connection that is asked about. */
export function entryStatus({ answer, question }: FirewallResult, entry: FirewallEntry): EntryStatus {
  if (answer.decided === entry) {
    const isSure = answer.verdict !== 'undetermined';
    return { standing: 'decides', text: isSure ? 'Decides.' : 'Decides, unless one before it matches.' };
  }
  const doubt = answer.doubtful.find((each) => each.entry === entry);
  if (doubt !== undefined) return { standing: 'doubtful', text: `May match: ${doubt.doubts.join('; ')}.` };
  const lost = answer.lost.find((each) => each.entry === entry);
  if (lost !== undefined) return { standing: 'lost', text: `${capitalised(lostText(lost))}.` };
  if (question.packet.side === 'internet' && entry.kind !== 'dnat') {
    return { standing: 'not-asked', text: 'Not asked: it comes from the internet.' };
  }
  if (entry.kind === 'application' && question.packet.protocol !== 'TCP') {
    return { standing: 'not-asked', text: `Not asked: ${question.packet.protocol} asks for no name.` };
  }
  return { standing: 'not-asked', text: 'Not asked: a rule before it decides.' };
}

/** Application rules on the port that a network rule took from them: what people wonder about most. */
export function hiddenApplicationText(
  { answer, question }: FirewallResult,
  applications: readonly FirewallEntry[],
): string | null {
  if (typeof answer.decided === 'string' || answer.decided.kind !== 'network') return null;
  const { port } = question.packet;
  const count = applications.filter(
    (each) => each.kind === 'application' && each.protocols.some((one) => one.port === port),
  ).length;
  if (count === 0 || question.packet.protocol !== 'TCP') return null;
  const rules = count === 1 ? 'The application rule' : `The ${count} application rules`;
  return `${rules} for port ${port} ${count === 1 ? 'is' : 'are'} not asked: a network rule matches first, whatever their priorities.`;
}

/** How to say what is not known, for each doubt that keeps an answer open. */
export function doubtHints({ results }: FirewallAnswer): readonly string[] {
  const open = results.flatMap(({ answer }) => (answer.verdict === 'undetermined' ? answer.reasons : []));
  const hints: readonly (readonly [RegExp, string])[] = [
    [
      /which name the connection asks for/,
      '--protocol https with --host NAME, or NAME@ADDRESS in To, says what a connection asks for.',
    ],
    [/^whether .* resolves to/, 'NAME@ADDRESS in To says what a name resolves to.'],
    [/service tag/, '--tag NAME=PREFIX says what a service tag holds.'],
    [/IP group/, '--ip-group NAME=PREFIX says what an IP group holds.'],
  ];
  return hints.flatMap(([pattern, hint]) => (open.some((each) => pattern.test(each)) ? [hint] : []));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
