/** `calc firewall-rules`: which rule of an Azure Firewall decides about connections, and what would change it. */
import type { FirewallEntry } from '../../model/firewall/rules.ts';
import { allEntries } from '../../model/firewall/rules-of.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer } from '../calculator.ts';
import { askFirewall } from '../firewall-evaluator.ts';
import type { FirewallAnswer, FirewallResult } from '../firewall-evaluator.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { FIREWALL_RULES_FLAGS, readFirewallRules } from './firewall-rules-flags.ts';
import type { FirewallRulesInput } from './firewall-rules-flags.ts';
import { firewallRulesJson } from './firewall-rules-json.ts';
import { commandTexts } from './firewall-rules-commands.ts';
import {
  accessWord,
  changeText,
  changeTitle,
  decidedText,
  doubtHints,
  entryStatus,
  entryText,
  hiddenApplicationText,
  shadowedText,
  sourceText,
  targetText,
  verdictText,
} from './firewall-rules-words.ts';

export interface FirewallRulesAnswer {
  readonly input: FirewallRulesInput;
  readonly answer: FirewallAnswer;
  readonly verdict: string;
  /** What is worth knowing beside the rules. */
  readonly notes: readonly string[];
}

export const firewallRules: Calculator = {
  name: 'firewall-rules',
  title: 'Firewall rule evaluator',
  summary:
    'Says which rule of an Azure Firewall decides about connections, in which order all are asked, which rules never do, and the smallest change that flips the verdict.',
  positional: 'file',
  flags: FIREWALL_RULES_FLAGS,
  examples: [
    {
      does: 'Names and a network rule that hides an application rule',
      line: '--rules app:aks/tag:100:Allow:any:https=443,http=80:tag/AzureKubernetesService app:deny/docker:200:Deny:any:https=443:*.docker.io net:web/out:300:Allow:TCP:10.1.0.0/24:any:443 --from 10.1.1.4 --to mcr.microsoft.com:443 registry-1.docker.io:443',
    },
    {
      does: 'Groups of a policy and of its parent',
      line: '--rules net:hub/core@200/block:100:Deny:TCP:any:any:22 net:spoke/apps@100/ssh:100:Allow:TCP:any:10.2.0.0/16:22 --parent hub --from 10.1.0.4 --to 10.2.0.4:22',
    },
    {
      does: 'From the internet, through DNAT',
      line: '--rules nat:publish/web:100:Dnat:TCP:any:203.0.113.10:80:10.42.1.240:80 --from 198.51.100.7 --to 203.0.113.10:80',
    },
  ],
  notes: [
    'Your own rules: az network firewall show -g GROUP -n FIREWALL -o json > firewall.json, then --file firewall.json. With a policy: az network firewall policy rule-collection-group list -g GROUP --policy-name POLICY -o json for it and for its parent; policy show says whose parent it is, and DNS and SNAT.',
    'Not simulated: threat intelligence and IDPS, TLS inspection, web categories, and which addresses a service tag holds; where they matter the answer is undetermined.',
    'Exit code 1: not all of it is allowed. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runFirewallRules(values);
    if (!answer.ok) return answer;
    return ok({
      json: firewallRulesJson(answer.value),
      text: toText(answer.value),
      exitCode: answer.value.answer.access === 'allow' ? 0 : 1,
    });
  },
};

/** Returns the answer as data; the page draws it. */
export function runFirewallRules(values: FlagValues): Result<FirewallRulesAnswer, readonly InputIssue[]> {
  const input = readFirewallRules(values);
  if (!input.ok) return input;
  const answer = askFirewall(input.value.firewall, input.value.questions);
  // A rule that is half read would give half an answer.
  const unread = answer.configuration.problems.filter((each) =>
    /cannot be read|which is no address/.test(each),
  );
  if (unread.length > 0) {
    return err(unread.map((each) => ({ flag: 'rules', value: null, message: `${each}.`, instead: null })));
  }
  const problems = answer.configuration.problems.map((each) => `${capitalised(each)}.`);
  return ok({
    input: { ...input.value, warnings: [...input.value.warnings, ...problems, ...doubtHints(answer)] },
    answer,
    verdict: verdictText(answer),
    notes: notesOf(answer),
  });
}

