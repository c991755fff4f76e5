/** Inputs of the NAT gateway calculator. */
import { DEFAULT_OUTBOUND_IDLE_TIMEOUT, NODES_PER_CLUSTER } from '../../model/limits/aks.ts';
import { OUTBOUND_RULE_IDLE_TIMEOUT } from '../../model/limits/load-balancer.ts';
import { NAT_GATEWAY_ADDRESSES, NAT_GATEWAY_IDLE_TIMEOUT } from '../../model/limits/nat-gateway.ts';
import { FIREWALL_INSTANCES } from '../../model/limits/snat.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { ConnectionEnd } from '../../model/snat/load.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { choiceNamed } from '../choice.ts';
import { withFallbacks } from '../fallback-values.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import type { NatGatewayInput } from '../nat-gateway-load.ts';

const ENDS: Readonly<Record<ConnectionEnd, string>> = {
  fin: 'closed (FIN)',
  rst: 'cut off (RST)',
  idle: 'left open and silent',
  'half-open': 'never answered',
};

const END_FLAG: CalculatorFlag = {
  name: 'end',
  aliases: ['ends', 'close', 'closed-by', 'closing'],
  takes: 'one',
  placeholder: 'fin|rst|idle|half-open',
  label: 'How new connections end',
  help: 'Decides how long the port waits for the same destination. UDP has no end: its flows time out.',
  choices: Object.entries(ENDS).map(([value, label]) => ({ value, label })),
  words: {
    finack: 'fin',
    close: 'fin',
    reset: 'rst',
    timeout: 'idle',
    silent: 'idle',
    syn: 'half-open',
    unanswered: 'half-open',
  },
  fallback: 'fin',
};

const PROTOCOL_FLAG: CalculatorFlag = {
  name: 'protocol',
  aliases: ['proto'],
  takes: 'one',
  placeholder: 'tcp|udp',
  label: 'Protocol',
  help: 'TCP and UDP have ports of their own.',
  choices: [
    { value: 'tcp', label: 'TCP' },
    { value: 'udp', label: 'UDP' },
  ],
  fallback: 'tcp',
};

export const NAT_GATEWAY_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'per-second',
    aliases: ['rate', 'new-connections', 'connections-per-second', 'cps', 'new'],
    takes: 'one',
    placeholder: 'N',
    label: 'New connections per second',
    help: 'Of all nodes together, to all destinations. May have a fraction.',
  },
  {
    name: 'duration',
    aliases: ['open-for', 'seconds', 'lasts', 'length'],
    takes: 'one',
    placeholder: 'SECONDS',
    label: 'Seconds that each lasts',
    help: 'How long a new connection carries data.',
    fallback: '1',
  },
  {
    name: 'connections',
    aliases: ['concurrent', 'flows', 'open', 'kept'],
    takes: 'one',
    placeholder: 'N',
    label: 'Connections that stay open',
    help: 'Pools and keep-alive, of all nodes together; they come on top of the new ones.',
  },
  {
    name: 'destinations',
    aliases: ['destination', 'endpoints', 'targets'],
    takes: 'one',
    placeholder: 'N',
    label: 'Destinations',
    help: 'Addresses (with one port each) that the connections are spread over evenly.',
    fallback: '1',
  },
  END_FLAG,
  {
    name: 'outbound-ips',
    aliases: [
      'ips',
      'addresses',
      'outbound-addresses',
      'managed-outbound-ip-count',
      'nat-gateway-managed-outbound-ip-count',
    ],
    takes: 'one',
    placeholder: 'N',
    label: 'Addresses of the gateway',
    help: `1 to ${NAT_GATEWAY_ADDRESSES.value}. Empty asks for the fewest that do.`,
  },
  {
    name: 'idle-timeout',
    aliases: ['nat-gateway-idle-timeout', 'idle'],
    takes: 'one',
    placeholder: 'MINUTES',
    label: 'TCP idle timeout',
    help: 'Minutes after which the gateway forgets a silent TCP connection; that of UDP is fixed.',
    fallback: String(NAT_GATEWAY_IDLE_TIMEOUT.value.default),
    rare: true,
  },
  { ...PROTOCOL_FLAG, rare: true },
  {
    name: 'nodes',
    aliases: ['node-count', 'node', 'n'],
    takes: 'one',
    placeholder: 'N',
    label: 'Nodes',
    help: 'For the comparison: behind a load balancer each node has ports of its own, also those that an upgrade adds.',
    fallback: '3',
    rare: true,
  },
  {
    name: 'lb-idle-timeout',
    aliases: ['load-balancer-idle-timeout'],
    takes: 'one',
    placeholder: 'MINUTES',
    label: 'Idle timeout of the load balancer',
    help: 'For the comparison.',
    fallback: String(DEFAULT_OUTBOUND_IDLE_TIMEOUT.value),
    rare: true,
  },
  {
    name: 'firewall-instances',
    aliases: ['instances'],
    takes: 'one',
    placeholder: 'N',
    label: 'Instances of a firewall',
    help: 'For the comparison: Azure Firewall has at least two.',
    fallback: String(FIREWALL_INSTANCES.value.lowest),
    rare: true,
  },
  {
    name: 'check',
    aliases: ['strict'],
    takes: 'switch',
    placeholder: '',
    label: 'Check',
    help: 'Exit with 1 if the addresses, or a gateway with all 16, do not carry the load.',
    terminalOnly: true,
  },
];

