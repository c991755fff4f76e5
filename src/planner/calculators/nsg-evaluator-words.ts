/** The answer of the NSG evaluator in sentences, for the terminal and the page. */
import type { GroupVerdict, LostRule, Mismatch, Verdict } from '../../model/nsg/evaluate.ts';
import type { NsgRule } from '../../model/nsg/rule-traffic.ts';
import {
  destinationPortTexts,
  destinationTexts,
  sourcePortTexts,
  sourceTexts,
} from '../../model/nsg/rule-traffic.ts';
import { allDestinations, allSources } from '../../model/nsg/evaluate.ts';
import { isManagedByAks } from '../nsg-evaluator.ts';
import type {
  AnswerPart,
  ChangeAnswer,
  ChangeStep,
  Group,
  NsgAnswer,
  ShadowedInGroup,
} from '../nsg-evaluator.ts';
import { intervalsOf, trafficTexts } from '../nsg-intervals.ts';
import type { AddressWords, Dimension, Interval } from '../nsg-intervals.ts';
import { shellWord, shellWordOr } from '../shell-word.ts';

export function ruleText(rule: Pick<NsgRule, 'name' | 'priority'>): string {
  return `${rule.name} (priority ${rule.priority})`;
}

/** A group that is called after its place needs no second word for it. */
export function groupText(group: Pick<Group, 'name' | 'place'>): string {
  const isNamed = group.name.toLowerCase() !== group.place;
  return isNamed ? `${group.name} on the ${placeText(group)}` : `the group on the ${placeText(group)}`;
}

/** Where several groups have to change, another change of the first one is only a part too. */
export function othersTitle({ steps, others }: ChangeAnswer): string {
  const [other] = others;
  return steps.length > 1 && other !== undefined
    ? `Instead of the change in ${other.group.name === other.group.place ? groupText(other.group) : other.group.name}`
    : 'Other single changes';
}

export function placeText({ place }: Pick<Group, 'place'>): string {
  return place === 'nic' ? 'NIC' : 'subnet';
}

const DONE: Readonly<Record<Verdict, string>> = {
  Allow: 'Allowed',
  Deny: 'Denied',
  undetermined: 'Undetermined',
};

export function accessWord(access: Verdict): string {
  return DONE[access];
}

/** The answer in a sentence. */
export function verdictText(answer: NsgAnswer): string {
  const [first, second] = answer.parts;
  if (first === undefined) return 'Nothing is asked about.';
  if (second === undefined) return `${DONE[first.access]}: ${decidedText(first)}.`;
  const found = intervalsOf(answer.parts);
  if (answer.access !== 'mixed') return `${DONE[answer.access]}, by ${answer.parts.length} different rules.`;
  const counts = (['Allow', 'Deny', 'undetermined'] as const).flatMap((access) => {
    const parts = answer.parts.filter((part) => part.access === access);
    if (parts.length === 0) return [];
    const where = found === null ? '' : rangesText(found.dimension, found.intervals, access);
    return [
      where === ''
        ? `${accessWord(access).toLowerCase()} in ${parts.length} of ${answer.parts.length} parts`
        : `${accessWord(access).toLowerCase()} ${where}`,
    ];
  });
  const some = answer.parts.some(({ access }) => access === 'Allow') ? 'allowed' : 'denied';
  return `Partly ${some}: ${counts.join('; ')}.`;
}

const MOST_RANGES = 6;

function rangesText(dimension: Dimension, intervals: readonly Interval[], access: Verdict): string {
  const texts = joinedRanges(intervals.filter(({ part }) => part.access === access));
  const shown = texts.slice(0, MOST_RANGES);
  const rest = texts.length > shown.length ? ` and ${texts.length - shown.length} more` : '';
  const isOne = texts.length === 1 && !texts[0]?.includes('-');
  const preposition = isOne ? PREPOSITION[dimension].replace(/ports$/, 'port') : PREPOSITION[dimension];
  return `${preposition} ${shown.join(', ')}${rest}`;
}

const PREPOSITION: Readonly<Record<Dimension, string>> = {
  'destination port': 'on ports',
  'source port': 'from ports',
  destination: 'to',
  source: 'from',
  protocol: 'for',
};

