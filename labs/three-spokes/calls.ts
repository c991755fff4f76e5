/** Who may call whom at the works, and what passes the firewall. */
import type { Before, Holds } from '../../src/lab/lab.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { portsOfFirewallRules } from '../../src/lab/rule-ports.ts';
import { ask } from '../../src/model/compile/ask.ts';
import type { Question } from '../../src/model/compile/ask.ts';
import type { Trace } from '../../src/model/trace/trace.ts';

export const FIREWALL = 'firewall/fw-hub';
const PLACES = ['vm/vm-web', 'vm/vm-data', 'vm/vm-dev', 'host/desk', 'host/ledger', 'host/printer'];
const ON_PREMISES = ['host/desk', 'host/ledger', 'host/printer'];
const PORTS = [22, 80, 443, 3389];

interface Call {
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** All that is wanted. */
export const WANTED = {
  'web-to-data': { from: 'vm/vm-web', to: 'vm/vm-data', port: 80 },
  'dev-to-web': { from: 'vm/vm-dev', to: 'vm/vm-web', port: 80 },
  'desk-to-dev': { from: 'host/desk', to: 'vm/vm-dev', port: 22 },
  'web-to-ledger': { from: 'vm/vm-web', to: 'host/ledger', port: 443 },
} as const satisfies Readonly<Record<string, Call>>;

function traced(cloud: Cloud, question: Question): Trace | string {
  const asked = ask(cloud, question);
  return asked.ok ? asked.value.trace : asked.error.message;
}

const words = ({ from, to, port }: Call): string => `${from} to ${to} tcp/${port}`;

/** Every wanted call meets the firewall on its way there and on its way back. */
export function allThroughTheFirewall(cloud: Cloud, _: Before): Holds {
  for (const call of Object.values(WANTED)) {
    const trace = traced(cloud, call);
    if (typeof trace === 'string') return { passed: false, found: trace };
    if (trace.disposition !== 'delivered') {
      return { passed: false, found: `${words(call)} is not delivered: ${trace.reason}` };
    }
    for (const [way, hops] of [
      ['on its way there', trace.hops],
      ['on its way back', trace.reverse?.hops ?? []],
    ] as const) {
      if (!hops.some(({ place }) => place === FIREWALL)) {
        return { passed: false, found: `${words(call)} does not meet ${FIREWALL} ${way}.` };
      }
    }
  }
  return { passed: true };
}

/** Of all that is not wanted, the firewall denies every call; over UDP and ICMP too. */
export function nothingElse(cloud: Cloud): Holds {
  const wanted: readonly Call[] = Object.values(WANTED);
  const ruled = portsOfFirewallRules(cloud);
  const ports = [...new Set([...PORTS, ...ruled])];
  for (const from of PLACES) {
    for (const to of PLACES) {
      if (from === to || (ON_PREMISES.includes(from) && ON_PREMISES.includes(to))) continue;
      const questions: readonly Question[] = [
        ...ports
          .filter((port) => !wanted.some((one) => one.from === from && one.to === to && one.port === port))
          .map((port) => ({ from, to, port })),
        ...[...new Set([53, ...ruled])].map((port) => ({ from, to, protocol: 'udp' as const, port })),
        { from, to, protocol: 'icmp' },
      ];
      for (const question of questions) {
        const trace = traced(cloud, question);
        if (typeof trace === 'string') return { passed: false, found: trace };
        const last = trace.hops.at(-1);
        if (trace.disposition === 'denied-outbound' && last?.place === FIREWALL) continue;
        const { protocol = 'tcp', port } = question;
        const what = `${from} to ${to} ${protocol}${port === undefined ? '' : `/${port}`}`;
        return {
          passed: false,
          found: `${what} is not denied by the firewall: ${trace.disposition}, ${trace.reason}`,
        };
      }
    }
  }
  return { passed: true };
}
