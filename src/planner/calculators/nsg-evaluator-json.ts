/** An answer of the NSG evaluator as `--json` prints it. */
import type { NsgRule } from '../../model/nsg/rule-traffic.ts';
import { portTexts } from '../../model/nsg/port-set.ts';
import { addressTexts } from '../../model/nsg/smallest-change.ts';
import { hasPorts, protocolsOf } from '../../model/nsg/traffic.ts';
import type { Box } from '../../model/nsg/traffic.ts';
import type { CalculatorAnswer, Json } from '../calculator.ts';
import type { AnswerPart, ChangeAnswer, ChangeStep } from '../nsg-evaluator.ts';
import { addressWords, intervalsOf } from '../nsg-intervals.ts';
import type { AddressWords } from '../nsg-intervals.ts';
import type { NsgEvaluatorAnswer } from './nsg-evaluator.ts';
import { alsoTexts, commandTexts, ruleCells, stepText } from './nsg-evaluator-words.ts';

type Keys = CalculatorAnswer['json'];

export function nsgEvaluatorJson({ answer, input, verdict }: NsgEvaluatorAnswer): Keys {
  const found = intervalsOf(answer.parts);
  const words = addressWords(answer.question.names);
  const [only] = answer.parts;
  const isUniform = answer.parts.length === 1;
  const decider = isUniform ? only?.by.at(-1) : undefined;
  return {
    verdict,
    access: answer.access,
    direction: answer.question.direction,
    from: input.from,
    to: input.to,
    protocol: answer.question.asked.protocol,
    rule: decider?.part.rule === undefined || decider.part.rule === null ? null : decider.part.rule.name,
    group: decider === undefined ? null : decider.group.name,
    groups: answer.groups.map(({ group, verdict: said }) => ({
      name: group.name,
      place: group.place,
      asked: said !== null,
      access: said?.access ?? null,
      rule: said?.rule?.name ?? null,
      priority: said?.rule?.priority ?? null,
      lost: (said?.lost ?? []).map(({ rule, why }) => ({
        rule: rule.name,
        priority: rule.priority,
        why: why.map((each) => ({ ...each })),
      })),
      doubtful: (said?.doubtful ?? []).map(({ rule, doubts }) => ({
        rule: rule.name,
        priority: rule.priority,
        access: rule.access,
        dependsOn: doubts,
      })),
    })),
    dimension: isUniform || found === null ? null : found.dimension,
    intervals:
      isUniform || found === null
        ? []
        : found.intervals.map(({ from, to, part }) => ({ from, to, access: part.access, ...deciders(part) })),
    parts: answer.parts.map((part) => ({
      access: part.access,
      ...deciders(part),
      where: part.where.map(boxJson),
    })),
    shadowed:
      answer.shadowed?.map(({ rule, coveredBy, group }) => ({
        group: group.name,
        rule: rule.name,
        priority: rule.priority,
        access: rule.access,
        coveredBy: coveredBy.map((each) => each.name),
      })) ?? null,
    smallestChange: answer.changes[0] === undefined ? null : changeJson(answer.changes[0], words),
    changes: answer.changes.map((change) => changeJson(change, words)),
    assumptions: input.assumptions,
    warnings: input.warnings,
  };
}

/** The rule of the last group that was asked, and those of all. */
function deciders(part: AnswerPart): Keys {
  const last = part.by.at(-1);
  return {
    rule: last?.part.rule?.name ?? null,
    group: last?.group.name ?? null,
    rules: part.by.map(({ group, part: { rule, access } }) => ({
      group: group.name,
      place: group.place,
      rule: rule?.name ?? null,
      access,
    })),
  };
}

function boxJson(box: Box): Json {
  return {
    protocols: protocolsOf(box),
    source: addressTexts(box.source),
    sourcePorts: hasPorts(box) ? portTexts(box.sourcePorts) : null,
    destination: addressTexts(box.destination),
    destinationPorts: hasPorts(box) ? portTexts(box.destinationPorts) : null,
  };
}

function changeJson({ wanted, steps, others, obstacle }: ChangeAnswer, words: AddressWords): Json {
  return {
    wanted,
    steps: steps.map((step) => stepJson(step, words)),
    others: others.map((step) => stepJson(step, words)),
    obstacle,
  };
}

function stepJson(step: ChangeStep, words: AddressWords): Json {
  const { change, group, also } = step;
  return {
    group: group.name,
    kind: change.kind,
    rule: change.rule.name,
    priority: change.kind === 'priority' ? change.priority : change.rule.priority,
    access: change.kind === 'access' ? change.access : change.rule.access,
    moved:
      change.kind === 'add' ? change.moved.map(({ rule, priority }) => ({ rule: rule.name, priority })) : [],
    match: change.kind === 'add' ? matchJson(change.rule) : null,
    text: stepText(step),
    commands: commandTexts(step),
    also: also.map(({ where, before, after }) => ({ before, after, where: where.map(boxJson) })),
    alsoText: alsoTexts(step, words),
  };
}

function matchJson(rule: NsgRule): Json {
  return { ...ruleCells(rule) };
}
