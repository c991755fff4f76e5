/** What a witness is asked, and what it answers. */
import { chooseProxy } from '../../../src/model/proxy/environment.ts';
import type { ProxyClient } from '../../../src/model/proxy/clients.ts';
import { readProxyTarget } from '../../../src/model/proxy/target.ts';
import { unwrap } from '../../../src/model/result.ts';
import type { Pair } from './pairs.ts';

export interface Question {
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
}

/**
 * Who is connected to: `direct`, `HOST:PORT` of a proxy without its `.test` (`HOST:?` where the witness did not get as
 * far as the port), or `error: ...` where it is nobody.
 */
export type Answer = string;

/** A pair as every client gets it: the variables in both spellings, as AKS sets them. */
export function questionOf({ list, url }: Pair): Question {
  const proxy = 'http://proxy.test:3128';
  return {
    env: {
      http_proxy: proxy,
      HTTP_PROXY: proxy,
      https_proxy: proxy,
      HTTPS_PROXY: proxy,
      no_proxy: list,
      NO_PROXY: list,
    },
    url,
  };
}

/** Returns what the model answers, in the words of a witness; an error without its text. */
export function answerOfModel(client: ProxyClient, { env, url }: Question): Answer {
  const choice = chooseProxy(client, env, unwrap(readProxyTarget(url)));
  switch (choice.kind) {
    case 'direct':
      return 'direct';
    case 'error':
      return 'error';
    case 'proxy':
      return `${choice.proxy.host.replace(/\.test$/, '')}:${choice.proxy.port}`;
  }
}

/** Reports whether the model answers what a witness answered. Errors are worded by the programs; one is enough. */
export function agrees(model: Answer, witness: Answer): boolean {
  if (model === 'error') return witness.startsWith('error');
  // A name that does not resolve keeps a witness from saying the port.
  return witness.trim() === (witness.endsWith(':?') ? model.trim().replace(/:\d+$/, ':?') : model);
}
