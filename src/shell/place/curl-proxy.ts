/** Which proxy curl takes: its options before the variables. */
import type { ProxyAddress } from '../../model/proxy/environment-choice.ts';
import { readCurlProxy } from '../../model/proxy/environment-curl.ts';
import { chooseProxy, PROXY_VARIABLES } from '../../model/proxy/environment.ts';
import { matchNoProxy } from '../../model/proxy/no-proxy.ts';
import type { CurlOptions } from './curl-options.ts';
import type { CurlProblem, CurlUrl } from './curl-url.ts';
import type { CurlProgram } from './curl-version.ts';

export interface CurlProxy {
  readonly scheme: ProxyAddress['scheme'];
  readonly host: string;
  readonly port: number;
  /** `user:password`. */
  readonly user: string | null;
}

export type CurlRoute = {
  /** What `-v` says of the variables. */
  readonly notes: readonly string[];
} & (
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly proxy: CurlProxy }
  | { readonly kind: 'error'; readonly problem: CurlProblem }
);

/** `create_conn_helper_init_proxy` of lib/url.c. `--noproxy` replaces the variable, and counts with `--proxy` too. */
export function chooseCurlProxy(
  { client, form }: CurlProgram,
  options: CurlOptions,
  env: ReadonlyMap<string, string>,
  url: CurlUrl,
): CurlRoute {
  const { scheme, host, port, portIsSpelled } = url;
  const target = { scheme, host, port, portIsSpelled };
  const { address, noProxy } = options.proxy;
  const own = Object.fromEntries(
    PROXY_VARIABLES.flatMap((name) => {
      const value = env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const variable = noProxy === null ? (own.no_proxy ? 'no_proxy' : own.NO_PROXY ? 'NO_PROXY' : null) : null;
  const list = noProxy ?? (variable === null ? '' : (own[variable] ?? ''));
  const notes = [
    ...(variable === null ? [] : [said(variable, list)]),
    ...(form !== '8.14' && form !== '7.81' && hasBlankBetween(list)
      ? ['* space-separated NOPROXY patterns are deprecated']
      : []),
  ];
  if (address !== null) {
    if (address === '' || matchNoProxy(client, list, target).via === 'direct')
      return { kind: 'direct', notes };
    const read = readCurlProxy(client, address, '--proxy');
    if ('kind' in read) {
      return {
        kind: 'error',
        notes,
        problem: { code: read.exitCode ?? 5, message: withReason(form, read) },
      };
    }
    return { kind: 'proxy', notes, proxy: withUser(read, options) };
  }
  const { no_proxy: _lower, NO_PROXY: _upper, ...rest } = own;
  const choice = chooseProxy(client, list === '' ? rest : { ...rest, no_proxy: list }, target);
  switch (choice.kind) {
    case 'direct':
      return { kind: 'direct', notes };
    case 'error':
      return {
        kind: 'error',
        notes: [...notes, said(choice.variable, own[choice.variable] ?? '')],
        problem: {
          code: choice.exitCode ?? 5,
          message: withReason(form, choice),
        },
      };
    case 'proxy':
      return {
        kind: 'proxy',
        notes: [...notes, said(choice.variable, choice.proxy.text)],
        proxy: withUser(choice.proxy, options),
      };
  }
}

/** lib/noproxy.c of 7.87 to 8.8. */
function hasBlankBetween(list: string): boolean {
  return /[^\s,][ \t]+[^\s,]/.test(list);
}

function said(variable: string, value: string): string {
  return `* Uses proxy env variable ${variable} == '${value}'`;
}

/** From 8.0 on it says what is wrong with the address. */
function withReason(
  form: CurlProgram['form'],
  { message, reason }: { readonly message: string; readonly reason?: string },
): string {
  return reason === undefined || form === '7.81' || form === '7.88' ? message : `${message}: ${reason}`;
}

/** `parse_proxy` of lib/url.c: who logs in by the proxy's address does not by `--proxy-user`. */
function withUser({ scheme, host, port, userInfo }: ProxyAddress, { proxy }: CurlOptions): CurlProxy {
  return {
    scheme,
    host,
    port,
    user: userInfo === undefined ? proxy.user : decodeURIComponent(userInfo),
  };
}
