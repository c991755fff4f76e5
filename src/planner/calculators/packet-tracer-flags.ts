/** Inputs of the packet tracer in the terminal. */
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { isUrl } from '../../model/compile/url-parts.ts';
import type { Protocol } from '../../model/network/network.ts';
import { PROXY_CLIENTS, type ProxyClient } from '../../model/proxy/clients.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { exampleTexts, SMALL_EXAMPLE } from '../import/example-network.ts';
import { readNetwork } from '../import/state-file.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import type { TracerState } from '../packet-tracer.ts';
import { withFallbacks } from '../fallback-values.ts';
import { choiceNamed } from '../choice.ts';

const PROTOCOL: CalculatorFlag = {
  name: 'protocol',
  aliases: ['proto'],
  takes: 'one',
  placeholder: 'tcp|udp|icmp',
  label: 'Protocol',
  help: 'icmp has no ports.',
  choices: [
    { value: 'tcp', label: 'TCP' },
    { value: 'udp', label: 'UDP' },
    { value: 'icmp', label: 'ICMP' },
  ],
  fallback: 'tcp',
};

const CLIENT: CalculatorFlag = {
  name: 'client',
  aliases: [],
  takes: 'one',
  placeholder: 'curl|go|...|none',
  label: 'Client',
  help: 'Who asks for a URL, and so how the proxy variables of the start are read. Without it: curl from a pod, go from a node, none from elsewhere.',
  choices: [...PROXY_CLIENTS, 'none'].map((value) => ({ value, label: value })),
  rare: true,
};

export const PACKET_TRACER_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'file',
    aliases: ['f', 'files'],
    takes: 'many',
    placeholder: 'FILE|- ...',
    label: 'File',
    help: 'JSON that az or kubectl printed, one answer or several in a file; or a state saved on the page.',
    fileFor: 'network',
    fileName: 'network.json',
    terminalOnly: true,
  },
  {
    name: 'scenario',
    aliases: [],
    takes: 'one',
    placeholder: 'NAME',
    label: 'Scenario',
    help: 'A network of the course: a name in content/scenarios.',
    fileFor: 'network',
    readAs: 'scenario',
    terminalOnly: true,
  },
  {
    name: 'example',
    aliases: [],
    takes: 'switch',
    placeholder: '',
    label: 'Example',
    help: 'A hub with a router and two spokes, as az prints them, to look around in.',
  },
  {
    name: 'network',
    aliases: ['text'],
    takes: 'many',
    placeholder: 'JSON ...',
    label: 'Network',
    help: 'The same JSON as a value.',
    lines: 10,
  },
  {
    name: 'from',
    aliases: ['source', 'src'],
    takes: 'one',
    placeholder: 'END',
    label: 'From',
    help: 'Where the flow starts: vm/NAME, node/NAME, pod/[NAMESPACE/]NAME, host/NAME, internet, or an address.',
  },
  {
    name: 'to',
    aliases: ['destination', 'dest', 'dst'],
    takes: 'one',
    placeholder: 'END|URL',
    label: 'To',
    help: 'Where it goes: the same, or service/[NAMESPACE/]NAME, lb/NAME, firewall/NAME, pe/NAME, a URL.',
  },
  {
    name: 'port',
    aliases: ['p', 'to-port', 'destination-port', 'dport'],
    takes: 'one',
    placeholder: 'N',
    label: 'Port',
    help: 'Destination port. Without it: that of the URL or Service, else 80.',
  },
  PROTOCOL,
  CLIENT,
  {
    name: 'against',
    aliases: ['compare', 'diff'],
    takes: 'many',
    placeholder: 'FILE ...',
    label: 'Against',
    help: 'The network after a change: says which flows change. --from and --to limit it to flows between the two.',
    fileFor: 'other',
    fileName: 'after.json',
    terminalOnly: true,
  },
  {
    name: 'other',
    aliases: [],
    takes: 'many',
    placeholder: 'JSON ...',
    label: 'Network after the change',
    help: 'The JSON of --against as a value.',
    lines: 10,
    rare: true,
  },
  {
    name: 'ends',
    aliases: ['end'],
    takes: 'many',
    placeholder: 'END ...',
    label: 'Ends to compare',
    help: 'With --against: flows between these ends only.',
    rare: true,
  },
  {
    name: 'list',
    aliases: ['l'],
    takes: 'switch',
    placeholder: '',
    label: 'List',
    help: 'Lists the ends.',
    terminalOnly: true,
  },
];

