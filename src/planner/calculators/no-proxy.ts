/** `calc no-proxy`: who goes through the proxy, by client, and which entry of NO_PROXY decided. */
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer, Json } from '../calculator.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { CLIENT_NAMES, namesAmong } from '../no-proxy-clients.ts';
import { exploreNoProxy } from '../no-proxy.ts';
import type { ClientAnswer, NoProxyAnswer, UrlAnswer } from '../no-proxy.ts';
import { NO_PROXY_FLAGS, readNoProxy } from './no-proxy-flags.ts';
import {
  decidedText,
  GOES,
  hasOutsiders,
  NOT_COMPARED,
  urlVerdict,
  verdictText,
  whyText,
} from './no-proxy-words.ts';

export interface NoProxyPlan {
  readonly answer: NoProxyAnswer;
  readonly verdict: string;
  readonly assumptions: readonly string[];
}

export const noProxyCalculator: Calculator = {
  name: 'no-proxy',
  title: 'NO_PROXY explorer',
  summary:
    'Says which requests go through the proxy and which go direct, for Go, curl, Python and wget, which entry of NO_PROXY decided, and why the others did not.',
  positional: 'url',
  flags: NO_PROXY_FLAGS,
  examples: [
    {
      does: 'An address and a name inside of a cluster, with entries as AKS adds them',
      line: '--list localhost,127.0.0.1,10.244.0.0/16,10.0.0.0/16 --url https://10.0.0.1/api http://web.shop.svc.cluster.local/',
    },
    {
      does: 'One client, and a domain with a dot in front',
      line: '--list .contoso.com --url https://contoso.com/ https://www.contoso.com/ --client go',
    },
    {
      does: 'Variables in capitals only: the spelling counts',
      line: '--env HTTP_PROXY=http://10.20.0.4:8080 NO_PROXY=localhost --url http://example.com/',
    },
  ],
  notes: [
    "curl stands for 7.87 to 8.8 (Ubuntu 24.04 has 8.5), 'curl-7.81' for those before 7.86 (Ubuntu 22.04 has 7.81). curl from 8.9 stops reading at a blank, and from 8.18 knows IPv6 ranges. Go is net/http: containerd, kubelet and most of Kubernetes.",
    'The rules were read in the sources of each program, and agree with what the programs did: see the page Who checks the model.',
    'busybox wget and fetch of Node.js do not read NO_PROXY, and do not count where it is said that the clients differ.',
    'Exit code 1: the clients differ, or one of them fails. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const plan = runNoProxy(values);
    if (!plan.ok) return plan;
    return ok({ json: toJson(plan.value), text: toText(plan.value), exitCode: isAlike(plan.value) ? 0 : 1 });
  },
};

/** Returns the answer as data; the page draws it. */
export function runNoProxy(values: FlagValues): Result<NoProxyPlan, readonly InputIssue[]> {
  const input = readNoProxy(values);
  if (!input.ok) return input;
  const answer = exploreNoProxy(input.value.question);
  return ok({ answer, verdict: verdictText(answer), assumptions: input.value.assumptions });
}

/** Whether every client does the same, and none fails. */
export function isAlike({ answer: { urls } }: NoProxyPlan): boolean {
  return urls.every(
    ({ differs, answers }) => !differs && answers.every(({ choice }) => choice.kind !== 'error'),
  );
}

function toText({ answer, verdict, assumptions }: NoProxyPlan): readonly string[] {
  const [only, second] = answer.urls;
  const isOne = second === undefined;
  return [
    verdict,
    '',
    ...answer.urls.flatMap((each) => urlLines(each, isOne ? 'alone' : 'among others')),
    ...(only !== undefined && hasOutsiders(only) ? [`Note: ${NOT_COMPARED}`] : []),
    ...assumptions.map((each) => `Assumed: ${each}`),
    ...answer.warnings.map((each) => `Warning: ${each}`),
  ];
}

function urlLines(url: UrlAnswer, place: 'alone' | 'among others'): readonly string[] {
  const names = url.answers.map(({ client }) => CLIENT_NAMES[client].length);
  const decided = url.answers.map((each) => decidedText(each).length);
  const lineOf = (each: ClientAnswer): string =>
    [
      `  ${CLIENT_NAMES[each.client].padEnd(Math.max(...names))}`,
      GOES[each.choice.kind].padEnd(6),
      decidedText(each).padEnd(Math.max(...decided)),
      whyText(each),
    ].join('  ');
  return [
    ...(place === 'alone' ? [] : [url.url, `  ${urlVerdict(url)}`]),
    ...url.answers.map(lineOf),
    '',
    ...(url.entries.length === 0 ? [] : ['  Entry by entry:']),
    ...url.entries.flatMap(({ entry, groups, readers }) => [
      `    ${entry === '' ? '(empty)' : entry}`,
      ...groups.map(
        ({ clients, matches, why }) =>
          `      ${matches ? 'matches' : 'no'}  ${namesAmong(clients, readers)}: ${why}`,
      ),
    ]),
    '',
  ];
}

function toJson({ answer, verdict, assumptions }: NoProxyPlan): CalculatorAnswer['json'] {
  return {
    verdict,
    environment: { ...answer.question.env },
    urls: answer.urls.map(urlJson),
    assumptions,
    warnings: answer.warnings,
  };
}

function urlJson(url: UrlAnswer): Json {
  return {
    url: url.url,
    target: { ...url.target },
    differs: url.differs,
    verdict: urlVerdict(url),
    clients: url.answers.map(clientJson),
  };
}

function clientJson(answer: ClientAnswer): Json {
  const { client, choice } = answer;
  const verdict = choice.kind === 'error' ? undefined : choice.verdict;
  const decided = verdict?.decided ?? null;
  return {
    client,
    via: choice.kind,
    proxy:
      choice.kind === 'proxy'
        ? { scheme: choice.proxy.scheme, host: choice.proxy.host, port: choice.proxy.port }
        : null,
    variable: choice.variable ?? null,
    decidedBy: decided === null ? null : decided.kind === 'entry' ? decided.entry : null,
    rule: decided?.kind === 'rule' ? decided.rule : null,
    why: whyText(answer),
    entries: verdict?.entries.map((each) => ({ ...each })) ?? [],
  };
}