function notesOf({ configuration, results }: FirewallAnswer): readonly string[] {
  const { rules, threatIntelMode } = configuration;
  const [only] = results;
  const hidden =
    results.length === 1 && only !== undefined ? hiddenApplicationText(only, rules.application) : null;
  const isDnat = results.some(({ answer }) => answer.stage === 'dnat');
  return [
    ...(hidden === null ? [] : [hidden]),
    ...(isDnat
      ? [
          'A DNAT rule lets its traffic through by itself: network rules are not asked after it, not even one that denies.',
        ]
      : []),
    ...(threatIntelMode === 'Deny'
      ? [
          'Threat intelligence is in mode Deny and comes before all rules; whom its feed names is not simulated.',
        ]
      : []),
  ];
}

function toText({ input, answer, verdict, notes }: FirewallRulesAnswer): readonly string[] {
  const [only, second] = answer.results;
  return [
    verdict,
    '',
    ...(only !== undefined && second === undefined ? oneResult(only, answer) : tableOf(answer)),
    ...(second === undefined ? [] : answer.results.flatMap((each) => deniedLines(each, answer))),
    ...shadowedLines(answer),
    ...notes.map((each) => `Note: ${each}`),
    ...input.assumptions.map((each) => `Assumed: ${each}`),
    ...input.warnings.map((each) => `Warning: ${each}`),
  ];
}

function oneResult(result: FirewallResult, answer: FirewallAnswer): readonly string[] {
  const source = sourceText(result.answer);
  const target = targetText(result.answer);
  return [
    ...(target === null ? [] : [`Sent on to ${target}.`]),
    ...(source === null ? [] : [`The destination sees ${source}.`]),
    ...(target === null && source === null ? [] : ['']),
    ...orderLines(result, answer),
    ...changeLines(result, answer),
  ];
}

/** All entries as they are asked, each with what it does. */
function orderLines(result: FirewallResult, { configuration }: FirewallAnswer): readonly string[] {
  const entries = allEntries(configuration);
  if (entries.length === 0) return ['There are no rules.', ''];
  const shown = nearDecision(entries, result);
  const digits = String(entries.length).length;
  return [
    'Asked in this order:',
    ...shown.map(({ entry, at }) =>
      entry === null
        ? `  ${'…'.padStart(digits)}`
        : `  ${String(at + 1).padStart(digits)}  ${entryText(entry)}: ${entryStatus(result, entry).text}`,
    ),
    '',
  ];
}

/** Longer lists are read on the page or in the JSON. */
const MOST_LINES = 60;

function nearDecision(
  entries: readonly FirewallEntry[],
  { answer }: FirewallResult,
): readonly { readonly entry: FirewallEntry | null; readonly at: number }[] {
  const all = entries.map((entry, at) => ({ entry, at }));
  if (all.length <= MOST_LINES) return all;
  const kept = all.filter(
    ({ entry, at }) =>
      at < 20 ||
      at >= entries.length - 5 ||
      answer.decided === entry ||
      answer.doubtful.some((each) => each.entry === entry),
  );
  return kept.flatMap((each, index) => {
    const before = kept[index - 1];
    return before !== undefined && before.at + 1 < each.at ? [{ entry: null, at: each.at }, each] : [each];
  });
}

function changeLines({ change, question }: FirewallResult, { firewall }: FirewallAnswer): readonly string[] {
  return [
    `${changeTitle(change)}:`,
    `  ${changeText(change)}`,
    ...commandTexts(change, firewall, question).map((each) => `    ${each}`),
    '',
  ];
}

function tableOf({ results }: FirewallAnswer): readonly string[] {
  const width = Math.max(...results.map(({ question }) => question.text.length));
  return [
    ...results.map(({ question, answer }) => {
      const source = answer.source === null ? '' : ` Source: ${answer.source}.`;
      return `  ${question.text.padEnd(width)}  ${accessWord(answer.verdict).padEnd(12)}  ${decidedText(answer)}.${source}`;
    }),
    '',
  ];
}

/** In a table only what does not pass is worth a command. */
function deniedLines(result: FirewallResult, answer: FirewallAnswer): readonly string[] {
  const { change, question } = result;
  if (result.answer.verdict === 'allow') return [];
  return [
    `${question.text}: ${changeText(change)}`,
    ...commandTexts(change, answer.firewall, question).map((each) => `    ${each}`),
    '',
  ];
}

function shadowedLines({ shadowed }: FirewallAnswer): readonly string[] {
  if (shadowed.length === 0) return [];
  return ['Rules that never decide:', ...shadowed.map((each) => `  ${capitalised(shadowedText(each))}`), ''];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