export interface PacketTracerInput {
  readonly state: TracerState;
  readonly other: TracerState | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly port: number | null;
  readonly protocol: Protocol;
  readonly client: ProxyClient | 'none' | null;
  readonly ends: readonly string[] | null;
  readonly wantsList: boolean;
}

export function readPacketTracer(values: FlagValues): Result<PacketTracerInput, readonly InputIssue[]> {
  const reader = new InputReader(withFallbacks(PACKET_TRACER_FLAGS, values));
  const own = reader.raw('network').filter((text) => text.trim() !== '');
  const texts = reader.isGiven('example') ? [...exampleTexts(SMALL_EXAMPLE), ...own] : own;
  const state = texts.length === 0 ? null : readNetwork(texts, { flag: 'network' });
  if (state === null && !reader.isGiven('file') && !reader.isGiven('scenario')) {
    reader.refuse('file', null, 'a network is needed.', '--file FILE, --scenario NAME or --example.');
  } else if (state === null) reader.refuse('network', null, 'The files are empty.', '--example.');
  const others = reader.raw('other').filter((text) => text.trim() !== '');
  const other = others.length === 0 ? null : readNetwork(others, { flag: 'other' });
  if (other === null && reader.isGiven('against')) reader.refuse('against', null, 'The files are empty.');
  const [from, to] = [oneText(reader, 'from'), oneText(reader, 'to')];
  const port = reader.integer('port', { lowest: 1, highest: 65_535 });
  const word = reader.single('protocol') ?? 'tcp';
  const protocol = choiceNamed(PROTOCOL, word);
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'icmp') {
    reader.refuse('protocol', word, `"${word}" is no protocol that can be asked.`, 'tcp, udp or icmp.');
  }
  if (protocol === 'icmp' && port !== null)
    reader.refuse('port', String(port), 'icmp has no ports.', 'no --port.');
  const client = readClient(reader, to);
  const wantsList = reader.isGiven('list');
  if ((from === null) !== (to === null) || (from === null && other === null && !wantsList)) {
    const missing = from === null ? 'from' : 'to';
    reader.refuse(missing, null, 'the end of a flow is needed.', `--${missing} END; --list names the ends.`);
  }
  const issues = [
    ...(state === null || state.ok ? [] : state.error),
    ...(other === null || other.ok ? [] : other.error),
    ...reader.issues,
  ];
  if (state?.ok !== true || (other !== null && !other.ok) || issues.length > 0) return err(issues);
  const ends = reader.texts('ends');
  return ok({
    state: state.value,
    other: other?.value ?? null,
    from,
    to,
    port,
    protocol: protocol === 'udp' || protocol === 'icmp' ? protocol : 'tcp',
    client,
    ends: ends.length > 0 ? ends : from === null || to === null ? null : [from, to],
    wantsList,
  });
}

function readClient(reader: InputReader, to: string | null): ProxyClient | 'none' | null {
  const word = reader.single('client');
  if (word === null) return null;
  const named = choiceNamed(CLIENT, word);
  const client = [...PROXY_CLIENTS, 'none' as const].find((each) => each === named);
  if (client === undefined) {
    reader.refuse('client', word, `"${word}" is no client.`, `${PROXY_CLIENTS.join(', ')} or none.`);
    return null;
  }
  if (client !== 'none' && to !== null && !isUrl(to)) {
    reader.refuse(
      'client',
      word,
      `${to} is no URL, and only a URL is asked for by a client.`,
      'no --client.',
    );
  }
  return client;
}

/** Ends have no spaces, but what is pasted may. */
function oneText(reader: InputReader, flag: string): string | null {
  const texts = reader
    .raw(flag)
    .map((text) => text.trim())
    .filter((text) => text !== '');
  if (texts.length > 1)
    reader.refuse(flag, texts.join(' '), `takes one value, but ${texts.length} were given.`, texts[0]);
  return texts[0] ?? null;
}
