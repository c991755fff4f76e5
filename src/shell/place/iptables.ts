/** `iptables -t nat -S|-L`: the node's translation rules, under the chain names of kube-proxy and ip-masq-agent. */
import type { CommandResult, SimulatedCommand } from '../command.ts';
import { filterTable, savedFilterTable, withoutTable } from './input-chain.ts';
import { natChains, type ChainRule } from './nat-chains.ts';
import { nodeOfView, type NetworkView } from './network-view.ts';
import { changeMasquerade } from './postrouting.ts';
import { failed, networkProgram, notSimulatedHere, printed, readOptions } from './program.ts';

export function iptables(): SimulatedCommand {
  return networkProgram('iptables', 'gnu', ({ args, view }) => {
    const onPremises = onPremisesHost(view);
    if (onPremises !== null && tableName(args) === 'filter') return filterTable(args, view, onPremises);
    const options = readOptions(args, {
      switches: 'nvx',
      values: 't',
      longSwitches: ['line-numbers', 'numeric', 'verbose', 'list', 'list-rules'],
      longValues: ['table'],
    });
    const listing = readListing(args);
    if (listing === null) {
      const changes = args.find((arg) =>
        /^-[ADIRFNXPZE]$|^--(append|delete|insert|replace|flush|new-chain|policy)$/.test(arg),
      );
      if (changes !== undefined && tableName(args) === 'nat' && view.place.kind === 'vm')
        return changeMasquerade(withoutTable(args), view, view.place.vm);
      if (changes !== undefined) return notSimulatedHere('iptables', `changing rules (${changes})`);
      if (!options.ok)
        return failed(
          `iptables v1.8.7 (nf_tables): ${options.error}\nTry \`iptables -h' or 'iptables --help' for more information.\n`,
          2,
        );
      return failed(
        "iptables v1.8.7 (nf_tables): no command specified\nTry `iptables -h' or 'iptables --help' for more information.\n",
        2,
      );
    }
    if (nodeOfView(view) === null && view.place.kind === 'pod') {
      return failed(
        'iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n',
        4,
      );
    }
    const table = tableName(args);
    if (table !== 'nat')
      return notSimulatedHere(
        'iptables',
        `the table "${table}" (nat is: iptables -t nat -${listing.kind === 'rules' ? 'S' : 'L'})`,
      );
    const unclear = unclearRules(view);
    if (unclear !== null) return failed(`iptables: ${unclear}\n`);
    return withNote('iptables', view, listChains(view, listing));
  });
}

export function iptablesSave(): SimulatedCommand {
  return networkProgram('iptables-save', 'gnu', ({ args, view }) => {
    const onPremises = onPremisesHost(view);
    if (onPremises !== null && (args.length === 0 || tableName(args) === 'filter'))
      return printed(savedFilterTable(onPremises));
    if (tableName(args) !== 'nat' && args.length > 0)
      return notSimulatedHere('iptables-save', 'any table but nat');
    if (nodeOfView(view) === null && view.place.kind === 'pod')
      return failed('iptables-save: Permission denied (you must be root)\n');
    const unclear = unclearRules(view);
    if (unclear !== null) return failed(`iptables-save: ${unclear}\n`);
    const chains = natChains(view.host.translations);
    const head = chains.map((chain) => `:${chain.name} ${chain.policy ?? '-'} [0:0]\n`).join('');
    const rules = chains.flatMap((chain) => chain.rules.map((rule) => ruleLine(chain.name, rule))).join('');
    return withNote('iptables-save', view, printed(`*nat\n${head}${rules}COMMIT\n`));
  });
}

function onPremisesHost({ place }: NetworkView): Parameters<typeof filterTable>[2] | null {
  return place.kind === 'outside' && place.outside.kind === 'on-premises' ? place.outside : null;
}

/** Why nobody can tell what the table holds; null if that is known. */
function unclearRules(view: NetworkView): string | null {
  for (const { action } of view.host.translations) {
    if (action.kind === 'undetermined') return `the simulation cannot tell: ${action.reason}`;
  }
  return null;
}