function joinedRanges(intervals: readonly Interval[]): readonly string[] {
  const ranges: { from: string; to: string }[] = [];
  for (const { from, to } of intervals) {
    const last = ranges.at(-1);
    if (last !== undefined && /^\d+$/.test(from) && Number(last.to) + 1 === Number(from)) last.to = to;
    else ranges.push({ from, to });
  }
  return ranges.map(rangeText);
}

export function rangeText({ from, to }: { readonly from: string; readonly to: string }): string {
  return from === to ? from : `${from}-${to}`;
}

/** Which rules decided, group by group. */
export function decidedText({ access, by }: AnswerPart): string {
  if (by.length === 0) return 'no group is asked';
  const said = by.map(({ group, part }) => {
    const where = groupText(group);
    if (part.access === 'undetermined') return doubtText(part, where);
    if (part.rule === null) return `rules of ${where} leave packets to Azure's platform alone`;
    return `${ruleText(part.rule)} of ${where}`;
  });
  if (access === 'Deny') return said.at(-1) ?? '';
  const unsure = by.findIndex(({ part }) => part.access === 'undetermined');
  return access === 'undetermined' ? (said[unsure] ?? '') : said.join(', then ');
}

function doubtText(part: Pick<GroupVerdict, 'rule' | 'doubtful'>, where: string): string {
  if (part.doubtful.length === 0) return `no rule of ${where} matches`;
  const [first] = part.doubtful;
  if (first === undefined) return where;
  const after = part.rule === null ? '' : `; if it does not, ${ruleText(part.rule)} decides`;
  return `whether ${ruleText(first.rule)} of ${where} matches depends on ${first.doubts.join(' and ')}${after}`;
}

/** Why an earlier rule did not decide. */
export function lostText({ why }: LostRule): string {
  return why.map(mismatchText).join('; ');
}

function mismatchText({ part, rule, packet }: Mismatch): string {
  switch (part) {
    case 'platform':
      return `packets to ${packet} meet only rules that name an AzurePlatform tag`;
    case 'source port':
    case 'destination port':
      return packet === 'none'
        ? `asks for ${part} ${rule}, and the packet has no ports`
        : `${part} ${rule}, not ${packet}`;
    case 'protocol':
    case 'source':
    case 'destination':
      return `${part} ${rule}, not ${packet}`;
  }
}

export function shadowedText({ rule, coveredBy, group }: ShadowedInGroup): string {
  const name = `${ruleText(rule)} of ${ownName(group)}`;
  if (coveredBy.length === 0) return `${name} matches no packet at all.`;
  const opposite = coveredBy.some(({ access }) => access !== rule.access);
  const what = opposite
    ? coveredBy.every(({ access }) => access !== rule.access)
      ? `they say ${coveredBy[0]?.access ?? ''}, it says ${rule.access}`
      : `not all of them say ${rule.access}`
    : `${coveredBy.length === 1 ? 'it says' : 'they say'} ${rule.access} too`;
  const taken = coveredBy.length === 1 ? 'takes all of it' : 'together take all of it';
  const said = coveredBy.length === 1 ? what.replace(/^they say (\w+), it says/, 'it says $1, not') : what;
  return `${name}: ${coveredBy.map(ruleText).join(' and ')} ${taken}; ${said}.`;
}

function ownName(group: Group): string {
  return group.name.toLowerCase() === group.place ? groupText(group) : group.name;
}

/** What to do, in a sentence. */
export function stepText({ change, group }: ChangeStep): string {
  const { rule } = change;
  switch (change.kind) {
    case 'priority':
      return `In ${ownName(group)}, give ${rule.name} priority ${change.priority} instead of ${rule.priority}`;
    case 'delete':
      return `In ${ownName(group)}, delete ${ruleText(rule)}`;
    case 'access':
      return `In ${ownName(group)}, let ${ruleText(rule)} say ${change.access} instead of ${rule.access}`;
    case 'add':
      return `In ${ownName(group)}, ${roomText(change.moved)}add a rule with priority ${rule.priority}: ${rule.access} ${rule.protocol === '*' ? 'any protocol' : rule.protocol} from ${anywhere(sourceTexts(rule))}${portSuffix(sourcePortTexts(rule))} to ${anywhere(destinationTexts(rule))}${portSuffix(destinationPortTexts(rule))}`;
  }
}

