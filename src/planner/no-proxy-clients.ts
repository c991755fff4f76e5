/** The clients of the NO_PROXY explorer: their names, and what they are. */
import type { ProxyClient } from '../model/proxy/clients.ts';

export const CLIENT_NAMES: Readonly<Record<ProxyClient, string>> = {
  curl: 'curl',
  'curl-7.81': 'curl before 7.86',
  go: 'Go',
  'python-urllib': 'Python urllib',
  'python-requests': 'Python requests',
  wget: 'GNU wget',
  'busybox-wget': 'busybox wget',
  'node-fetch': 'Node.js fetch',
};

export function readsNoProxy(client: ProxyClient): boolean {
  return client !== 'busybox-wget' && client !== 'node-fetch';
}

/** `every client` where `clients` are all of several. */
export function namesAmong(clients: readonly ProxyClient[], all: readonly ProxyClient[]): string {
  return clients.length > 2 && clients.length === all.length ? 'every client' : namesOf(clients);
}

/** `Go, curl and GNU wget`. */
export function namesOf(clients: readonly ProxyClient[]): string {
  const names = clients.map((client) => CLIENT_NAMES[client]);
  return names.length < 2
    ? (names[0] ?? '')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;
}