function withNote(program: string, view: NetworkView, result: CommandResult): CommandResult {
  return view.host.translations.some((rule) => rule.by.startsWith('CNI-HOSTPORT'))
    ? {
        ...result,
        stderr: `${result.stderr}${program}: the chains of host ports (CNI-HOSTPORT-DNAT) are there too, and not simulated in this workbook\n`,
      }
    : result;
}

interface Listing {
  readonly kind: 'rules' | 'table';
  readonly chain: string | null;
  readonly numbered: boolean;
  readonly verbose: boolean;
}

/** `-S`, `-L`, `-nvL`, `-L CHAIN`. */
function readListing(args: readonly string[]): Listing | null {
  let kind: Listing['kind'] | null = null;
  let chain: string | null = null;
  let verbose = false;
  for (const [at, arg] of args.entries()) {
    const isRules = arg === '--list-rules' || /^-[nvx]*S$/.test(arg);
    const isTable = arg === '--list' || /^-[nvx]*L[nvx]*$/.test(arg);
    if (/^-[A-Za-z]*v/.test(arg) || arg === '--verbose') verbose = true;
    if (isRules || isTable) {
      kind = isRules ? 'rules' : 'table';
      const next = args[at + 1];
      if (next !== undefined && !next.startsWith('-')) chain = next;
    } else if (
      arg.startsWith('-') &&
      !/^-[nvxt]+$/.test(arg) &&
      !['--table', '--line-numbers', '--numeric', '--verbose'].includes(arg)
    )
      return null;
  }
  return kind === null ? null : { kind, chain, verbose, numbered: args.includes('--line-numbers') };
}

function tableName(args: readonly string[]): string {
  const at = args.findIndex((arg) => arg === '-t' || arg === '--table');
  const joined = args.find((arg) => /^-t\w|^--table=/.test(arg));
  return at >= 0 ? (args[at + 1] ?? '') : (joined?.replace(/^-t|^--table=/, '') ?? 'filter');
}

function listChains(view: NetworkView, listing: Listing): CommandResult {
  const all = natChains(view.host.translations);
  const chains = listing.chain === null ? all : all.filter((chain) => chain.name === listing.chain);
  if (chains.length === 0) return failed('iptables: No chain/target/match by that name.\n');
  if (listing.kind === 'rules') {
    const made = chains
      .map((chain) => (chain.policy === null ? `-N ${chain.name}\n` : `-P ${chain.name} ${chain.policy}\n`))
      .join('');
    return printed(
      made + chains.flatMap((chain) => chain.rules.map((rule) => ruleLine(chain.name, rule))).join(''),
    );
  }
  return printed(
    chains
      .map((chain) => {
        const references = all
          .flatMap((each) => each.rules)
          .filter((rule) => rule.target === chain.name).length;
        const counters = listing.verbose ? ' 0 packets, 0 bytes' : '';
        const title =
          chain.policy === null
            ? `Chain ${chain.name} (${references} references)`
            : `Chain ${chain.name} (policy ${chain.policy}${counters})`;
        const number = (at: number) => (listing.numbered ? String(at + 1).padEnd(5) : '');
        const header = listing.verbose
          ? `${listing.numbered ? 'num  ' : ''} pkts bytes target     prot opt in     out     source               destination         \n`
          : `${listing.numbered ? 'num  ' : ''}target     prot opt source               destination         \n`;
        const rows = chain.rules.map((rule, at) => {
          const addresses = `${rule.source.padEnd(20)} ${rule.destination.padEnd(20)} ${rule.extra}\n`;
          return listing.verbose
            ? `${number(at)}    0     0 ${rule.target.padEnd(10)} ${rule.protocol.padEnd(4)} --  *      ${(rule.out ?? '*').padEnd(7)} ${addresses}`
            : `${number(at)}${rule.target.padEnd(10)} ${rule.protocol.padEnd(4)} --  ${addresses}`;
        });
        return `${title}\n${header}${rows.join('')}`;
      })
      .join('\n'),
  );
}

function ruleLine(chain: string, rule: ChainRule): string {
  const options = rule.targetOptions === undefined ? '' : ` ${rule.targetOptions}`;
  return `-A ${chain}${rule.match === '' ? '' : ` ${rule.match}`} -j ${rule.target}${options}\n`;
}
