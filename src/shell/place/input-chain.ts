/**
 * `iptables` on an on-premises host: its own firewall, the chain INPUT of the filter table. Wording as
 * iptables 1.8 has it; the other two chains are empty, and stay so.
 */
import type { Cloud, InputChain, InputRule, OutsideHost } from '../../model/cloud.ts';
import { inputRuleText, portsText, statesText } from '../../model/input-rule-text.ts';
import type { CommandResult } from '../command.ts';
import { readInputRules, type Refusal } from './input-rule.ts';
import type { NetworkView } from './network-view.ts';
import { failed, notSimulatedHere, printed } from './program.ts';

type OnPremisesHost = Extract<OutsideHost, { kind: 'on-premises' }>;

const EMPTY: InputChain = { policy: 'ACCEPT', rules: [] };
const CHAINS = ['INPUT', 'FORWARD', 'OUTPUT'];
const BAD_RULE = 'iptables: Bad rule (does a matching rule exist in that chain?).\n';
const NO_CHAIN = 'iptables: No chain/target/match by that name.\n';

const COMMANDS: Readonly<Record<string, string>> = {
  '--append': '-A',
  '--delete': '-D',
  '--insert': '-I',
  '--replace': '-R',
  '--check': '-C',
  '--flush': '-F',
  '--policy': '-P',
  '--list': '-L',
  '--list-rules': '-S',
  '--zero': '-Z',
  '--new-chain': '-N',
  '--delete-chain': '-X',
  '--rename-chain': '-E',
};
const ACCEPTED_ALWAYS = [
  '-w',
  '--wait',
  '-n',
  '--numeric',
  '-v',
  '--verbose',
  '-x',
  '--exact',
  '--line-numbers',
];

/** What an on-premises host admits, as far as its own firewall goes. */
export function inputChainOf(host: OnPremisesHost): InputChain {
  return host.inputChain ?? EMPTY;
}

/** Runs `iptables ARGS` on the filter table of an on-premises host. */
export function filterTable(args: readonly string[], view: NetworkView, host: OnPremisesHost): CommandResult {
  const words = withoutTable(args).flatMap(splitLetters);
  const at = words.findIndex((word) => /^-[ADIRCFPLSZNXE]$/.test(COMMANDS[word] ?? word));
  if (at < 0) return usage('no command specified');
  const command = COMMANDS[words[at] ?? ''] ?? words[at] ?? '';
  const flags = new Set(words.filter((word) => ACCEPTED_ALWAYS.includes(word)));
  const rest = words.filter((word, each) => each !== at && !ACCEPTED_ALWAYS.includes(word));
  const second = rest.find((word) => /^-[ADIRCFPLSZNXE]$/.test(COMMANDS[word] ?? word));
  if (second !== undefined) return usage(`Cannot use ${COMMANDS[second] ?? second} with ${command}`);
  const [chain, ...after] = rest;
  const before = inputChainOf(host);
  if (command === '-L' || command === '-S') return list(command, chain, after, before, flags);
  if (['-Z', '-N', '-X', '-E'].includes(command)) return notSimulatedHere('iptables', `iptables ${command}`);
  if (chain === undefined && command === '-F') return change(view, host, { ...before, rules: [] });
  if (command === '-P' && (chain === undefined || after[0] === undefined))
    return usage('-P requires a chain and a policy');
  if (chain === undefined) return usage(`option "${words[at] ?? ''}" requires an argument`);
  if (!CHAINS.includes(chain)) return failed(NO_CHAIN);
  if (chain !== 'INPUT') return notSimulatedHere('iptables', `changing the chain ${chain}`);
  if (command === '-F') return change(view, host, { ...before, rules: [] });
  if (command === '-P') {
    const [policy] = after;
    if (policy !== 'ACCEPT' && policy !== 'DROP')
      return failed("iptables: Bad policy name. Run `dmesg' for more information.\n");
    return change(view, host, { ...before, policy });
  }
  return changeRules(command, after, view, host, before);
}

function changeRules(
  command: string,
  words: readonly string[],
  view: NetworkView,
  host: OnPremisesHost,
  before: InputChain,
): CommandResult {
  const numbered = /^\d+$/.test(words[0] ?? '') && ['-D', '-I', '-R'].includes(command);
  const number = numbered ? Number(words[0]) : null;
  if (number === 0) return usage("Invalid rule number `0'");
  if (command === '-R' && number === null) return usage('-R requires a rule number');
  const spec = numbered ? words.slice(1) : words;
  const { rules } = before;
  if (command === '-D' && number !== null) {
    if (spec.length > 0) return usage('Illegal option with this command');
    if (number > rules.length) return failed('iptables: Index of deletion too big.\n');
    return change(view, host, { ...before, rules: rules.toSpliced(number - 1, 1) });
  }
  const read = readInputRules(spec);
  if (!read.ok) return refuse(read.error);
  const made = read.value;
  switch (command) {
    case '-A':
      return change(view, host, { ...before, rules: [...rules, ...made] });
    case '-I': {
      if ((number ?? 1) > rules.length + 1) return failed('iptables: Index of insertion too big.\n');
      // Several sources go in one after the other, each in front of the one before.
      return change(view, host, {
        ...before,
        rules: rules.toSpliced((number ?? 1) - 1, 0, ...made.toReversed()),
      });
    }
    case '-R':
      if ((number ?? 1) > rules.length) return failed('iptables: Index of replacement too big.\n');
      return change(view, host, { ...before, rules: rules.toSpliced((number ?? 1) - 1, 1, ...made) });
    case '-C':
      return made.every((each) => placeOf(each, rules) >= 0) ? printed('') : failed(BAD_RULE);
    default: {
      let left = rules;
      for (const each of made) {
        const place = placeOf(each, left);
        if (place < 0) return failed(BAD_RULE);
        left = left.toSpliced(place, 1);
      }
      return change(view, host, { ...before, rules: left });
    }
  }
}

