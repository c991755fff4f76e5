/** Which proxy the client of a question takes for a URL, from the variables of the place where it runs. */
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { ProxyClient } from '../proxy/clients.ts';
import { chooseProxy } from '../proxy/environment.ts';
import type { ProxyAddress, ProxyChoice } from '../proxy/environment.ts';
import type { Candidate } from '../trace/trace.ts';
import type { Place } from './directory.ts';
import { proxyEnvironmentOf } from './proxy-environment.ts';
import type { UrlParts } from './url-parts.ts';

/** What the client made of its variables; there is none where the place has no variable that names a proxy. */
export interface ClientChoice {
  readonly client: ProxyClient;
  readonly choice: Exclude<ProxyChoice, { kind: 'error' }>;
}

/**
 * Returns who asks for a URL at a place where nobody says: curl in a pod, what pulls images on a node, and on other
 * machines a program that knows no proxy.
 */
export function usualClient(place: Place): ProxyClient | 'none' {
  switch (place.kind) {
    case 'pod':
      return 'curl';
    case 'node':
      return 'go';
    case 'vm':
    case 'outside':
      return 'none';
  }
}

/** Returns the choice of a client; null where it has nothing to choose by. The error is the client's own message. */
export function clientChoice(
  client: ProxyClient | 'none',
  from: Place,
  { scheme, host, port, portIsSpelled }: UrlParts,
): Result<ClientChoice | null, string> {
  if (client === 'none') return ok(null);
  const environment = proxyEnvironmentOf(from);
  let isEmpty = true;
  for (const name in environment) isEmpty &&= environment[name] === '';
  if (isEmpty) return ok(null);
  const choice = chooseProxy(client, environment, { scheme, host, port, portIsSpelled });
  return choice.kind === 'error'
    ? err(`${client} gives up (${choice.variable}): ${choice.message}`)
    : ok({ client, choice });
}

/** Returns what a reader must know of the choice, as sentences without their full stop. */
export function choiceWords({ client, choice }: ClientChoice, host: string): readonly string[] {
  if (choice.kind === 'direct') return [`client ${client} goes to ${host} without a proxy: ${choice.why}`];
  const { proxy, variable, noProxyVariable, verdict } = choice;
  const list =
    noProxyVariable === undefined
      ? 'no variable exempts anything'
      : verdict.decided?.kind === 'rule'
        ? `${noProxyVariable} exempts nothing: ${verdict.decided.rule}`
        : `none of the ${verdict.entries.length} entries of ${noProxyVariable} matches ${host}`;
  return [`client ${client} asks the proxy ${addressOf(proxy)}, which ${variable} names; ${list}`];
}

/** The entries that could have kept the request from the proxy, and why they did not. */
export function lostEntries({ choice }: ClientChoice): readonly Candidate[] {
  if (choice.kind === 'direct') return [];
  const name = choice.noProxyVariable ?? 'NO_PROXY';
  return choice.verdict.entries.map(({ entry, why }) => ({ candidate: `${name} entry ${entry}`, why }));
}

/** Returns `http://10.20.0.4:8080`, without a password that may stand in the variable. */
export function addressOf({ scheme, host, port }: ProxyAddress): string {
  return `${scheme}://${host}:${port}`;
}

/** Returns `user:password` as the client sends it; null where the variable has none. */
export function credentialsOf({ userInfo }: ProxyAddress): string | null {
  if (userInfo === undefined) return null;
  const full = userInfo.includes(':') ? userInfo : `${userInfo}:`;
  try {
    return decodeURIComponent(full);
  } catch {
    return full;
  }
}
