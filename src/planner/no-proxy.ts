/** Who goes through the proxy, by client, and what decided: the sums behind the NO_PROXY explorer. */
import { PROXY_CLIENTS } from '../model/proxy/clients.ts';
import type { ProxyClient } from '../model/proxy/clients.ts';
import { chooseProxy } from '../model/proxy/environment.ts';
import type { ProxyChoice, ProxyEnvironment } from '../model/proxy/environment.ts';
import type { NoProxyEntry } from '../model/proxy/no-proxy.ts';
import { readsNoProxy } from './no-proxy-clients.ts';
import type { ProxyTarget } from '../model/proxy/target.ts';
import { noProxyWarnings } from './no-proxy-warnings.ts';

export interface NoProxyQuestion {
  /** Variables as the process has them, NO_PROXY among them. */
  readonly env: ProxyEnvironment;
  /** The text of NO_PROXY that warnings are about; what single clients read may be another one. */
  readonly list: string;
  readonly clients: readonly ProxyClient[];
  readonly targets: readonly NoProxyTarget[];
}

export interface NoProxyTarget {
  /** As it was typed, with the scheme that was assumed. */
  readonly url: string;
  readonly target: ProxyTarget;
}

export interface ClientAnswer {
  readonly client: ProxyClient;
  readonly choice: ProxyChoice;
}

export interface UrlAnswer extends NoProxyTarget {
  readonly answers: readonly ClientAnswer[];
  /** Whether the clients that read NO_PROXY do not all do the same. */
  readonly differs: boolean;
  readonly entries: readonly EntryAnswer[];
}

/** An entry, and what the clients make of it: those that say the same together. */
export interface EntryAnswer {
  readonly entry: string;
  /** All that read lists; a blank may make one of them read other entries. */
  readonly readers: readonly ProxyClient[];
  readonly groups: readonly {
    readonly clients: readonly ProxyClient[];
    readonly matches: boolean;
    readonly why: string;
  }[];
}

export interface NoProxyAnswer {
  readonly question: NoProxyQuestion;
  readonly urls: readonly UrlAnswer[];
  readonly warnings: readonly string[];
}

export function exploreNoProxy(question: NoProxyQuestion): NoProxyAnswer {
  const urls = question.targets.map((each) => answerFor(each, question));
  return { question, urls, warnings: noProxyWarnings(question.list, urls, question.env) };
}

function answerFor(asked: NoProxyTarget, { env, clients }: NoProxyQuestion): UrlAnswer {
  const answers = PROXY_CLIENTS.filter((client) => clients.includes(client)).map((client) => ({
    client,
    choice: chooseProxy(client, env, asked.target),
  }));
  return { ...asked, answers, differs: differ(answers), entries: entriesOf(answers) };
}

/** Clients that read no list would make every list look disputed; alone among themselves they are compared too. */
export function comparedAnswers(answers: readonly ClientAnswer[]): readonly ClientAnswer[] {
  const readers = answers.filter(({ client }) => readsNoProxy(client));
  return readers.length > 0 ? readers : answers;
}

function differ(answers: readonly ClientAnswer[]): boolean {
  return new Set(comparedAnswers(answers).map(({ choice }) => whereTo(choice))).size > 1;
}

function whereTo(choice: ProxyChoice): string {
  return choice.kind === 'proxy' ? `${choice.proxy.host} ${choice.proxy.port}` : choice.kind;
}

function entriesOf(answers: readonly ClientAnswer[]): readonly EntryAnswer[] {
  const judged = answers.flatMap(({ client, choice }) =>
    entriesRead(client, choice).map((each) => ({ client, ...each })),
  );
  return [...new Set(judged.map(({ entry }) => entry))].map((entry) => {
    const own = judged.filter((each) => each.entry === entry);
    const reasons = [...new Set(own.map(({ matches, why }) => `${matches ? 'yes' : 'no'} ${why}`))];
    return {
      entry,
      readers: answers.map(({ client }) => client).filter(readsNoProxy),
      groups: reasons.flatMap((reason) => {
        const same = own.filter(({ matches, why }) => `${matches ? 'yes' : 'no'} ${why}` === reason);
        const [first] = same;
        if (first === undefined) return [];
        const clients = [...new Set(same.map(({ client }) => client))];
        return [{ clients, matches: first.matches, why: first.why }];
      }),
    };
  });
}

function entriesRead(client: ProxyClient, choice: ProxyChoice): readonly NoProxyEntry[] {
  return choice.kind === 'error' || !readsNoProxy(client) ? [] : (choice.verdict?.entries ?? []);
}
