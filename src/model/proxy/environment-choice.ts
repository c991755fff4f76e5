/** Shapes of `chooseProxy` and what the clients' own readers of variables share. */
import type { ProxyClient } from './clients.ts';
import { matchNoProxy } from './no-proxy.ts';
import type { NoProxyVerdict } from './no-proxy.ts';
import type { ProxyTarget } from './target.ts';

export type ProxyEnvironment = Readonly<Record<string, string>>;

/** Where a client connects instead of to the target. */
export interface ProxyAddress {
  /** How the client speaks to the proxy: `http` in plain, `https` inside TLS, or a SOCKS scheme. */
  readonly scheme: 'http' | 'https' | 'socks4' | 'socks4a' | 'socks5' | 'socks5h';
  /** A name, or an address without brackets. */
  readonly host: string;
  /** As spelled, else what this client takes then (curl 1080, most 80). */
  readonly port: number;
  /** The variable's value. */
  readonly text: string;
  /** `user` or `user:password`, as spelled. */
  readonly userInfo?: string;
}

export type ProxyChoice =
  | {
      readonly kind: 'direct';
      /** One sentence without its full stop. */
      readonly why: string;
      /** The NO_PROXY variable that decided; absent where a rule or the lack of a proxy did. */
      readonly variable?: string;
      /** Absent where no proxy is set. */
      readonly verdict?: NoProxyVerdict;
    }
  | {
      readonly kind: 'proxy';
      readonly proxy: ProxyAddress;
      /** The variable that names the proxy. */
      readonly variable: string;
      /** Under an empty list where no NO_PROXY variable is set. */
      readonly verdict: NoProxyVerdict;
      /** The NO_PROXY variable that was read and did not match. */
      readonly noProxyVariable?: string;
    }
  /** The client gives up before it sends anything. `message`: its own words where it has some. */
  | {
      readonly kind: 'error';
      readonly message: string;
      readonly variable: string;
      /** Of curl and wget. */
      readonly exitCode?: number;
      /** What curl from 8.0 on adds to the message. */
      readonly reason?: string;
    };

/** A variable as it was found. */
export interface FoundVariable {
  readonly name: string;
  readonly value: string;
}

/** Returns the first of `names` that is set and not empty. */
export function firstSet(env: ProxyEnvironment, names: readonly string[]): FoundVariable | null {
  for (const name of names) {
    const value = env[name];
    if (value !== undefined && value !== '') return { name, value };
  }
  return null;
}

export function isProxyAddress(read: ProxyAddress | { readonly error: string }): read is ProxyAddress {
  return 'host' in read;
}

/** Judges NO_PROXY, then hands out the proxy: the order in which every client that has both does it. */
export function chosen(
  client: ProxyClient,
  target: ProxyTarget,
  found: FoundVariable,
  list: FoundVariable | null,
  readProxy: () => ProxyAddress | Extract<ProxyChoice, { kind: 'error' | 'direct' }>,
): ProxyChoice {
  const verdict = matchNoProxy(client, list?.value ?? '', target);
  const { decided } = verdict;
  if (verdict.via === 'direct') {
    return decided?.kind === 'entry'
      ? {
          kind: 'direct',
          why: `${list?.name ?? 'NO_PROXY'} has ${decided.entry}`,
          ...(list === null ? {} : { variable: list.name }),
          verdict,
        }
      : { kind: 'direct', why: decided?.rule ?? 'a rule of the client', verdict };
  }
  const proxy = readProxy();
  if ('kind' in proxy) return proxy;
  return {
    kind: 'proxy',
    proxy,
    variable: found.name,
    verdict,
    ...(list === null ? {} : { noProxyVariable: list.name }),
  };
}
