/** `calc nsg-evaluator`: which rule of which group decides about a packet, and what would have to change. */
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer } from '../calculator.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { evaluateNsgs } from '../nsg-evaluator.ts';
import type { NsgAnswer } from '../nsg-evaluator.ts';
import { addressWords, intervalsOf, trafficTexts } from '../nsg-intervals.ts';
import { NSG_EVALUATOR_FLAGS, readNsgEvaluator } from './nsg-evaluator-flags.ts';
import type { NsgEvaluatorInput } from './nsg-evaluator-flags.ts';
import { nsgEvaluatorJson } from './nsg-evaluator-json.ts';
import {
  accessWord,
  alsoTexts,
  changeTitle,
  commandTexts,
  decidedText,
  doubtHints,
  groupText,
  groupVerdictText,
  lostText,
  managedRemark,
  othersTitle,
  rangeText,
  ruleText,
  shadowedText,
  stepText,
  verdictText,
} from './nsg-evaluator-words.ts';

export interface NsgEvaluatorAnswer {
  readonly input: NsgEvaluatorInput;
  readonly answer: NsgAnswer;
  readonly verdict: string;
}

export const nsgEvaluator: Calculator = {
  name: 'nsg-evaluator',
  title: 'NSG evaluator',
  summary:
    'Says which security rule decides about a packet or a range of ports, which rules never do, and the smallest change that flips the verdict.',
  positional: 'file',
  flags: NSG_EVALUATOR_FLAGS,
  examples: [
    {
      does: 'Two groups, on the subnet and on the NIC',
      line: '--rules subnet:AllowWeb:100:Inbound:Allow:Tcp:Internet:any:10.0.1.0/24:80,443 nic:DenyWeb:200:Inbound:Deny:Tcp:any:any:any:443 --from 203.0.113.9:50000 --to 10.0.1.4:443',
    },
    {
      does: 'Every port of a machine',
      line: '--rules AllowWeb:100:Inbound:Allow:Tcp:Internet:any:10.0.1.4:80,443 --from 203.0.113.9 --to 10.0.1.4:1-65535',
    },
    {
      does: 'A rule for an application security group',
      line: '--rules AllowLogic:110:Inbound:Allow:Tcp:asg/logic:any:asg/db:1433 DenyDb:120:Inbound:Deny:any:any:any:asg/db:1433 --asg logic=10.0.2.4 db=10.0.3.4 --vnet 10.0.0.0/16 --from 10.0.1.4 --to 10.0.3.4:1433',
    },
  ],
  notes: [
    "Your own groups: az network nsg show -g GROUP -n NSG -o json > nsg.json, then --file nsg.json; - reads standard input. az network nic list-effective-nsg gives both groups of a NIC and Azure's own content of the tags.",
    'Priorities decide, whatever the order of the file. Replies need no rule: groups remember what they let through.',
    'Exit code 1: denied, allowed in part only, or undetermined. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runNsgEvaluator(values);
    if (!answer.ok) return answer;
    return ok({
      json: nsgEvaluatorJson(answer.value),
      text: toText(answer.value),
      exitCode: answer.value.answer.access === 'Allow' ? 0 : 1,
    });
  },
};

/** Returns the answer as data; the page draws it. */
export function runNsgEvaluator(values: FlagValues): Result<NsgEvaluatorAnswer, readonly InputIssue[]> {
  const input = readNsgEvaluator(values);
  if (!input.ok) return input;
  const answer = evaluateNsgs(input.value.question);
  if (answer === null) {
    const message = 'these packets fall into more than 20,000 parts by these rules.';
    return err([{ flag: 'to', value: null, message, instead: 'a narrower question, such as one address.' }]);
  }
  const warnings = [...input.value.warnings, ...doubtHints(answer)];
  return ok({ input: { ...input.value, warnings }, answer, verdict: verdictText(answer) });
}

function toText({ input, answer, verdict }: NsgEvaluatorAnswer): readonly string[] {
  return [
    verdict,
    '',
    ...groupLines(answer, input),
    ...partLines(answer),
    ...changeLines(answer),
    ...shadowedLines(answer),
    ...input.assumptions.map((each) => `Assumed: ${each}`),
    ...input.warnings.map((each) => `Warning: ${each}`),
  ];
}

function groupLines({ groups }: NsgAnswer, { isOnePacket }: NsgEvaluatorInput): readonly string[] {
  return groups.flatMap(({ group, verdict }) => {
    if (verdict === null) return [`${groupText(group)}: not asked, since a group before it denies.`, ''];
    const [first] = verdict.doubtful;
    return [
      `${groupText(group)}: ${groupVerdictText(verdict)}`,
      ...(verdict.lost.length === 0
        ? []
        : [
            isOnePacket
              ? '  Earlier rules that do not match:'
              : '  Earlier rules that do not match, for one of these packets:',
          ]),
      ...verdict.lost.map((each) => `    ${ruleText(each.rule)}: ${lostText(each)}`),
      ...(first === undefined ? [] : ['  Earlier rules that may match:']),
      ...verdict.doubtful.map(
        ({ rule, doubts }) =>
          `    ${ruleText(rule)} says ${rule.access}; it depends on ${doubts.join(' and ')}`,
      ),
      '',
    ];
  });
}

/** The traffic in its parts, where there is more than one. */
function partLines({ parts, question }: NsgAnswer): readonly string[] {
  const words = addressWords(question.names);
  if (parts.length < 2) return [];
  const found = intervalsOf(parts);
  if (found === null) {
    return [
      ...parts.flatMap((part) => [
        `${accessWord(part.access)}: ${decidedText(part)}`,
        ...trafficTexts(part.where, 12, words).map((text) => `    ${text}`),
      ]),
      '',
    ];
  }
  const rows = found.intervals.map((each) => ({ ...each, range: rangeText(each) }));
  const width = Math.max(...rows.map(({ range }) => range.length));
  return [
    `By ${found.dimension}:`,
    ...rows.map(
      ({ range, part }) =>
        `  ${range.padStart(width)}  ${accessWord(part.access).padEnd(7)}  ${decidedText(part)}`,
    ),
    '',
  ];
}

function changeLines({ changes, access, question }: NsgAnswer): readonly string[] {
  const words = addressWords(question.names);
  return changes.flatMap((change) => [
    `${changeTitle(change, access === 'mixed')}:`,
    ...(change.steps.length === 0 ? [`  none. ${change.obstacle ?? ''}`.trimEnd()] : []),
    ...change.steps.flatMap((step) => {
      const remark = managedRemark(step);
      return [
        `  ${stepText(step)}.`,
        ...commandTexts(step).map((command) => `    ${command}`),
        ...alsoTexts(step, words).map(
          (text) => `    ${step.also.length === 0 ? '' : 'Also changed: '}${text}`,
        ),
        ...(remark === null ? [] : [`    ${remark}`]),
      ];
    }),
    ...(change.others.length === 0 ? [] : [`  ${othersTitle(change)}, which touch as much or more:`]),
    ...change.others.slice(0, 4).map((step) => {
      const also = alsoTexts(step, words);
      return `    ${stepText(step)}. ${step.also.length === 0 ? (also[0] ?? '') : `Also changed: ${also[0] ?? ''}${also.length > 1 ? ', and more' : ''}.`}`;
    }),
    '',
  ]);
}

function shadowedLines({ shadowed }: NsgAnswer): readonly string[] {
  if (shadowed === null)
    return ['Which rules never decide cannot be told: they cut each other into too many pieces.', ''];
  if (shadowed.length === 0) return [];
  return ['Rules that never decide:', ...shadowed.map((each) => `  ${shadowedText(each)}`), ''];
}
