/**
 * Turns a neutral network into Linux network namespaces: one per host, a veth per cable, a bridge per
 * bridged segment, routes, policy rules, sysctls, iptables and nft rulesets. Needs root, iproute2, iptables and nftables.
 */
import { spawnSync } from 'node:child_process';
import { formatAddress } from '../../../src/model/ip/address.ts';
import type { Host, HostId, Interface, Network, Segment } from '../../../src/model/network/network.ts';
import { balancingSettings, markedRoutes } from './balancing.ts';
import { VOID, kernelNames } from './names.ts';
import type { KernelNames } from './names.ts';
import { addressesOf, forwardsUnseen, planRoutes } from './routes.ts';
import { planRuleset } from './ruleset.ts';
import type { Bridge, RulesetPlan } from './ruleset.ts';
import { planTables } from './tables.ts';

/** A network that exists in the kernel until `close` is called. */
export interface KernelNetwork {
  readonly namespaceOf: (host: HostId) => string;
  /** Counters that say who dropped a packet, by namespace. */
  readonly counters: ReadonlyMap<
    string,
    { readonly host: HostId; readonly meanings: RulesetPlan['counters'] }
  >;
  /** Namespaces whose iptables rules count what they drop, by their text. */
  readonly tabled: ReadonlySet<string>;
  readonly close: () => void;
}

const PREFIX = 'aksw';

let built = 0;
/** Networks that still stand. Namespaces outlive processes, so an interrupted one takes them down. */
const open = new Set<() => void>();
let swept = false;

/** Before the first network: removes what a killed process left, and promises to leave nothing. */
function sweep(): void {
  if (swept) return;
  swept = true;
  const listed = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout.split('\n');
  removeNamespaces(
    listed.flatMap((line) => {
      const [, name = '', owner = ''] = /^(aksw([0-9]+)x\S+)/.exec(line) ?? [];
      return name === '' || isRunning(Number(owner)) ? [] : [name];
    }),
  );
  const closeAll = (): void => {
    for (const close of open) close();
  };
  process.once('exit', closeAll);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      closeAll();
      process.exit(1);
    });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Builds the network. If anything fails, what was built is removed before the error is thrown. */