function roomText(moved: readonly { readonly rule: NsgRule; readonly priority: number }[]): string {
  if (moved.length === 0) return '';
  const moves = moved.map(({ rule, priority }) => `${rule.name} from ${rule.priority} to ${priority}`);
  return `move ${moves.join(', ')} to make room, and `;
}

function anywhere(texts: readonly string[]): string {
  return texts.map((text) => (text === '*' ? 'anywhere' : text)).join(', ');
}

function portSuffix(texts: readonly string[]): string {
  if (texts.includes('*')) return '';
  const isOne = texts.length === 1 && !texts[0]?.includes('-');
  return `, ${isOne ? 'port' : 'ports'} ${texts.join(', ')}`;
}

/** What else a change would do. */
export function alsoTexts({ also }: ChangeStep, words: AddressWords): readonly string[] {
  if (also.length === 0) return ['No other traffic changes.'];
  return also.flatMap(({ where, before, after }) =>
    trafficTexts(where, 4, words).map((text) => `${text}: ${before} becomes ${after}`),
  );
}

/** Names that stand for a group whose own is not known. */
function isInvented({ name }: Group): boolean {
  return ['nsg', 'subnet', 'nic'].includes(name.toLowerCase());
}

/** The same with azure-cli, one line for each command. */
export function commandTexts(step: ChangeStep): readonly string[] {
  const { change, group } = step;
  if (change.kind !== 'add') return [commandText(step)];
  const moves = change.moved.map((move) => commandText({ change: { kind: 'priority', ...move }, group }));
  return [...moves, commandText(step)];
}

function commandText({ change, group }: Pick<ChangeStep, 'change' | 'group'>): string {
  const { rule } = change;
  const resourceGroup = shellWordOr(group.read.resourceGroup, '$RG');
  const at = `-g ${resourceGroup} --nsg-name ${isInvented(group) ? '$NSG' : shellWord(group.name)} -n ${shellWord(rule.name)}`;
  switch (change.kind) {
    case 'priority':
      return `az network nsg rule update ${at} --priority ${change.priority}`;
    case 'delete':
      return `az network nsg rule delete ${at}`;
    case 'access':
      return `az network nsg rule update ${at} --access ${change.access}`;
    case 'add':
      return [
        `az network nsg rule create ${at} --priority ${rule.priority} --direction ${rule.direction} --access ${rule.access}`,
        `--protocol ${quoted([rule.protocol])}`,
        `--source-address-prefixes ${quoted(sourceTexts(rule))} --source-port-ranges ${quoted(sourcePortTexts(rule))}`,
        `--destination-address-prefixes ${quoted(destinationTexts(rule))} --destination-port-ranges ${quoted(destinationPortTexts(rule))}`,
      ].join(' ');
  }
}

function quoted(texts: readonly string[]): string {
  return texts.map(shellWord).join(' ');
}

export function changeTitle({ wanted }: ChangeAnswer, isMixed: boolean): string {
  return wanted === 'Allow'
    ? `The smallest change that lets ${isMixed ? 'all of it' : 'it'} through`
    : `The smallest change that stops ${isMixed ? 'all of it' : 'it'}`;
}

/** A remark on a step: AKS keeps some groups as it wants them. */
export function managedRemark({ group }: ChangeStep): string | null {
  return isManagedByAks(group)
    ? `AKS manages ${group.name} and overwrites changes: what it allows follows from the Services and node pools of the cluster.`
    : null;
}

/** A rule as a row of a table, without its group. */
export function ruleCells(rule: NsgRule): {
  readonly protocol: string;
  readonly source: readonly string[];
  readonly sourcePorts: readonly string[];
  readonly destination: readonly string[];
  readonly destinationPorts: readonly string[];
} {
  return {
    protocol: rule.protocol,
    source: allSources(rule),
    sourcePorts: sourcePortTexts(rule),
    destination: allDestinations(rule),
    destinationPorts: destinationPortTexts(rule),
  };
}

