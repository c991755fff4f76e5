/** `calc which-plugin`: the network plugins ranked for what a cluster needs, each with every reason. */
import type { PluginOption } from '../../model/limits/network-plugins.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer } from '../calculator.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { choosePlugin, REQUIREMENT_NAMES } from '../which-plugin.ts';
import type { Effect } from '../ranking.ts';
import { contradictionText, noneMeets } from '../ranking-words.ts';
import type { RankingWords } from '../ranking-words.ts';
import type { Candidate, PluginChoice, PluginNeeds, Reason } from '../which-plugin.ts';
import { OPTION_NAMES, readWhichPlugin, WHICH_PLUGIN_FLAGS } from './which-plugin-flags.ts';

/** What `az aks create` takes for each; what stands in capitals is the learner's own. */
export const OPTION_COMMANDS: Readonly<Record<PluginOption, string>> = {
  overlay: '--network-plugin azure --network-plugin-mode overlay',
  'overlay-cilium': '--network-plugin azure --network-plugin-mode overlay --network-dataplane cilium',
  'pod-subnet-dynamic': '--network-plugin azure --vnet-subnet-id NODES --pod-subnet-id PODS',
  'pod-subnet-dynamic-cilium':
    '--network-plugin azure --vnet-subnet-id NODES --pod-subnet-id PODS --network-dataplane cilium',
  'pod-subnet-static':
    '--network-plugin azure --vnet-subnet-id NODES --pod-subnet-id PODS --pod-ip-allocation-mode StaticBlock',
  'pod-subnet-static-cilium':
    '--network-plugin azure --vnet-subnet-id NODES --pod-subnet-id PODS --pod-ip-allocation-mode StaticBlock --network-dataplane cilium',
  'node-subnet': '--network-plugin azure',
  'node-subnet-cilium': '--network-plugin azure --network-dataplane cilium',
  kubenet: '--network-plugin kubenet',
};

export const STANDING_NAMES: Readonly<Record<Candidate['standing'], string>> = {
  suits: 'suits',
  'with-conditions': 'suits, with conditions',
  uncertain: 'not documented throughout',
  'ruled-out': 'ruled out',
};

/** A sign and a word for each kind of reason. */
export const EFFECT_NAMES: Readonly<Record<Effect, { readonly sign: string; readonly word: string }>> = {
  'rules-out': { sign: 'x', word: 'rules it out' },
  'new-cluster': { sign: '!', word: 'new cluster' },
  unknown: { sign: '?', word: 'not documented' },
  condition: { sign: '!', word: 'condition' },
  supports: { sign: '+', word: 'supports' },
  note: { sign: '-', word: 'note' },
};

export interface WhichPluginAnswer {
  readonly needs: PluginNeeds;
  readonly choice: PluginChoice;
  /** Null if no plugin remains. */
  readonly best: Candidate | null;
  readonly verdict: string;
  /** Each contradiction in a sentence. */
  readonly contradictions: readonly string[];
}

export const whichPlugin: Calculator = {
  name: 'which-plugin',
  title: 'Which network plugin',
  summary: 'Ranks the network plugins for what a cluster needs, with every reason and the fact behind it.',
  positional: null,
  flags: WHICH_PLUGIN_FLAGS,
  examples: [
    { does: 'Pods that a firewall can tell apart, and Windows', line: '--pod-source --windows' },
    { does: 'A small VNet', line: '--nodes 100 --pods 6000 --space /24 --policy any' },
    {
      does: 'What can become of a kubenet cluster',
      line: '--existing kubenet --in-place --until 2029-12-31',
    },
    { does: 'Wishes that do not go together', line: '--windows --policy cilium' },
  ],
  notes: [
    'Ranked by what rules a plugin out, by whether it needs a new cluster, by what no page documents, by conditions, and at last by what AKS recommends. No reason is left out.',
    'A cluster that brings a CNI of its own (--network-plugin none) is not judged.',
    'Exit code 1: no plugin meets everything, and the requirements that contradict each other are named. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runWhichPlugin(values);
    if (!answer.ok) return answer;
    const { value } = answer;
    return ok({ json: toJson(value), text: toText(value), exitCode: value.best === null ? 1 : 0 });
  },
};

/** Returns the ranking as data; the page draws it. */
export function runWhichPlugin(values: FlagValues): Result<WhichPluginAnswer, readonly InputIssue[]> {
  const needs = readWhichPlugin(values);
  if (!needs.ok) return needs;
  const choice = choosePlugin(needs.value);
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

function verdictOf({ ranking, contradictions }: PluginChoice, best: Candidate | null): string {
  if (best === null) return noneMeets('plugin', contradictions);
  const others = ranking.filter((each) => each.standing !== 'ruled-out').length - 1;
  const rest =
    others === 0
      ? 'Every other plugin is ruled out.'
      : `${others} other ${others === 1 ? 'plugin remains' : 'plugins remain'}.`;
  return `${OPTION_NAMES[best.option]} (${STANDING_NAMES[best.standing]}). ${rest}`;
}

const WORDS: RankingWords<PluginOption, keyof typeof REQUIREMENT_NAMES> = {
  kind: 'plugin',
  requirements: REQUIREMENT_NAMES,
  nameOf: (option) => OPTION_NAMES[option],
};

function toJson({ choice, best, verdict, contradictions }: WhichPluginAnswer): CalculatorAnswer['json'] {
  return {
    verdict,
    best: best?.option ?? null,
    ranking: choice.ranking.map(({ option, standing, reasons, decidedBy }, index) => ({
      rank: index + 1,
      plugin: option,
      title: OPTION_NAMES[option],
      standing,
      fits: standing !== 'ruled-out',
      create: `az aks create ${OPTION_COMMANDS[option]}`,
      decidedBy,
      reasons: reasons.map((each) => ({ ...each })),
    })),
    contradictions: choice.contradictions.map(({ requirements }, index) => ({
      requirements,
      text: contradictions[index] ?? '',
    })),
    without: choice.without.map((each) => ({ ...each })),
  };
}

/** The sources are numbered, and stand once at the end. */
function toText({ choice, verdict, contradictions }: WhichPluginAnswer): readonly string[] {
  const sources: string[] = [];
  const numberOf = ({ source, read }: Reason): number => {
    const text = `${source} (${read})`;
    if (!sources.includes(text)) sources.push(text);
    return sources.indexOf(text) + 1;
  };
  const ranking = choice.ranking.flatMap(({ option, standing, reasons }, index) => [
    `${index + 1}. ${OPTION_NAMES[option]}: ${STANDING_NAMES[standing]}`,
    `   az aks create ${OPTION_COMMANDS[option]}`,
    ...reasons.map((each) => `   ${EFFECT_NAMES[each.effect].sign} ${each.text} [${numberOf(each)}]`),
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
