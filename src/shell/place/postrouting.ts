/**
 * `iptables -t nat` on a virtual machine, as far as it makes an appliance that masquerades: the chain
 * POSTROUTING with rules of the target MASQUERADE. Wording as iptables 1.8 has it.
 */
import { setMasquerade } from '../../model/azure/virtual-machine.ts';
import type { MasqueradeRule, VirtualMachine } from '../../model/azure/resources.ts';
import { masqueradeText } from '../../model/masquerade-text.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandResult } from '../command.ts';
import { readPrefix, type Refusal } from './input-rule.ts';
import type { NetworkView } from './network-view.ts';
import { failed, notSimulatedHere, printed } from './program.ts';

const HELP = "Try `iptables -h' or 'iptables --help' for more information.\n";
const CHAINS = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'];
const COMMANDS: Readonly<Record<string, string>> = {
  '--append': '-A',
  '--insert': '-I',
  '--delete': '-D',
  '--check': '-C',
  '--flush': '-F',
};
const LONG: Readonly<Record<string, string>> = {
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--out-interface': '-o',
  '--jump': '-j',
};

/** Runs a command that changes the VM's nat table; `words` are the arguments without the table. */
export function changeMasquerade(
  words: readonly string[],
  view: NetworkView,
  vm: VirtualMachine,
): CommandResult {
  const [first = '', chain, ...rest] = words.filter((word) => !['-w', '--wait', '-n'].includes(word));
  const command = COMMANDS[first] ?? first;
  const before = vm.simulation.masquerade ?? [];
  const change = (rules: readonly MasqueradeRule[]): CommandResult => ({
    ...printed(''),
    cloud: setMasquerade(view.cloud, vm.id, rules),
  });
  if (!['-A', '-I', '-D', '-C', '-F'].includes(command)) {
    return notSimulatedHere('iptables', `changing rules (${first})`);
  }
  if (command === '-F' && chain === undefined) return change([]);
  if (chain === undefined) return usage(`option "${first}" requires an argument`);
  if (!CHAINS.includes(chain)) return failed('iptables: No chain/target/match by that name.\n');
  if (chain !== 'POSTROUTING') return notSimulatedHere('iptables', `changing the chain ${chain}`);
  if (command === '-F') return change([]);
  const numbered = /^[1-9]\d*$/.test(rest[0] ?? '') && (command === '-I' || command === '-D');
  const number = numbered ? Number(rest[0]) : 1;
  if (numbered && command === '-D') {
    return number > before.length
      ? failed('iptables: Index of deletion too big.\n')
      : change(before.toSpliced(number - 1, 1));
  }
  const read = readRule(numbered ? rest.slice(1) : rest, view);
  if (!read.ok) return refuse(read.error);
  const place = before.findIndex((each) => masqueradeText(each) === masqueradeText(read.value));
  const missing = failed('iptables: Bad rule (does a matching rule exist in that chain?).\n');
  switch (command) {
    case '-A':
      return change([...before, read.value]);
    case '-I':
      return number > before.length + 1
        ? failed('iptables: Index of insertion too big.\n')
        : change(before.toSpliced(number - 1, 0, read.value));
    case '-C':
      return place < 0 ? missing : printed('');
  }
  return place < 0 ? missing : change(before.toSpliced(place, 1));
}

/** Reads `-s 10.0.0.0/8 -d … -o eth0 -j MASQUERADE`. */
function readRule(words: readonly string[], view: NetworkView): Result<MasqueradeRule, Refusal> {
  const rule: { -readonly [Key in keyof MasqueradeRule]: MasqueradeRule[Key] } = {
    source: null,
    destination: null,
    outInterface: null,
  };
  let target: string | null = null;
  for (let at = 0; at < words.length; at += 2) {
    const word = words[at] ?? '';
    const option = LONG[word] ?? word;
    const value = words[at + 1];
    if (word === '!' || value === '!') return err({ kind: 'not-simulated', what: 'a rule with "!"' });
    if (!word.startsWith('-')) return err({ kind: 'usage', message: `Bad argument \`${word}'` });
    if (!['-s', '-d', '-o', '-j'].includes(option)) return err({ kind: 'not-simulated', what: option });
    if (value === undefined) return err({ kind: 'usage', message: `option "${word}" requires an argument` });
    if (option === '-j') target = value;
    else if (option === '-o') rule.outInterface = value;
    else {
      const prefix = readPrefix(value);
      if (!prefix.ok) return prefix;
      rule[option === '-s' ? 'source' : 'destination'] = prefix.value;
    }
  }
  if (target !== 'MASQUERADE') {
    return err({
      kind: 'not-simulated',
      what: target === null ? 'a rule without a target' : `the target ${target}`,
    });
  }
  // Nothing ever leaves by an interface that is not there; which of its names have wildcards is not modelled.
  const known = view.host.interfaces.some((each) => each.name === rule.outInterface);
  if (rule.outInterface !== null && !known) {
    return err({
      kind: 'not-simulated',
      what: `a rule for an interface that is not there (${rule.outInterface})`,
    });
  }
  return ok(rule);
}

function refuse(refusal: Refusal): CommandResult {
  return refusal.kind === 'usage' ? usage(refusal.message) : notSimulatedHere('iptables', refusal.what);
}

function usage(message: string): CommandResult {
  const bare = message.startsWith('Bad argument');
  return failed(`${bare ? '' : 'iptables v1.8.7 (nf_tables): '}${message}\n${HELP}`, 2);
}
