/** `calc outbound-type`: the outbound types ranked for what a cluster needs, each with every reason. */
import type { MigrationType } from '../../model/aks/outbound-migration.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { contradictionText, noneMeets } from '../ranking-words.ts';
import type { RankingWords } from '../ranking-words.ts';
import { recipeOf } from '../outbound-recipe.ts';
import type { CountedObject, OutboundRecipe } from '../outbound-recipe.ts';
import type { EgressSize } from '../outbound-size.ts';
import { chooseOutboundType, OUTBOUND_REQUIREMENTS, sizeOf } from '../outbound-type.ts';
import type {
  OutboundCandidate,
  OutboundChoice,
  OutboundNeeds,
  OutboundReason,
  OutboundRequirement,
} from '../outbound-type.ts';
import { OUTBOUND_TYPE_FLAGS, readOutboundType } from './outbound-type-flags.ts';
import { EFFECT_NAMES, STANDING_NAMES } from './which-plugin.ts';

export interface OutboundTypeAnswer {
  readonly needs: OutboundNeeds;
  readonly choice: OutboundChoice;
  /** Null if no type remains. */
  readonly best: OutboundCandidate | null;
  readonly verdict: string;
  /** Each contradiction in a sentence. */
  readonly contradictions: readonly string[];
}

export const outboundTypeCalculator: Calculator = {
  name: 'outbound-type',
  title: 'Which outbound type',
  summary:
    'Ranks the outbound types of AKS for what a cluster needs: what rules each out, what it takes, and the az lines.',
  positional: null,
  flags: OUTBOUND_TYPE_FLAGS,
  examples: [
    {
      does: 'A partner who allows two addresses, and many connections to it',
      line: '--fixed-address --max-addresses 2 --nodes 12 --max-nodes 40 --connections 30000',
    },
    { does: 'Egress by name, in a VNet of your own', line: '--vnet brought --fqdn-filter' },
    { does: 'No internet at all', line: '--isolated --vnet managed' },
    { does: 'Wishes that do not go together', line: '--vnet managed --inspection' },
  ],
  notes: [
    'Ranked by what rules a type out, by whether it needs a new cluster, by what no page documents, by conditions, and at last by the order in which AKS offers them. No reason is left out.',
    'Connections are those to one destination address and port: that is where ports run out. For other timers and mixes see calc snat-ports and calc nat-gateway.',
    'Objects are counted, not priced.',
    'Exit code 1: no type meets everything, and the requirements that contradict each other are named. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runOutboundType(values);
    if (!answer.ok) return answer;
    const { value } = answer;
    return ok({ json: toJson(value), text: toText(value), exitCode: value.best === null ? 1 : 0 });
  },
};

/** Returns the ranking as data; the page draws it. */
export function runOutboundType(values: FlagValues): Result<OutboundTypeAnswer, readonly InputIssue[]> {
  const needs = readOutboundType(values);
  if (!needs.ok) return needs;
  const choice = chooseOutboundType(needs.value);
  const [first] = choice.ranking;
  const best = first === undefined || first.standing === 'ruled-out' ? null : first;
  return ok({
    needs: needs.value,
    choice,
    best,
    verdict: verdictOf(choice, best),
    contradictions: choice.contradictions.map((each) => contradictionText(each, choice, WORDS)),
  });
}

function verdictOf({ ranking, contradictions }: OutboundChoice, best: OutboundCandidate | null): string {
  if (best === null) return noneMeets('outbound type', contradictions);
  const others = ranking.filter((each) => each.standing !== 'ruled-out').slice(1);
  const rest =
    others.length === 0
      ? 'Every other type is ruled out.'
      : `Possible as well: ${others.map((each) => each.option).join(', ')}.`;
  return `${best.option} (${STANDING_NAMES[best.standing]}). ${rest}`;
}

const WORDS: RankingWords<MigrationType, OutboundRequirement> = {
  kind: 'type',
  requirements: OUTBOUND_REQUIREMENTS,
  nameOf: (type) => (type === 'none' ? 'type none' : type),
};

const OBJECT_NAMES: Readonly<Record<CountedObject['type'], readonly [string, string]>> = {
  loadBalancers: ['load balancer', 'load balancers'],
  natGateways: ['NAT gateway', 'NAT gateways'],
  azureFirewalls: ['Azure Firewall or another appliance', 'Azure Firewalls'],
  publicIPAddresses: ['public address', 'public addresses'],
};

