/** What works in the company's network when nothing is broken: the calls of each ticket, and what is shut. */
import { isMissing, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import type { Holds, Missing } from '../../src/lab/lab.ts';
import { findResource, listResources } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { portsOfFirewallRules } from '../../src/lab/rule-ports.ts';
import { ask } from '../../src/model/compile/ask.ts';
import type { Question } from '../../src/model/compile/ask.ts';
import type { Trace } from '../../src/model/trace/trace.ts';

export const GROUP = 'rg-company';
const FIREWALL = 'firewall/fw-hub';
const NODES = 2;

export type Ticket = 'customers' | 'stock' | 'plant' | 'ratings' | 'payments';
export const TICKETS: readonly Ticket[] = ['customers', 'stock', 'plant', 'ratings', 'payments'];

/** What people notice. */
export const SYMPTOM: Readonly<Record<Ticket, string>> = {
  customers: 'Customers do not get the shop.',
  stock: 'The shop cannot read the stock.',
  plant: 'The desk does not get the reports, or orders do not get to the plant.',
  ratings: 'The shop shows no ratings.',
  payments: 'Nobody can pay.',
};

interface Company {
  readonly web: readonly string[];
  readonly stock: readonly string[];
  readonly reports: readonly string[];
  /** Where customers know the shop. */
  readonly front: string;
  readonly endpoint: string;
}

/** Returns the ends of the calls, or what of them is missing. */
export function companyOf(cloud: Cloud): Company | Missing {
  const running = (cluster: string, app: string): readonly string[] | Missing => {
    const view = viewCluster(cloud, GROUP, cluster);
    if (isMissing(view)) return view;
    const pods = nodesRunning(view, app).map(({ pod }) => podEnd(pod));
    return pods.length < NODES
      ? { missing: `Of the pods of ${app} ${pods.length} run, and there were ${NODES}.` }
      : pods;
  };
  const [web, stock, reports] = [
    running('aks-shop', 'web'),
    running('aks-data', 'stock'),
    running('aks-data', 'reports'),
  ];
  if (isMissing(web)) return web;
  if (isMissing(stock)) return stock;
  if (isMissing(reports)) return reports;
  const front =
    findResource(cloud, 'Microsoft.Network/publicIPAddresses', GROUP, 'pip-fw')?.ipAddress ?? null;
  if (front === null) return { missing: 'The address pip-fw is gone.' };
  const card = findResource(cloud, 'Microsoft.Network/privateEndpoints', GROUP, 'pe-ratings')
    ?.networkInterfaces[0];
  const endpoint = listResources(cloud, 'Microsoft.Network/networkInterfaces').find(
    ({ id }) => id === card?.id,
  )?.ipConfigurations[0]?.privateIPAddress;
  return endpoint === undefined
    ? { missing: 'The private endpoint pe-ratings is gone.' }
    : { web, stock, reports, front, endpoint };
}

/** The calls that a ticket is about. */
function callsOf(ticket: Ticket, company: Company): readonly Question[] {
  switch (ticket) {
    case 'customers':
      return [40_001, 41_002, 42_003, 43_004].map((sourcePort) => ({
        from: 'host/customer',
        to: company.front,
        port: 80,
        sourcePort,
      }));
    case 'stock':
      return company.web.map((from) => ({ from, to: 'http://10.20.1.10' }));
    case 'plant':
      return [
        { from: 'host/desk', to: 'http://10.20.1.11' },
        ...[...company.stock, ...company.reports].map((from) => ({ from, to: 'host/plant', port: 443 })),
      ];
    case 'ratings':
      return company.web.map((from) => ({ from, to: `http://${company.endpoint}` }));
    case 'payments':
      return company.web.map((from) => ({ from, to: 'https://pay.example.com' }));
  }
}

/** Where both directions of a ticket's calls have to pass the firewall. */
const INSPECTED: readonly Ticket[] = ['customers', 'stock', 'plant', 'payments'];

function traced(cloud: Cloud, question: Question): Trace {
  const asked = ask(cloud, question);
  if (!asked.ok) throw new Error(`${question.from} to ${question.to}: ${asked.error.message}`);
  return asked.value.trace;
}

const words = ({ from, to, protocol = 'tcp', port }: Question): string =>
  `${from} to ${to}${port === undefined ? '' : ` ${protocol}/${port}`}`;

/** Returns why a ticket cannot be closed, in words, or null. */
export function openTicket(cloud: Cloud, ticket: Ticket): string | null {
  const company = companyOf(cloud);
  if (isMissing(company)) return company.missing;
  for (const call of callsOf(ticket, company)) {
    const trace = traced(cloud, call);
    if (trace.disposition !== 'delivered') return `${words(call)}: ${trace.disposition}, ${trace.reason}`;
    if (!INSPECTED.includes(ticket)) continue;
    for (const hops of [trace.hops, trace.reverse?.hops ?? []]) {
      if (!hops.some(({ place }) => place === FIREWALL)) return `${words(call)} goes round ${FIREWALL}.`;
    }
  }
  return null;
}

interface Shut {
  readonly question: Question;
  readonly disposition: 'denied-inbound' | 'denied-outbound';
  /** The place whose rule has to deny it. */
  readonly place: string;
}

function shutCalls(cloud: Cloud, { web, stock, reports, front }: Company): readonly Shut[] {
  const firewall = (question: Question): Shut => ({
    question,
    disposition: 'denied-outbound',
    place: FIREWALL,
  });
  const group = (question: Question, network: string): Shut => ({
    question,
    disposition: 'denied-inbound',
    place: `fabric/${network}`,
  });
  const ports = [22, 443, 3389, 10_250];
  // A rule that is too wide is found at one of its own ports; 80 and 443 are asked with a name.
  const published = portsOfFirewallRules(cloud, ['dnat']).filter((port) => port !== 80);
  const ruled = portsOfFirewallRules(cloud, ['network']).filter((port) => port !== 80 && port !== 443);
  const inside = [22, ...ruled].flatMap((port) =>
    (['tcp', 'udp'] as const).map((protocol) => ({ port, protocol })),
  );
  const [firstWeb = '', firstStock = ''] = [web[0], stock[0]];
  return [
    ...[...new Set([22, 443, 8080, ...published])].map((port): Shut => ({
      question: { from: 'host/customer', to: front, port },
      disposition: 'denied-inbound',
      place: FIREWALL,
    })),
    ...[...web, ...stock, ...reports].flatMap((from) => [
      firewall({ from, to: 'https://drop.example.net' }),
      firewall({ from, to: 'http://drop.example.net' }),
      firewall({ from, to: 'https://www.example.com' }),
      firewall({ from, to: 'https://forum.example.org' }),
      firewall({ from, to: 'host/customer', port: 22 }),
      firewall({ from, to: 'host/desk', port: 22 }),
    ]),
    ...[...stock, ...reports].flatMap((from) => [
      firewall({ from, to: 'https://pay.example.com' }),
      firewall({ from, to: 'http://10.10.1.10' }),
    ]),
    ...web.flatMap((from) => [
      firewall({ from, to: 'http://10.20.1.11' }),
      firewall({ from, to: 'host/plant', port: 8443 }),
      firewall({ from, to: '10.20.1.10', port: 22 }),
    ]),
    ...ports.flatMap((port) => [
      firewall({
        from: 'host/desk',
        to: port === 443 ? 'https://10.20.1.11' : '10.20.1.11',
        ...(port === 443 ? {} : { port }),
      }),
      firewall({
        from: 'host/plant',
        to: port === 443 ? 'https://10.20.1.11' : '10.20.1.11',
        ...(port === 443 ? {} : { port }),
      }),
    ]),
    ...inside.flatMap((how) => [
      firewall({ from: firstWeb, to: '10.20.1.10', ...how }),
      firewall({ from: firstWeb, to: 'host/plant', ...how }),
      firewall({ from: firstWeb, to: 'host/customer', ...how }),
      firewall({ from: firstStock, to: '10.10.1.10', ...how }),
      firewall({ from: firstStock, to: 'host/desk', ...how }),
      firewall({ from: firstStock, to: 'host/customer', ...how }),
      firewall({ from: 'host/desk', to: '10.20.1.11', ...how }),
      firewall({ from: 'host/plant', to: '10.10.1.10', ...how }),
    ]),
    ...['host/customer', 'host/desk', '10.20.1.10'].map((to) =>
      firewall({ from: firstWeb, to, protocol: 'icmp' }),
    ),
    firewall({ from: 'host/plant', to: 'http://10.20.1.11' }),
    firewall({ from: 'host/desk', to: 'http://10.20.1.10' }),
    firewall({ from: 'host/desk', to: 'http://10.10.1.10' }),
    ...[22, 80].map((port) => group({ from: 'vm/vm-next', to: 'vm/vm-ratings', port }, 'vnet-ratings')),
    group({ from: 'vm/vm-jump', to: '10.10.1.10', port: 80 }, 'vnet-shop'),
    group({ from: 'vm/vm-jump', to: '10.20.1.10', port: 80 }, 'vnet-data'),
    ...ports.flatMap((port) => [
      group({ from: 'vm/vm-jump', to: '10.10.0.4', port }, 'vnet-shop'),
      group({ from: 'vm/vm-jump', to: '10.20.0.4', port }, 'vnet-data'),
    ]),
    group({ from: 'vm/vm-jump', to: '10.20.1.11', port: 80 }, 'vnet-data'),
  ];
}

/**
 * Calls of the shop past what it may call, on ports where application rules decide by a name that these calls
 * do not have: it is enough that they do not get through.
 */
function shopBesides(cloud: Cloud, { web, stock, reports }: Company): string | null {
  const calls = web.flatMap((from): readonly Question[] => [
    { from, to: 'host/plant', port: 443 },
    ...[...stock, ...reports].map((to) => ({ from, to, port: 80 })),
  ]);
  const served = calls.find((call) => traced(cloud, call).disposition === 'delivered');
  return served === undefined ? null : `${words(served)} gets through, and must not.`;
}

/** Of what must not get through, everything is denied by whoever is there to deny it. */
export function stillShut(cloud: Cloud): Holds {
  const company = companyOf(cloud);
  if (isMissing(company)) return { passed: false, found: company.missing };
  const besides = shopBesides(cloud, company);
  if (besides !== null) return { passed: false, found: besides };
  for (const { question, disposition, place } of shutCalls(cloud, company)) {
    const trace = traced(cloud, question);
    const last = trace.hops.at(-1)?.place;
    if (trace.disposition === disposition && last === place) continue;
    return {
      passed: false,
      found: `${words(question)} must be denied at ${place}, and is ${trace.disposition}: ${trace.reason}`,
    };
  }
  return { passed: true };
}