function placeOf(wanted: InputRule, rules: readonly InputRule[]): number {
  return rules.findIndex((each) => inputRuleText(each) === inputRuleText(wanted));
}

function change({ cloud }: NetworkView, host: OnPremisesHost, inputChain: InputChain): CommandResult {
  return { ...printed(''), cloud: withInputChain(cloud, host.name, inputChain) };
}

function withInputChain(cloud: Cloud, name: string, inputChain: InputChain): Cloud {
  return {
    ...cloud,
    outsideHosts: cloud.outsideHosts.map((each) =>
      each.kind === 'on-premises' && each.name === name ? { ...each, inputChain } : each,
    ),
  };
}

function refuse(refusal: Refusal): CommandResult {
  return refusal.kind === 'usage' ? usage(refusal.message) : notSimulatedHere('iptables', refusal.what);
}

function usage(message: string): CommandResult {
  const help = "Try `iptables -h' or 'iptables --help' for more information.\n";
  const bare = message.startsWith('Bad argument');
  return failed(`${bare ? '' : 'iptables v1.8.7 (nf_tables): '}${message}\n${help}`, 2);
}

export function withoutTable(args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg) => arg === '-t' || arg === '--table');
  if (at >= 0) return args.toSpliced(at, 2);
  return args.filter((arg) => !/^-t\w|^--table=/.test(arg));
}

/** `-nvL` is three letters; `--source=ADDRESS` is two words. */
function splitLetters(word: string): readonly string[] {
  if (/^--[a-z-]+=/.test(word)) return word.split(/=(.*)/s).slice(0, 2);
  if (/^-[nvxw]+[LS]?[nvxw]*$/.test(word) || /^-[LS][nvxw]+$/.test(word))
    return [...word.slice(1)].map((letter) => `-${letter}`);
  return [word];
}

/** Returns the filter table as `iptables-save` writes it. */
export function savedFilterTable(host: OnPremisesHost): string {
  const { policy, rules } = inputChainOf(host);
  const lines = rules.map((rule) => `${inputRuleText(rule)}\n`).join('');
  return `*filter\n:INPUT ${policy} [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${lines}COMMIT\n`;
}

function list(
  command: '-L' | '-S',
  chain: string | undefined,
  after: readonly string[],
  input: InputChain,
  flags: ReadonlySet<string>,
): CommandResult {
  if (chain !== undefined && !CHAINS.includes(chain)) return failed(NO_CHAIN);
  const [wanted, extra] = after;
  if (extra !== undefined || (wanted !== undefined && !/^[1-9]\d*$/.test(wanted)))
    return usage(`Bad argument \`${extra ?? wanted ?? ''}'`);
  const shown = CHAINS.filter((name) => chain === undefined || name === chain).map((name) =>
    name === 'INPUT' ? { name, ...input } : { name, ...EMPTY },
  );
  const only = wanted === undefined ? null : Number(wanted);
  if (command === '-S') {
    const policies = shown.map(({ name, policy }) => `-P ${name} ${policy}\n`).join('');
    const rules = shown.flatMap((each) => each.rules).map((rule) => `${inputRuleText(rule)}\n`);
    return printed(only === null ? policies + rules.join('') : (rules[only - 1] ?? ''));
  }
  return printed(
    shown
      .map(({ name, policy, rules }) => {
        const verbose = flags.has('-v') || flags.has('--verbose');
        const numbered = flags.has('--line-numbers');
        const counters = verbose ? ' 0 packets, 0 bytes' : '';
        const columns = verbose
          ? ' pkts bytes target     prot opt in     out     source               destination         \n'
          : 'target     prot opt source               destination         \n';
        const title = `Chain ${name} (policy ${policy}${counters})\n${numbered ? 'num  ' : ''}${columns}`;
        const rows = rules.map(
          (rule, at) => (numbered ? String(at + 1).padEnd(5) : '') + row(rule, verbose ? 'verbose' : 'plain'),
        );
        if (only !== null) return rows[only - 1] ?? '';
        return title + rows.join('');
      })
      .join('\n'),
  );
}

function row(rule: InputRule, style: 'plain' | 'verbose'): string {
  const target = (rule.target ?? '').padEnd(10);
  const protocol = (rule.protocol ?? 'all').padEnd(4);
  const source = (rule.source ?? '0.0.0.0/0').replace(/\/32$/, '').padEnd(20);
  const destination = (rule.destination ?? '0.0.0.0/0').replace(/\/32$/, '').padEnd(20);
  const more = extras(rule).map((each) => ` ${each}`);
  const ends = `${source} ${destination}${more.join('')}\n`;
  const device = (rule.inInterface ?? '*').padEnd(6);
  return style === 'verbose'
    ? `    0     0 ${target} ${protocol} --  ${device} *       ${ends}`
    : `${target} ${protocol} --  ${ends}`;
}

function extras(rule: InputRule): readonly string[] {
  const { states, destinationPorts, protocol, comment } = rule;
  const list: string[] = [];
  if (states !== null)
    list.push(`${states.match === 'state' ? 'state' : 'ctstate'} ${statesText(states.of)}`);
  if (destinationPorts?.match === 'multiport') list.push(`multiport dports ${portsText(rule)}`);
  if (destinationPorts?.match === 'protocol') {
    const ports = portsText(rule);
    list.push(`${protocol ?? ''} ${ports.includes(':') ? 'dpts' : 'dpt'}:${ports}`);
  }
  if (comment !== null) list.push(`/* ${comment} */`);
  if (rule.target === 'REJECT') list.push('reject-with icmp-port-unreachable');
  return list;
}
