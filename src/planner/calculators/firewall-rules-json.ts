/** An answer of the firewall rule evaluator as `--json` prints it. */
import type { FirewallVerdict } from '../../model/firewall/evaluate.ts';
import type { FirewallEntry } from '../../model/firewall/rules.ts';
import { allEntries } from '../../model/firewall/rules-of.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import { setToPrefixes } from '../../model/ip/address-set.ts';
import type { CalculatorAnswer, Json } from '../calculator.ts';
import type { FirewallResult, GivenFirewall } from '../firewall-evaluator.ts';
import type { FirewallRulesAnswer } from './firewall-rules.ts';
import { commandTexts } from './firewall-rules-commands.ts';
import {
  accessWord,
  changeText,
  decidedText,
  entryCells,
  entryText,
  lostText,
  sourceText,
  targetText,
} from './firewall-rules-words.ts';

type Keys = CalculatorAnswer['json'];

export function firewallRulesJson({ answer, input, verdict, notes }: FirewallRulesAnswer): Keys {
  const { configuration, results, shadowed } = answer;
  const [only] = results;
  return {
    verdict,
    access: answer.access === 'mixed' ? 'mixed' : ACCESS[answer.access],
    from: input.from,
    ...deciderJson(results.length === 1 && only !== undefined ? only.answer : null),
    results: results.map((each) => resultJson(each, answer.firewall)),
    order: allEntries(configuration).map((entry, at) => ({
      position: at + 1,
      ...originJson(entry),
      ...entryCells(entry),
    })),
    shadowed: shadowed.map(({ entry, by }) => ({ ...originJson(entry), coveredBy: by.map(originJson) })),
    dnsProxy: configuration.dns.proxy,
    dnsServers: configuration.dns.servers,
    privateRanges: setToPrefixes(configuration.privateRanges).map(formatPrefix),
    threatIntelMode: configuration.threatIntelMode,
    notes,
    assumptions: input.assumptions,
    warnings: input.warnings,
  };
}

const ACCESS = { allow: 'Allow', deny: 'Deny', undetermined: 'undetermined' } as const;

function originJson(entry: FirewallEntry): Keys {
  const { policy, group, collection, rule } = entry.origin;
  return {
    stage: entry.kind,
    rule,
    collection: collection.name,
    collectionPriority: collection.priority,
    action: collection.action,
    group: group?.name ?? null,
    groupPriority: group?.priority ?? null,
    policy,
  };
}

/** Null for several destinations: each result has its own. */
function deciderJson(answer: FirewallVerdict | null): Keys {
  const decided = answer?.decided ?? 'default';
  const origin = typeof decided === 'string' ? null : decided.origin;
  return {
    stage: answer?.stage ?? null,
    rule: origin?.rule ?? null,
    collection: origin?.collection.name ?? null,
    group: origin?.group?.name ?? null,
    policy: origin?.policy ?? null,
    source: answer?.source ?? null,
    translatedTo: answer === null ? null : targetText(answer),
  };
}

function resultJson(result: FirewallResult, firewall: GivenFirewall): Json {
  const { question, answer, change } = result;
  const { packet } = question;
  return {
    to: question.text,
    protocol: packet.request?.protocol ?? packet.protocol,
    port: packet.port,
    host: packet.request?.host ?? null,
    access: ACCESS[answer.verdict],
    ...deciderJson(answer),
    decided: `${accessWord(answer.verdict)}: ${decidedText(answer)}`,
    sourceSeen: sourceText(answer),
    lost: answer.lost.map((each) => ({
      ...originJson(each.entry),
      text: `${entryText(each.entry)}: ${lostText(each)}`,
      why: each.why.map((one) => ({ ...one })),
    })),
    doubtful: answer.doubtful.map(({ entry, doubts }) => ({ ...originJson(entry), dependsOn: doubts })),
    reasons: answer.reasons,
    smallestChange: {
      wanted: ACCESS[change.wanted],
      kind: change.kind,
      text: changeText(change),
      commands: commandTexts(change, firewall, question),
    },
  };
}
