/** The shop behind its firewall: who reaches it, and who must not. */
import { isMissing, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import type { Before, EndOf, Holds, Missing } from '../../src/lab/lab.ts';
import { findResource, listResources } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { portsOfFirewallRules } from '../../src/lab/rule-ports.ts';
import { ask } from '../../src/model/compile/ask.ts';
import type { Question } from '../../src/model/compile/ask.ts';
import type { Trace } from '../../src/model/trace/trace.ts';

const GROUP = 'rg-shop';
const CLUSTER = 'aks-shop';
export const FIREWALL = 'firewall/fw-shop';
/** Asked with a name, since application rules decide by it. */
const WEB = [80, 443];
const NODES = 2;
const OFFICE = ['host/office', 'host/office-2'];
const OUTSIDE = ['host/customer', ...OFFICE, 'host/neighbour', 'host/payments', 'host/drop'];

/** The address that customers are told. */
export const published: EndOf = (cloud): string | Missing =>
  findResource(cloud, 'Microsoft.Network/publicIPAddresses', GROUP, 'pip-fw')?.ipAddress ?? {
    missing: 'The address pip-fw is gone.',
  };

function podsOf(cloud: Cloud): readonly string[] | Missing {
  const view = viewCluster(cloud, GROUP, CLUSTER);
  if (isMissing(view)) return view;
  const running = nodesRunning(view, 'shop');
  return running.length < NODES
    ? { missing: `There were ${NODES} nodes with a pod of shop, and there are ${running.length}.` }
    : running.map(({ pod }) => podEnd(pod));
}

export const firstPod: EndOf = (cloud): string | Missing => {
  const pods = podsOf(cloud);
  return isMissing(pods) ? pods : (pods[0] ?? { missing: 'There is no pod of shop.' });
};

export function traced(cloud: Cloud, question: Question): Trace {
  const asked = ask(cloud, question);
  if (!asked.ok) throw new Error(`${question.from} to ${question.to}: ${asked.error.message}`);
  return asked.value.trace;
}

/** Customers and the office from many ports, since the one that calls decides whom a load balancer chooses. */
export function everyConnection(cloud: Cloud): Holds {
  const to = typeof published === 'string' ? published : published(cloud, { start: cloud });
  if (isMissing(to)) return { passed: false, found: to.missing };
  for (const [from, port] of [
    ['host/customer', 80],
    ['host/office', 80],
    ['host/office', 8080],
    ['host/office-2', 8080],
  ] as const) {
    for (let sourcePort = 40_001; sourcePort < 40_017; sourcePort += 1) {
      const trace = traced(cloud, { from, to, port, sourcePort });
      if (trace.disposition !== 'delivered') {
        return { passed: false, found: `${from} (port ${sourcePort}) to ${to} tcp/${port}: ${trace.reason}` };
      }
      const ways = [trace.hops, trace.reverse?.hops ?? []];
      if (!ways.every((hops) => hops.some(({ place }) => place === FIREWALL))) {
        return { passed: false, found: `${from} to ${to} tcp/${port} does not meet ${FIREWALL} both ways.` };
      }
    }
  }
  return { passed: true };
}

/** Whatever public address there is, nothing but what was asked for gets in by it. */
export function noOtherWayIn(cloud: Cloud): Holds {
  const own = typeof published === 'string' ? published : published(cloud, { start: cloud });
  if (isMissing(own)) return { passed: false, found: own.missing };
  const addresses = listResources(cloud, 'Microsoft.Network/publicIPAddresses').flatMap(
    ({ ipAddress }) => ipAddress ?? [],
  );
  const ports = [...new Set([22, 80, 443, 8080, 8443, 10250, ...portsOfFirewallRules(cloud, ['dnat'])])];
  for (const to of addresses) {
    for (const from of OUTSIDE) {
      for (const port of ports) {
        const wanted = to === own && (port === 80 || (port === 8080 && OFFICE.includes(from)));
        if (wanted) continue;
        const { disposition } = traced(cloud, { from, to, port });
        if (disposition === 'delivered' || disposition === 'refused') {
          return { passed: false, found: `${from} gets in at ${to} tcp/${port}: ${disposition}.` };
        }
      }
    }
  }
  return { passed: true };
}

/** Web calls by name, and every port that a rule speaks of at hosts that no rule is about. */
function callsOut(cloud: Cloud): readonly Omit<Question, 'from'>[] {
  const ports = portsOfFirewallRules(cloud, ['network']).filter((port) => !WEB.includes(port));
  return [
    ...['pay.example.com', 'drop.example.net', 'www.example.com'].flatMap((name) => [
      { to: `https://${name}` },
      { to: `http://${name}` },
    ]),
    { to: 'https://shop-7.pay.example.com' },
    ...OUTSIDE.flatMap((to) => [
      { to, protocol: 'icmp' as const },
      ...[22, 53, ...ports].flatMap((port) =>
        (['tcp', 'udp'] as const).map((protocol) => ({ to, protocol, port })),
      ),
    ]),
  ];
}

/** What pods reach, and by whose address. Everything that was denied is still denied by the firewall. */
export function wayOutAsBefore(cloud: Cloud, { start }: Before): Holds {
  const pods = podsOf(cloud);
  if (isMissing(pods)) return { passed: false, found: pods.missing };
  const [before] = (() => {
    const found = podsOf(start);
    return isMissing(found) ? [] : found;
  })();
  if (before === undefined) throw new Error('no pod at the start');
  for (const from of pods) {
    for (const question of callsOut(cloud)) {
      const { to } = question;
      const [was, is] = [traced(start, { from: before, ...question }), traced(cloud, { from, ...question })];
      const place = (trace: Trace): string => trace.hops.at(-1)?.place ?? '';
      if (was.disposition !== is.disposition || place(was) !== place(is)) {
        return {
          passed: false,
          found: `${from} to ${to}${question.port === undefined ? '' : ` ${question.protocol ?? 'tcp'}/${question.port}`} was ${was.disposition}, and is ${is.disposition}: ${is.reason}`,
        };
      }
    }
  }
  return { passed: true };
}