/** `1 load balancer, 2 public addresses (made by AKS)`, grouped by who makes them. */
export function objectsText(objects: readonly CountedObject[]): string {
  const of = (by: CountedObject['by']) =>
    objects
      .filter((each) => each.by === by)
      .map(({ count, type }) => `${count} ${OBJECT_NAMES[type][count === 1 ? 0 : 1]}`);
  return (['AKS', 'you'] as const)
    .filter((by) => of(by).length > 0)
    .map((by) => `${of(by).join(', ')} (${by === 'AKS' ? 'made by AKS' : 'yours'})`)
    .join(', ');
}

/** The ports that nodes have, in a phrase. */
export function portsText(size: EgressSize | null): string {
  if (size === null) return 'none';
  if (size.ports === null) return 'not documented for so many nodes';
  const ports = size.ports.toLocaleString('en');
  return size.allocation === 'each-node'
    ? `${ports} for each node, whether it needs them or not`
    : `${ports} for all nodes together, on demand`;
}

export interface OutboundDetails {
  readonly recipe: OutboundRecipe;
  readonly size: EgressSize | null;
}

export function detailsOf(option: MigrationType, needs: OutboundNeeds): OutboundDetails {
  return { recipe: recipeOf(option, needs), size: sizeOf(option, needs) };
}

function toJson(answer: OutboundTypeAnswer): CalculatorAnswer['json'] {
  const { choice, needs, best, verdict, contradictions } = answer;
  return {
    verdict,
    best: best?.option ?? null,
    nodesCounted: needs.mostNodes,
    ranking: choice.ranking.map(({ option, standing, reasons, decidedBy }, index): Json => {
      const { recipe, size } = detailsOf(option, needs);
      return {
        rank: index + 1,
        type: option,
        standing,
        fits: standing !== 'ruled-out',
        decidedBy,
        bring: recipe.bring,
        makes: recipe.makes,
        seen: recipe.seen,
        addresses: size?.addresses ?? 0,
        ports:
          size === null
            ? null
            : { allocation: size.allocation, count: size.ports, outboundPorts: size.outboundPorts },
        limits: recipe.limits,
        objects: recipe.objects.map((each): Json => ({ ...each })),
        commands: recipe.commands,
        reasons: reasons.map((each): Json => ({ ...each })),
      };
    }),
    contradictions: choice.contradictions.map(({ requirements }, index): Json => ({
      requirements,
      text: contradictions[index] ?? '',
    })),
    without: choice.without.map((each): Json => ({ ...each })),
  };
}

/** The sources are numbered, and stand once at the end. What is ruled out has its reasons only. */
function toText({ choice, needs, verdict, contradictions }: OutboundTypeAnswer): readonly string[] {
  const sources: string[] = [];
  const numberOf = ({ source, read }: OutboundReason): number => {
    const text = `${source} (${read})`;
    if (!sources.includes(text)) sources.push(text);
    return sources.indexOf(text) + 1;
  };
  const ranking = choice.ranking.flatMap(({ option, standing, reasons }, index) => [
    `${index + 1}. ${option}: ${STANDING_NAMES[standing]}`,
    ...reasons.map((each) => `   ${EFFECT_NAMES[each.effect].sign} ${each.text} [${numberOf(each)}]`),
    ...(standing === 'ruled-out' ? [] : detailsText(option, needs)),
    '',
  ]);
  return [
    verdict,
    ...contradictions.map((each) => `Contradiction: ${each}`),
    '',
    ...ranking,
    'x rules it out   ! condition   ? not documented   + supports   - note',
    ...sources.map((source, index) => `[${index + 1}] ${source}`),
  ];
}

function detailsText(option: MigrationType, needs: OutboundNeeds): readonly string[] {
  const { recipe, size } = detailsOf(option, needs);
  const row = (name: string, text: string): readonly string[] =>
    text === '' ? [] : [`   ${name.padEnd(12)} ${text}`];
  return [
    ...recipe.bring.flatMap((each) => row('you bring', each)),
    ...recipe.makes.flatMap((each) => row('AKS makes', each)),
    ...row('seen as', recipe.seen),
    ...row('ports', portsText(size)),
    ...recipe.limits.flatMap((each) => row('limit', each)),
    ...row('objects', objectsText(recipe.objects)),
    ...recipe.commands.map((each) => `   ${each}`),
  ];
}
