/** The answers of the NO_PROXY explorer in sentences, for the terminal and the page. */
import type { ProxyClient } from '../../model/proxy/clients.ts';
import type { ProxyChoice } from '../../model/proxy/environment.ts';
import { namesOf } from '../no-proxy-clients.ts';
import { comparedAnswers } from '../no-proxy.ts';
import type { ClientAnswer, NoProxyAnswer, UrlAnswer } from '../no-proxy.ts';

export const GOES: Readonly<Record<ProxyChoice['kind'], string>> = {
  direct: 'direct',
  proxy: 'proxy',
  error: 'fails',
};

export function verdictText({ urls }: NoProxyAnswer): string {
  const [only, second] = urls;
  if (only === undefined) return 'No URL is given.';
  if (second === undefined) return urlVerdict(only);
  const differing = urls.filter(({ differs }) => differs).length;
  const agreeing = urls.filter(({ differs }) => !differs);
  const direct = agreeing.filter((each) => kindsOf(each)[0] === 'direct').length;
  const parts = [
    ...(direct > 0 ? [`${direct} direct for every client`] : []),
    ...(agreeing.length > direct ? [`${agreeing.length - direct} through the proxy for every client`] : []),
    ...(differing > 0 ? [`on ${differing} the clients differ`] : []),
  ];
  return `Of ${urls.length} URLs: ${parts.join(', ')}.`;
}

function kindsOf({ answers }: UrlAnswer): readonly ProxyChoice['kind'][] {
  return [...new Set(comparedAnswers(answers).map(({ choice }) => choice.kind))];
}

/** `Go and curl go direct; Python urllib asks the proxy.` */
export function urlVerdict({ target, answers, differs }: UrlAnswer): string {
  const compared = comparedAnswers(answers);
  const of = (kind: ProxyChoice['kind']): readonly ProxyClient[] =>
    compared.filter(({ choice }) => choice.kind === kind).map(({ client }) => client);
  const phrases = [
    phrase(of('direct'), compared.length, ['goes direct', 'go direct']),
    phrase(of('proxy'), compared.length, ['asks the proxy', 'ask the proxy']),
    phrase(of('error'), compared.length, ['fails', 'fail']),
  ].filter((each) => each !== null);
  return `${target.host}: ${differs ? 'the clients differ. ' : ''}${phrases.join('; ')}.`;
}

function phrase(
  clients: readonly ProxyClient[],
  all: number,
  [one, many]: readonly [string, string],
): string | null {
  if (clients.length === 0) return null;
  if (clients.length === all && all > 3) return `all ${all} clients that read NO_PROXY ${many}`;
  return `${namesOf(clients)} ${clients.length === 1 ? one : many}`;
}

/** The entry or the rule that decided, short enough for a column. */
export function decidedText({ choice }: ClientAnswer): string {
  switch (choice.kind) {
    case 'error':
      return choice.variable;
    case 'direct':
      if (choice.verdict === undefined) return 'no proxy is set';
      return choice.verdict.decided?.kind === 'entry' ? choice.verdict.decided.entry : 'a rule of its own';
    case 'proxy':
      if (choice.verdict.decided !== null) return 'a rule of its own';
      return choice.verdict.entries.length === 0 ? 'the list is empty' : 'no entry matches';
  }
}

/** Why, in one sentence without its full stop. */
export function whyText({ choice }: ClientAnswer): string {
  switch (choice.kind) {
    case 'error':
      return choice.message;
    case 'direct': {
      const decided = choice.verdict?.decided;
      if (decided?.kind !== 'entry') return choice.why;
      return `${choice.verdict?.entries[decided.index]?.why ?? choice.why}${byVariable(choice.variable)}`;
    }
    case 'proxy': {
      const { proxy, variable, verdict } = choice;
      const rule = verdict.decided?.kind === 'rule' ? `${verdict.decided.rule}; ` : '';
      return `${rule}${variable} names ${proxy.host}:${proxy.port}`;
    }
  }
}

function byVariable(variable: string | undefined): string {
  return variable === undefined ? '' : ` (${variable})`;
}

export const NOT_COMPARED =
  'busybox wget reads http_proxy and nothing else, and fetch of Node.js before 24 reads no variable: what NO_PROXY says does not matter to them.';

/** Whether one of the clients that are asked is outside of the comparison. */
export function hasOutsiders({ answers }: UrlAnswer): boolean {
  return comparedAnswers(answers).length < answers.length;
}