const MOST_CONNECTIONS = 100_000_000;
const MOST_SECONDS = 86_400;

export interface NatGatewayQuestion {
  readonly input: NatGatewayInput;
  readonly outcome: 'report' | 'check';
}

/** Returns the inputs, or everything that is wrong with them. */
export function readNatGateway(values: FlagValues): Result<NatGatewayQuestion, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(NAT_GATEWAY_FLAGS, values));
  const number = (flag: string, lowest: number, highest: number) =>
    reader.integer(flag, { lowest, highest }) ?? 0;
  const perSecond = fraction(reader, 'per-second', 1_000_000);
  const openFor = fraction(reader, 'duration', MOST_SECONDS);
  const kept = number('connections', 0, MOST_CONNECTIONS);
  const destinations = number('destinations', 1, 1_000_000);
  const end = chosen(reader, END_FLAG);
  const addresses = reader.integer('outbound-ips', { lowest: 1, highest: NAT_GATEWAY_ADDRESSES.value });
  const idleTimeoutInMinutes = reader.integer('idle-timeout', NAT_GATEWAY_IDLE_TIMEOUT.value) ?? 0;
  const protocol = chosen(reader, PROTOCOL_FLAG);
  const nodes = number('nodes', 1, NODES_PER_CLUSTER.value);
  const balancerIdleTimeoutInMinutes =
    reader.integer('lb-idle-timeout', OUTBOUND_RULE_IDLE_TIMEOUT.value) ?? 0;
  const firewallInstances =
    reader.integer('firewall-instances', FIREWALL_INSTANCES.value) ?? FIREWALL_INSTANCES.value.lowest;
  if (reader.issues.length === 0 && perSecond === 0 && kept === 0) {
    reader.refuse(
      'per-second',
      null,
      'is missing: how many new connections per second, or how many that stay open?',
      '--per-second 100, or --connections 5000',
    );
  }
  if (reader.issues.length > 0) return err(reader.issues);
  return ok({
    input: {
      load: {
        protocol: protocol === 'udp' ? 'udp' : 'tcp',
        kept,
        perSecond,
        openFor,
        end: isEnd(end) ? end : 'fin',
        destinations,
      },
      idleTimeoutInMinutes,
      addresses,
      nodes,
      balancerIdleTimeoutInMinutes,
      firewallInstances,
    },
    outcome: reader.isGiven('check') ? 'check' : 'report',
  });
}

function isEnd(text: string): text is ConnectionEnd {
  return text in ENDS;
}

/** Reads one of the flag's choices; what it has refused comes back as it was. */
function chosen(reader: InputReader, flag: CalculatorFlag): string {
  const text = reader.single(flag.name) ?? '';
  const value = choiceNamed(flag, text);
  if (value !== null) return value;
  const values = (flag.choices ?? []).map((each) => each.value);
  reader.refuse(flag.name, text, `"${text}" is none of ${values.join(', ')}.`, values[0] ?? null);
  return text;
}

/** `12` or `0.5`; 0 if the flag is absent. */
function fraction(reader: InputReader, flag: string, highest: number): number {
  const text = reader.single(flag);
  if (text === null) return 0;
  if (!/^\d+(\.\d+)?$/.test(text)) {
    reader.refuse(flag, text, `"${text}" is no number of 0 or more.`, 'digits, as in 12 or 0.5');
    return 0;
  }
  const value = Number(text);
  if (value > highest) {
    reader.refuse(flag, text, `${text} is outside 0 to ${highest.toLocaleString('en')}.`, String(highest));
  }
  return value;
}
