/** `nslookup`, `dig`, `host`, `getent hosts`. */
import { isDnsServer } from '../../model/compile/dns-servers.ts';
import { parseAddress } from '../../model/ip/address.ts';
import type { CommandResult, SimulatedCommand } from '../command.ts';
import { AZURE_DNS, lookUp, nameServer, reachServer, STUB_RESOLVER } from './name-lookup.ts';
import { nameOf, type NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, printed, type Style } from './program.ts';

const TTL = 30;

interface Asked {
  readonly server: string;
  readonly view: NetworkView;
  /** Where it is not the place's own. */
  readonly named?: string;
}

/** Checks a server named on the command line: the place's own one answers, and Azure's for those who get there. */
function serverFor(view: NetworkView, named: string | undefined, program: string): Asked | CommandResult {
  const own = nameServer(view);
  if (named === undefined || named === own) return { server: own, view };
  const found = lookUp(view, named);
  if (found.ok && found.value.addresses.includes(own)) return { server: own, view };
  if (named === AZURE_DNS) return { server: AZURE_DNS, view: askingAzure(view) };
  if (isDnsServer(view.directory.compiled, named)) return { server: named, view, named };
  return notSimulatedHere(program, `asking another DNS server than ${own} (${named})`);
}

/** The same place, with the node's resolver instead of the cluster's. */
function askingAzure(view: NetworkView): NetworkView {
  const { place } = view;
  if (place.kind !== 'pod') return view;
  const pod = { ...place.pod, spec: { ...place.pod.spec, dnsPolicy: 'Default' } };
  return { ...view, place: { ...place, pod } };
}

function isResult(asked: Asked | CommandResult): asked is CommandResult {
  return 'exitCode' in asked;
}

export function nslookup(style: Style): SimulatedCommand {
  return networkProgram('nslookup', style, ({ args, view }) => {
    const words = args.filter((arg) => !arg.startsWith('-'));
    const [name, named] = words;
    if (name === undefined)
      return style === 'busybox'
        ? failed('Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n')
        : notSimulatedHere('nslookup', 'the interactive mode');
    const type = /^-(?:type|q|query)=(.*)$/i.exec(args.find((arg) => arg.startsWith('-')) ?? '')?.[1];
    if (type !== undefined && type.toLowerCase() !== 'a')
      return notSimulatedHere('nslookup', `records of type ${type}`);
    const asked = serverFor(view, named, 'nslookup');
    if (isResult(asked)) return asked;
    const { server } = asked;
    const from = asked.view;
    const head =
      style === 'busybox'
        ? `Server:\t\t${server}\nAddress:\t${server}:53\n\n`
        : `Server:\t\t${server}\nAddress:\t${server}#53\n\n${server === STUB_RESOLVER ? 'Non-authoritative answer:\n' : ''}`;
    const found = lookUp(from, name, asked.named);
    if (!found.ok) {
      if (found.error.kind === 'no-server') {
        return failed(
          style === 'busybox'
            ? ';; connection timed out; no servers could be reached\n'
            : `;; communications error to ${server}#53: timed out\n;; no servers could be reached\n`,
        );
      }
      return {
        stdout: `${head.replace(/Non-auth.*\n/, '')}** server can't find ${name}: ${found.error.kind === 'server-failure' ? 'SERVFAIL' : 'NXDOMAIN'}\n\n`,
        stderr: '',
        exitCode: 1,
      };
    }
    if (parseAddress(name).ok) {
      const reverse = nameOf(view, name);
      const pointer = `${name.split('.').reverse().join('.')}.in-addr.arpa`;
      return reverse === null
        ? { stdout: `** server can't find ${pointer}: NXDOMAIN\n\n`, stderr: '', exitCode: 1 }
        : printed(`${pointer}\tname = ${reverse}.\n\n`);
    }
    return printed(
      `${head}${found.value.addresses.map((each) => `Name:\t${found.value.name}\nAddress: ${each}\n`).join('')}\n`,
    );
  });
}

