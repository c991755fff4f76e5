/** `netpath`: the one command that is not Azure's or Kubernetes'. It asks the model what becomes of a flow. */
import { ask } from '../model/compile/ask.ts';
import type { Answer, Question } from '../model/compile/ask.ts';
import { compile } from '../model/compile/compile.ts';
import { isUrl } from '../model/compile/url-parts.ts';
import { senderSees } from '../model/compile/firewall-proxy.ts';
import { formatAddress, sameAddress } from '../model/ip/address.ts';
import { PROXY_CLIENTS } from '../model/proxy/clients.ts';
import type { ProxyClient } from '../model/proxy/clients.ts';
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { traceToJson } from '../model/trace/json.ts';
import { describeTrace } from '../model/trace/text.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from './command.ts';
import { colourTrace, wantsColour } from './netpath-colour.ts';

const HELP = `netpath: follows a flow through the simulated network and says what decides at each step.
It is part of this workbook, not of Azure or Kubernetes, and changes nothing.

Usage: netpath --from END --to END [--protocol tcp|udp|icmp] [--port N]
               [--client CLIENT] [-o text|json]

An END is one of
  pod/NAME, pod/NAMESPACE/NAME   a pod; the namespace is "default" if you leave it out
  node/NAME                      a node of a cluster
  vm/NAME                        a virtual machine
  host/NAME                      a host outside Azure, on the internet or on-premises
  internet                       the first host on the internet
  workstation                    the machine you type at, also a host on the internet
  10.244.0.5                     an address
  http://NAME[:PORT][/PATH]      a URL, only for --to; the name resolves as it does at --from, and the
                                 connection asks for it, which application rules of a firewall decide by
  service/NAME, service/NAMESPACE/NAME   a Service, only for --to: its cluster IP, or from outside the
                                 cluster its external address
  lb/NAME                        the frontend of a load balancer, only for --to
  firewall/NAME                  an address of a firewall, only for --to: its public one from the internet
With several clusters, NAME@CLUSTER says which.

Options
  --from END         where the flow starts
  --to END           where it goes
  --protocol NAME    tcp (the default), udp or icmp
  --port N           destination port, 1 to 65535. Without it: the port of the URL or Service, else 80
  --client NAME      who asks, if --to is a URL: curl, curl-7.81, go, python-urllib, python-requests, wget,
                     busybox-wget or node-fetch, each of which reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY
                     of --from in its own way; or none, which reads none of them. Without it: curl from a
                     pod, go from a node (it pulls the images), none from elsewhere
  -o, --output NAME  text (the default) or json
  -h, --help         this text

Over a proxy there are two connections: one to the proxy, which takes the request, and one that the
proxy opens to the name as it resolves there. Both are followed, and stderr says what chose the proxy.

Colours: CLICOLOR=1 on a terminal, CLICOLOR_FORCE=1 always, NO_COLOR=1 never.
Exit codes: 0 the question has an answer, whatever it is; 1 an END does not exist; 2 wrong usage.

Example: netpath --from pod/web-6d4b75cb6d-hx9bt --to internet --port 443
`;

interface Usage {
  readonly question: Question;
  readonly output: 'text' | 'json';
}

const OPTIONS = ['--from', '--to', '--protocol', '--port', '--client', '--output', '-o'] as const;
const ASKING = [...PROXY_CLIENTS, 'none'] as const;
type Option = (typeof OPTIONS)[number];

export const netpath: SimulatedCommand = { name: 'netpath', places: ['workstation'], run };

function run(context: CommandContext): CommandResult {
  const { args, cloud } = context;
  if (args.includes('--help') || args.includes('-h')) return { stdout: HELP, stderr: '', exitCode: 0 };
  const usage = parseUsage(args);
  if (!usage.ok) {
    const stderr = `netpath: ${usage.error}\nUsage: netpath --from END --to END [--protocol tcp|udp|icmp] [--port N] [--client CLIENT] [-o text|json]\nTry 'netpath --help'.\n`;
    return { stdout: '', stderr, exitCode: 2 };
  }
  const { question, output } = usage.value;
  const answer = ask(cloud, question);
  if (!answer.ok) return { stdout: '', stderr: `netpath: ${answer.error.message}\n`, exitCode: 1 };
  const remarks = [...answer.value.remarks, ...answer.value.notes]
    .map((each) => `netpath: ${each}\n`)
    .join('');
  const { trace } = answer.value;
  const plain = [title(answer.value), ...describeTrace(trace, senderSees(compile(cloud), trace))];
  const lines = wantsColour(context) ? colourTrace(plain, trace.disposition) : plain;
  const stdout =
    output === 'json' ? `${JSON.stringify(traceToJson(trace), null, 2)}\n` : `${lines.join('\n')}\n`;
  return { stdout, stderr: remarks, exitCode: 0 };
}