export interface RuleStatus {
  /** `part`: decides about some of the packets. */
  readonly standing: 'decides' | 'part' | 'lost' | 'doubtful' | 'not-asked' | 'shadowed';
  readonly text: string;
}

/** What a rule does to the packets that are asked about, for a table of rules. */
export function ruleStatus(
  answer: NsgAnswer,
  group: string,
  rule: NsgRule,
  isOnePacket: boolean,
): RuleStatus | null {
  const isHere = (name: string): boolean => name.toLowerCase() === group.toLowerCase();
  const shadow = answer.shadowed?.find((each) => isHere(each.group.name) && each.rule === rule);
  const never =
    shadow === undefined
      ? ''
      : shadow.coveredBy.length === 0
        ? 'Matches no packet at all.'
        : `Never decides: behind ${shadow.coveredBy.map(({ name }) => name).join(' and ')}.`;
  if (rule.direction !== answer.question.direction) return { standing: 'not-asked', text: 'Not asked.' };
  const deciding = answer.parts.filter(({ by }) =>
    by.some((each) => isHere(each.group.name) && each.part.rule === rule),
  );
  if (answer.parts.length > 1) {
    if (deciding.length > 0) return { standing: 'part', text: 'Decides about part of it.' };
    return {
      standing: never === '' ? 'lost' : 'shadowed',
      text: never === '' ? 'Decides about none of it.' : never,
    };
  }
  const here = answer.groups.find(({ group: each }) => isHere(each.name));
  if (here === undefined) return { standing: 'not-asked', text: 'Not asked.' };
  if (here.verdict === null) return { standing: 'not-asked', text: 'Not asked: a group before it denies.' };
  const { verdict } = here;
  if (verdict.rule === rule) {
    const isSure = verdict.doubtful.length === 0;
    return {
      standing: 'decides',
      text: isSure ? `Decides: ${rule.access}.` : `Decides (${rule.access}), unless one before it matches.`,
    };
  }
  const doubt = verdict.doubtful.find((each) => each.rule === rule);
  if (doubt !== undefined)
    return { standing: 'doubtful', text: `May match: depends on ${doubt.doubts.join(' and ')}.` };
  const lost = verdict.lost.find((each) => each.rule === rule);
  const why = lost === undefined ? '' : isOnePacket ? lostText(lost) : 'Matches none of them';
  if (lost !== undefined)
    return { standing: 'lost', text: `${capitalised(why)}.${never === '' ? '' : ` ${never}`}` };
  if (never !== '') return { standing: 'shadowed', text: never };
  return { standing: 'not-asked', text: 'Not asked: a rule before it decides.' };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What one group says, in a line. */
export function groupVerdictText({ access, rule }: GroupVerdict): string {
  if (rule === null)
    return access === 'Allow' ? 'Allow, and no rule is asked' : 'undetermined: no rule matches';
  if (access === 'undetermined')
    return `undetermined; ${ruleText(rule)} says ${rule.access} if none of the doubtful rules matches`;
  return `${access} by ${ruleText(rule)}`;
}

/** How to say what is not known, for each doubt that keeps an answer open. */
export function doubtHints({ parts }: NsgAnswer): readonly string[] {
  const doubts = parts
    .filter(({ access }) => access === 'undetermined')
    .flatMap(({ by }) => by.flatMap(({ part }) => part.doubtful.flatMap((each) => each.doubts)));
  return [...new Set(doubts)].flatMap((doubt) => {
    const tag = /^the service tag (.+)$/.exec(doubt)?.[1];
    if (tag === 'VirtualNetwork')
      return [
        'What VirtualNetwork holds is not known: name the address space with --vnet, peers with --peer. Whether it holds the pods of Azure CNI Overlay in a rule of your own is not documented.',
      ];
    if (tag !== undefined)
      return [`Which addresses ${tag} holds is not known here: name them with --tag ${tag}=PREFIX.`];
    const group = /^the application security group (.+)$/.exec(doubt)?.[1];
    if (group !== undefined)
      return [`Who is in ${group} is not known: name its members with --asg ${group}=ADDRESS.`];
    return [
      "What Azure makes of a rule that names ports for a protocol without ports is not documented; '*' is clear.",
    ];
  });
}
