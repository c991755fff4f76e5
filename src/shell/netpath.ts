/** `netpath`: the one command that is not Azure's or Kubernetes'. It asks the model what becomes of a flow. */
import { ask } from '../model/compile/ask.ts';
import type { Answer, Question } from '../model/compile/ask.ts';
import { compile } from '../model/compile/compile.ts';
import { senderSees } from '../model/compile/firewall-proxy.ts';
import { formatAddress, sameAddress } from '../model/ip/address.ts';
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { traceToJson } from '../model/trace/json.ts';
import { describeTrace } from '../model/trace/text.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from './command.ts';
import { colourTrace, wantsColour } from './netpath-colour.ts';

const HELP = `netpath: follows a flow through the simulated network and says what decides at each step.
It is part of this workbook, not of Azure or Kubernetes, and changes nothing.

Usage: netpath --from END --to END [--protocol tcp|udp|icmp] [--port N] [-o text|json]

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
  -o, --output NAME  text (the default) or json
  -h, --help         this text

Colours: CLICOLOR=1 on a terminal, CLICOLOR_FORCE=1 always, NO_COLOR=1 never.
Exit codes: 0 the question has an answer, whatever it is; 1 an END does not exist; 2 wrong usage.

Example: netpath --from pod/web-6d4b75cb6d-hx9bt --to internet --port 443
`;

interface Usage {
  readonly question: Question;
  readonly output: 'text' | 'json';
}

const OPTIONS = ['--from', '--to', '--protocol', '--port', '--output', '-o'] as const;
type Option = (typeof OPTIONS)[number];

export const netpath: SimulatedCommand = { name: 'netpath', places: ['workstation'], run };

function run(context: CommandContext): CommandResult {
  const { args, cloud } = context;
  if (args.includes('--help') || args.includes('-h')) return { stdout: HELP, stderr: '', exitCode: 0 };
  const usage = parseUsage(args);
  if (!usage.ok) {
    const stderr = `netpath: ${usage.error}\nUsage: netpath --from END --to END [--protocol tcp|udp|icmp] [--port N] [-o text|json]\nTry 'netpath --help'.\n`;
    return { stdout: '', stderr, exitCode: 2 };
  }
  const { question, output } = usage.value;
  const answer = ask(cloud, question);
  if (!answer.ok) return { stdout: '', stderr: `netpath: ${answer.error.message}\n`, exitCode: 1 };
  const remarks = answer.value.remarks.map((each) => `netpath: ${each}\n`).join('');
  const { trace } = answer.value;
  const plain = [title(answer.value), ...describeTrace(trace, senderSees(compile(cloud), trace))];
  const lines = wantsColour(context) ? colourTrace(plain, trace.disposition) : plain;
  const stdout =
    output === 'json' ? `${JSON.stringify(traceToJson(trace), null, 2)}\n` : `${lines.join('\n')}\n`;
  return { stdout, stderr: remarks, exitCode: 0 };
}

function title({ from, to, trace, protocol, port }: Answer): string {
  const sent = trace.hops[0]?.steps[0]?.before.source.address;
  // A host of which no address is known sends from none; its trace has the destination's in that place.
  const source = sent !== undefined && sameAddress(sent, to.address) ? from.address : sent;
  const sender =
    source === undefined || source === null ? from.label : `${from.label} (${formatAddress(source)})`;
  const address = formatAddress(to.address);
  const receiver = to.label === address ? address : `${to.label} (${address})`;
  return `${sender} -> ${receiver} ${protocol}${port === null ? '' : `/${port}`}`;
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
  const output = (given.get('--output') ?? 'text').toLowerCase();
  if (output !== 'text' && output !== 'json') return err(`--output is text or json, not "${output}"`);
  const question = {
    from,
    to,
    protocol: protocol.value,
    ...(port.value === null ? {} : { port: port.value }),
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

function readPort(text: string | undefined): Result<number | null, string> {
  if (text === undefined) return ok(null);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return port >= 1 && port <= 65535 ? ok(port) : err(`--port is a number from 1 to 65535, not "${text}"`);
}