function title({ from, to, trace, protocol, port, over }: Answer): string {
  const sent = trace.hops[0]?.steps[0]?.before.source.address;
  // A host of which no address is known sends from none; its trace has the destination's in that place.
  const source = sent !== undefined && sameAddress(sent, to.address) ? from.address : sent;
  const sender =
    source === undefined || source === null ? from.label : `${from.label} (${formatAddress(source)})`;
  const address = formatAddress(to.address);
  const isKnown = over === null || over.target !== null;
  const receiver = to.label === address || !isKnown ? to.label : `${to.label} (${address})`;
  const by = over === null ? '' : ` over the proxy ${over.proxy}`;
  return `${sender} -> ${receiver} ${protocol}${port === null ? '' : `/${port}`}${by}`;
}

function parseUsage(args: readonly string[]): Result<Usage, string> {
  const given = new Map<Option, string>();
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const split = splitOption(word);
    if (split === null) {
      return err(
        word.startsWith('-')
          ? `unknown option ${word}`
          : `unexpected argument "${word}"; ENDs are given with --from and --to`,
      );
    }
    const value = split.value ?? args[++at];
    // An empty shell variable leaves the next option where the value should be.
    if (value === undefined || value === '' || (split.value === null && value.startsWith('-'))) {
      return err(`${split.name} needs a value`);
    }
    const option = split.name === '-o' ? '--output' : split.name;
    if (given.has(option)) return err(`${split.name} is given twice`);
    given.set(option, value);
  }
  const from = given.get('--from');
  const to = given.get('--to');
  if (from === undefined || to === undefined) {
    const missing = [from === undefined ? '--from' : null, to === undefined ? '--to' : null];
    return err(`${missing.filter((each) => each !== null).join(' and ')} must be given`);
  }
  const protocol = readProtocol(given.get('--protocol') ?? 'tcp');
  if (!protocol.ok) return protocol;
  const port = readPort(given.get('--port'));
  if (!port.ok) return port;
  if (protocol.value === 'icmp' && port.value !== null)
    return err('--protocol icmp has no ports; leave --port out');
  const client = readClient(given.get('--client'));
  if (!client.ok) return client;
  if (client.value !== null && client.value !== 'none' && !isUrl(to))
    return err(`--client says who asks for a URL, and --to "${to}" is none`);
  if (client.value !== null && client.value !== 'none' && protocol.value !== 'tcp')
    return err(`--client ${client.value} asks over tcp; leave --protocol ${protocol.value} out`);
  const output = (given.get('--output') ?? 'text').toLowerCase();
  if (output !== 'text' && output !== 'json') return err(`--output is text or json, not "${output}"`);
  const question = {
    from,
    to,
    protocol: protocol.value,
    ...(port.value === null ? {} : { port: port.value }),
    ...(client.value === null ? {} : { client: client.value }),
  };
  return ok({ question, output });
}

/** Splits `--from=END`; null for a word that is no option. */
function splitOption(word: string): { readonly name: Option; readonly value: string | null } | null {
  for (const name of OPTIONS) {
    if (word === name) return { name, value: null };
    if (word.startsWith(`${name}=`)) return { name, value: word.slice(name.length + 1) };
    if (name === '-o' && /^-o[a-z]+$/.test(word)) return { name, value: word.slice(2) };
  }
  return null;
}

function readProtocol(text: string): Result<'tcp' | 'udp' | 'icmp', string> {
  const lower = text.toLowerCase();
  if (lower === 'tcp' || lower === 'udp' || lower === 'icmp') return ok(lower);
  return err(`--protocol is tcp, udp or icmp, not "${text}"`);
}

function readClient(text: string | undefined): Result<ProxyClient | 'none' | null, string> {
  if (text === undefined) return ok(null);
  const client = ASKING.find((each) => each === text.toLowerCase());
  return client === undefined ? err(`--client is one of ${ASKING.join(', ')}, not "${text}"`) : ok(client);
}

function readPort(text: string | undefined): Result<number | null, string> {
  if (text === undefined) return ok(null);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return port >= 1 && port <= 65535 ? ok(port) : err(`--port is a number from 1 to 65535, not "${text}"`);
}