export function dig(): SimulatedCommand {
  return networkProgram('dig', 'gnu', ({ args, view }) => {
    const server = args.find((arg) => arg.startsWith('@'))?.slice(1);
    const names = args.filter((arg) => !/^[@+-]/.test(arg) && !/^(A|IN|a|in)$/.test(arg));
    const [name, type] = names;
    if (name === undefined) return notSimulatedHere('dig', 'a query without a name');
    if (type !== undefined || args.includes('-x') || args.includes('-t'))
      return notSimulatedHere('dig', 'records other than A');
    const asked = serverFor(view, server, 'dig');
    if (isResult(asked)) return asked;
    const down = reachServer(view, asked.server);
    if (down !== null) {
      return failed(
        `;; communications error to ${asked.server}#53: timed out\n\n; <<>> DiG 9.18.28 <<>> ${args.join(' ')}\n;; global options: +cmd\n;; no servers could be reached\n`,
        9,
      );
    }
    // dig does not use the search list unless asked to.
    const searched = args.includes('+search');
    const found = searched || name.includes('.') ? lookUp(asked.view, name, asked.named) : null;
    const answered =
      found?.ok === true && (searched || found.value.name === name.replace(/\.$/, '')) ? found.value : null;
    const failure = found?.ok === false && found.error.kind === 'server-failure' ? 'SERVFAIL' : 'NXDOMAIN';
    const status = answered === null ? failure : 'NOERROR';
    if (args.includes('+short'))
      return printed(answered === null ? '' : answered.addresses.map((each) => `${each}\n`).join(''));
    const question = `${(answered?.name ?? name).replace(/\.$/, '')}.`;
    const lines = [
      '',
      `; <<>> DiG 9.18.28 <<>> ${args.join(' ')}`,
      ';; global options: +cmd',
      ';; Got answer:',
      `;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: 4711`,
      `;; flags: qr aa rd ra; QUERY: 1, ANSWER: ${answered?.addresses.length ?? 0}, AUTHORITY: 0, ADDITIONAL: 1`,
      '',
      ';; QUESTION SECTION:',
      `;${question}\t\tIN\tA`,
      '',
      ...(answered === null
        ? []
        : [
            ';; ANSWER SECTION:',
            ...answered.addresses.map((each) => `${question}\t${TTL}\tIN\tA\t${each}`),
            '',
          ]),
      ';; Query time: 1 msec',
      `;; SERVER: ${asked.server}#53(${asked.server}) (UDP)`,
      '',
    ];
    return printed(`${lines.join('\n')}\n`);
  });
}

export function host(): SimulatedCommand {
  return networkProgram('host', 'gnu', ({ args, view }) => {
    const [name] = args.filter((arg) => !arg.startsWith('-'));
    if (name === undefined) return failed('Usage: host [-aCdilrTvVw] hostname [server]\n');
    const found = lookUp(view, name);
    if (found.ok)
      return printed(
        found.value.addresses.map((each) => `${found.value.name} has address ${each}\n`).join(''),
      );
    return found.error.kind === 'no-server'
      ? failed(';; connection timed out; no servers could be reached\n')
      : {
          stdout: `Host ${name} not found: ${found.error.kind === 'server-failure' ? '2(SERVFAIL)' : '3(NXDOMAIN)'}\n`,
          stderr: '',
          exitCode: 1,
        };
  });
}

export function getent(style: Style): SimulatedCommand {
  return networkProgram('getent', style, ({ args, view }) => {
    const [database, name] = args;
    if (database === undefined) return failed('getent: wrong number of arguments\n');
    if (!['hosts', 'ahosts', 'ahostsv4'].includes(database))
      return notSimulatedHere('getent', `the database "${database}"`);
    if (name === undefined) return notSimulatedHere('getent', 'listing all hosts');
    const found = lookUp(view, name);
    if (!found.ok) return { stdout: '', stderr: '', exitCode: 2 };
    if (database === 'hosts')
      return printed(
        found.value.addresses.map((each) => `${each.padEnd(15)} ${found.value.name}\n`).join(''),
      );
    return printed(
      found.value.addresses
        .flatMap((each) => [
          `${each.padEnd(15)} STREAM ${found.value.name}`,
          `${each.padEnd(15)} DGRAM  `,
          `${each.padEnd(15)} RAW    `,
        ])
        .map((line) => `${line}\n`)
        .join(''),
    );
  });
}
