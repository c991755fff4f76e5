import { drawGuid } from '../chance.ts';
import type { Cloud, OutsideHost, Subscription } from '../cloud.ts';

/** What a new cloud may be given; scenarios fill it from their `#:` lines. */
export interface CloudOptions {
  readonly seed?: string;
  /** Virtual time at the start, in seconds since the Unix epoch. */
  readonly now?: number;
  readonly clock?: Cloud['clock'];
  readonly pins?: Readonly<Record<string, string>>;
  readonly outsideHosts?: readonly OutsideHost[];
}

const DEFAULT_NOW = Date.UTC(2026, 8, 1, 9) / 1000;

/** The internet host that every cloud has: a web server that answers with the client address it sees. */
const INTERNET: OutsideHost = {
  kind: 'internet',
  name: 'internet',
  address: '203.0.113.80',
  dnsNames: [
    ...['example.com', 'www.example.com', 'ifconfig.me', 'icanhazip.com', 'api.ipify.org'],
    'downloads.mitmproxy.org',
  ],
  ports: [80, 443],
};

/**
 * Microsoft's registry and others of its names that nodes need. The last address of a documentation range is given to
 * nothing else, so that no address that is drawn depends on this host.
 */
const MICROSOFT: OutsideHost = {
  kind: 'internet',
  name: 'microsoft',
  address: '198.51.100.255',
  dnsNames: [
    ...['mcr.microsoft.com', 'westeurope.data.mcr.microsoft.com', 'packages.microsoft.com'],
    ...['packages.aks.azure.com', 'management.azure.com', 'login.microsoftonline.com'],
  ],
  ports: [80, 443],
};

/**
 * The subscriptions of the tenant: the learner's, which is current first, and the one of a partner. Each
 * has a user of its own, who owns it and has no rights in the other; `az` is signed in as both.
 */
export function drawSubscriptions(
  chance: Pick<Cloud, 'seed' | 'pins'>,
): readonly [Subscription, Subscription] {
  const tenantId = drawGuid(chance, 'tenant');
  return [
    {
      id: drawGuid(chance, 'subscription'),
      name: 'Networking Workbook',
      tenantId,
      user: 'learner@example.com',
    },
    { id: drawGuid(chance, 'subscription/Partner'), name: 'Partner', tenantId, user: 'partner@example.com' },
  ];
}

/**
 * Returns a tenant of empty subscriptions: no resource groups, one internet host (unless `outsideHosts` brings
 * its own), clock at 2026-09-01T09:00:00Z. Everything drawn later follows from `seed`.
 */
export function newCloud(options: CloudOptions = {}): Cloud {
  const seed = options.seed ?? 'workbook';
  const chance = { seed, pins: options.pins ?? {} };
  const outsideHosts = options.outsideHosts ?? [];
  const subscriptions = drawSubscriptions(chance);
  return {
    version: 2,
    seed,
    now: options.now ?? DEFAULT_NOW,
    clock: options.clock ?? 'running',
    subscription: subscriptions[0],
    subscriptions,
    resourceGroups: {},
    resources: {},
    operations: [],
    kubernetes: {},
    outsideHosts: outsideHosts.some((host) => host.kind === 'internet')
      ? outsideHosts
      : [INTERNET, MICROSOFT, ...outsideHosts],
    pins: chance.pins,
  };
}