export function buildInKernel(network: Network): KernelNetwork {
  sweep();
  const tag = `${PREFIX}${process.pid}x${built++}`;
  const names = kernelNames(network, tag);
  const spaces = [...network.hosts.keys()].map(names.namespaceOf);
  const switches = [...network.segments.values()].filter(needsSwitch);
  if (switches.length > 0) spaces.push(`${tag}-switch`);
  const close = (): void => {
    removeNamespaces(spaces);
    open.delete(close);
  };
  open.add(close);
  try {
    run('ip', ['-batch', '-'], spaces.map((space) => `netns add ${space}`).join('\n'));
    const links = planLinks(network, names, `${tag}-switch`);
    run('ip', ['-batch', '-'], links.cables.join('\n'));
    for (const [space, lines] of links.bridges) run('ip', ['-n', space, '-batch', '-'], lines.join('\n'));
    const counters = new Map<string, { host: HostId; meanings: RulesetPlan['counters'] }>();
    const tabled = new Set<string>();
    const addresses = addressesOf(network);
    for (const host of network.hosts.values()) {
      const space = names.namespaceOf(host.id);
      const routing = planRoutes(host, names, addresses, network);
      const ruleset = planRuleset(host, bridgesOf(host, network), names, routing.voidHops);
      run('ip', ['netns', 'exec', space, 'sh', '-e'], sysctlScript(host, network, names));
      run(
        'ip',
        ['-n', space, '-batch', '-'],
        hostLines(host, network, names, [...routing.lines, ...markedRoutes(host, names)]).join('\n'),
      );
      const tables = planTables(host);
      if (tables !== null) {
        run('ip', ['netns', 'exec', space, 'iptables-restore'], tables.text);
        if (tables.text === tables.printed) checkPrinted(space, host.id, tables.printed);
        tabled.add(space);
      }
      if (ruleset !== null) run('ip', ['netns', 'exec', space, 'nft', '-f', '-'], ruleset.text);
      if (ruleset !== null || tables !== null) {
        counters.set(space, { host: host.id, meanings: { ...ruleset?.counters, ...tables?.counters } });
      }
    }
    return { namespaceOf: names.namespaceOf, counters, tabled, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Says what is missing to build networks here; null if nothing is. */
export function whyNoKernel(): string | null {
  if (process.platform !== 'linux') return `needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'needs root to make network namespaces';
  for (const [program, ...args] of [
    ['ip', '-V'],
    ['nft', '--version'],
    ['iptables-restore', '--version'],
    ['python3', '--version'],
  ] as const) {
    if (spawnSync(program, args).status !== 0) return `needs ${program}`;
  }
  const probe = `${PREFIX}${process.pid}xprobe`;
  const made = spawnSync('ip', ['netns', 'add', probe], { encoding: 'utf8' });
  if (made.status !== 0) return `may not make network namespaces: ${made.stderr.trim()}`;
  const filter = spawnSync('ip', ['netns', 'exec', probe, 'nft', 'add', 'table', 'ip', 'probe'], {
    encoding: 'utf8',
  });
  spawnSync('ip', ['netns', 'del', probe]);
  return filter.status === 0 ? null : `may not use nftables: ${filter.stderr.trim()}`;
}

function needsSwitch(segment: Segment): boolean {
  return segment.bridgedBy === null && segment.members.length > 2;
}

interface LinkPlan {
  /** Lines for `ip -batch`: veth pairs, each end put straight into its namespace. */
  readonly cables: readonly string[];
  /** Lines for `ip -n NAMESPACE -batch`: bridges and their ports. */
  readonly bridges: ReadonlyMap<string, readonly string[]>;
}

function planLinks(network: Network, names: KernelNames, switchSpace: string): LinkPlan {
  const cables: string[] = [];
  const bridges = new Map<string, string[]>();
  const endOf = (member: Segment['members'][number]): string => {
    const host = network.hosts.get(member.host);
    if (host === undefined) throw new Error(`no host ${member.host}`);
    return `${names.deviceOf(host, member.interface)} netns ${names.namespaceOf(member.host)}`;
  };
  [...network.segments.values()].forEach((segment, number) => {
    const { bridgedBy, members } = segment;
    const [one, other] = members;
    if (one === undefined) return;
    if (bridgedBy === null && !needsSwitch(segment)) {
      // A cable with nothing at its other end still needs one.
      const peer =
        other === undefined ? `nobody${number} netns ${names.namespaceOf(one.host)}` : endOf(other);
      const [device = '', ...space] = endOf(one).split(' ');
      cables.push(`link add name ${device} ${space.join(' ')} type veth peer name ${peer}`);
      return;
    }
    const space = bridgedBy === null ? switchSpace : names.namespaceOf(bridgedBy.host);
    const bridge = bridgedBy === null ? `switch${number}` : bridgedBy.device;
    const lines = bridges.get(space) ?? [];
    bridges.set(space, lines);
    lines.push(`link add ${bridge} type bridge forward_delay 0`, `link set ${bridge} up`);
    members.forEach((member, i) => {
      if (member.host === bridgedBy?.host && member.interface === bridgedBy.device) return;
      const port = `port${number}_${i}`;
      cables.push(`link add name ${port} netns ${space} type veth peer name ${endOf(member)}`);
      lines.push(
        `link set ${port} master ${bridge}`,
        // So that a pod can reach itself through a Service. A kubenet node makes the bridge promiscuous
        // instead; on Linux 6.18 those packets get lost (seen), on the kernels kubenet grew up with not.
        `link set ${port} type bridge_slave hairpin on`,
        `link set ${port} up`,
      );
    });
  });
  return { cables, bridges };
}

function hostLines(host: Host, network: Network, names: KernelNames, routing: readonly string[]): string[] {
  const lines = [
    'link set lo up',
    `link add ${VOID} type veth peer name ${VOID}-end`,
    `link set ${VOID} up`,
    `link set ${VOID}-end up`,
    ...danglingEnds(host, network),
  ];
  for (const face of host.interfaces) {
    const device = names.deviceOf(host, face.name);
    if (ownsMac(face, network)) lines.push(`link set ${device} address ${face.mac}`);
    lines.push(`link set ${device} up`);
    for (const { address, length } of face.addresses) {
      lines.push(`address add ${formatAddress(address)}/${length} dev ${device} noprefixroute`);
    }
  }
  if (host.interfaces.every((face) => face.addresses.length === 0)) {
    // An ARP request without a sender address counts as a probe, which a proxy does not answer.
    lines.push(`address add ${names.arpSenderOf(host.id)}/32 dev lo`);
  }
  for (const face of host.interfaces) {
    for (const known of face.permanentNeighbours ?? []) {
      const far = network.segments.get(face.segment)?.members.find((member) => member.host !== host.id);
      const mac = network.hosts
        .get(far?.host ?? '')
        ?.interfaces.find((each) => each.name === far?.interface)?.mac;
      if (mac === undefined) continue;
      const device = names.deviceOf(host, face.name);
      lines.push(`neigh add ${formatAddress(known)} lladdr ${mac} dev ${device} nud permanent`);
    }
  }
  return [...lines, ...routing];
}

/** The bridge's own MAC is the one its interface has in the model. */
function bridgesOf(host: Host, network: Network): Bridge[] {
  return [...network.segments.values()].flatMap(({ bridgedBy }) => {
    if (bridgedBy?.host !== host.id) return [];
    const face = host.interfaces.find((each) => each.name === bridgedBy.device);
    return face === undefined ? [] : [{ device: bridgedBy.device, mac: face.mac }];
  });
}

function danglingEnds(host: Host, network: Network): string[] {
  return [...network.segments.values()].flatMap((segment, number) =>
    segment.bridgedBy === null && segment.members.length === 1 && segment.members[0]?.host === host.id
      ? [`link set nobody${number} up`]
      : [],
  );
}

/** Two ends of a cable may both say they are the cloud's one MAC; the kernel needs them apart. */
function ownsMac(face: Interface, network: Network): boolean {
  if (!/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(face.mac) || face.mac === '00:00:00:00:00:00') return false;
  const members = network.segments.get(face.segment)?.members ?? [];
  const same = members.filter((member) =>
    network.hosts
      .get(member.host)
      ?.interfaces.some((each) => each.name === member.interface && each.mac === face.mac),
  );
  return same.length === 1;
}

function isCable(face: Interface, network: Network): boolean {
  return (network.segments.get(face.segment)?.members.length ?? 0) <= 2;
}

/** Returns a shell script that writes the host's kernel settings. */
function sysctlScript(host: Host, network: Network, names: KernelNames): string {
  const ipv4: (readonly [string, number])[] = [
    ['ip_forward', host.forwarding === 'on' ? 1 : 0],
    ['conf/all/rp_filter', 0],
    ['conf/all/send_redirects', 0],
    // Nothing here may be slowed down: every refusal counts.
    ['icmp_ratelimit', 0],
    // Or an answer that is lost would be sent again while a later flow is watched.
    ['tcp_synack_retries', 0],
    ...balancingSettings(host),
  ];
  for (const face of host.interfaces) {
    const device = names.deviceOf(host, face.name);
    const answers = face.proxyArp || forwardsUnseen(host, face);
    ipv4.push(
      [`conf/${device}/rp_filter`, 0],
      [`conf/${device}/send_redirects`, 0],
      [`conf/${device}/proxy_arp`, answers ? 1 : 0],
      // Linux keeps silent about addresses that it would send back out of the same cable; a cloud does not.
      [`conf/${device}/proxy_arp_pvlan`, answers && isCable(face, network) ? 1 : 0],
      [`neigh/${device}/proxy_delay`, 0],
      // A neighbour that is not there is given up after one question and 0.2 s.
      [`neigh/${device}/mcast_solicit`, 1],
      [`neigh/${device}/retrans_time_ms`, 200],
    );
  }
  const lines = ipv4.map(([path, value]) => `echo ${value} > /proc/sys/net/ipv4/${path}`);
  if ([...network.segments.values()].some((segment) => segment.bridgedBy?.host === host.id)) {
    lines.push('echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables');
  }
  // Who watches handshakes picks up no conversation whose beginning it has not seen.
  if (host.handshakesWatchedBy !== undefined) {
    lines.push('echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose');
  }
  lines.push('[ ! -e /proc/sys/net/ipv6 ] || echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6');
  return lines.join('\n');
}

/** The real iptables must print, line by line, what the simulated one prints. */
function checkPrinted(space: string, host: HostId, printed: string): void {
  const saved = spawnSync('ip', ['netns', 'exec', space, 'iptables-save'], { encoding: 'utf8' }).stdout;
  const real = saved
    .replace(/^#.*\n/gm, '')
    .replace(/\[\d+:\d+\]/g, '[0:0]')
    .split('\n');
  const ours = printed.split('\n');
  const at = ours.findIndex((line, i) => line !== real[i]);
  if (at < 0 && real.length === ours.length) return;
  throw new Error(`iptables-save of ${host}:\nsimulated: ${ours[at] ?? ''}\nreal:      ${real[at] ?? ''}`);
}

function removeNamespaces(spaces: readonly string[]): void {
  // -force goes on after a namespace that is already gone.
  spawnSync('ip', ['-force', '-batch', '-'], {
    input: spaces.map((space) => `netns del ${space}`).join('\n'),
  });
}

function run(program: string, args: readonly string[], input: string): void {
  const done = spawnSync(program, args, { input, encoding: 'utf8' });
  if (done.status === 0) return;
  throw new Error(`${program} ${args.join(' ')} failed:\n${done.stderr.trim()}\ninput was:\n${input}`);
}
