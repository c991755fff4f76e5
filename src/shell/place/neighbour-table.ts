/** The ARP table of a place: of a node it is in the cloud, of a pod or VM in its `/proc/net/arp`. */
import { formatAddress, parseAddress } from '../../model/ip/address.ts';
import { prefixAround, prefixContains } from '../../model/ip/prefix.ts';
import type { CommandContext } from '../command.ts';
import { learnedHere, type Attempt } from './attempt.ts';
import {
  macOf,
  nameOf,
  nodeOfView,
  toldNeighbours,
  type Neighbour,
  type NetworkView,
} from './network-view.ts';

export const ARP_FILE = '/proc/net/arp';
/** ATF_COM, and ATF_PERM with it. */
const FLAGS: Readonly<Record<Neighbour['learned'], string>> = { asked: '0x2', told: '0x6' };
const LEARNED: Readonly<Record<string, Neighbour['learned']>> = { '0x2': 'asked', '0x6': 'told' };
const HEADER = 'IP address       HW type     Flags       HW address            Mask     Device\n';

export async function neighboursOf(
  view: NetworkView,
  context: Pick<CommandContext, 'readFile'>,
): Promise<readonly Neighbour[]> {
  if (nodeOfView(view) !== null) return view.neighbours;
  const text = (await context.readFile(ARP_FILE)) ?? '';
  const known = text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [address, , flags, mac, , device] = line.trim().split(/\s+/);
      return address === undefined || mac === undefined || device === undefined
        ? []
        : [{ address, mac, device, name: nameOf(view, address), learned: LEARNED[flags ?? ''] ?? 'asked' }];
    });
  if (known.length > 0) return known;
  const told = toldNeighbours(view, machineOf(view));
  if (told.length > 0) return told;
  // The kubelet's probes and DHCP make every machine know its gateway.
  const gateway = gatewayOf(view);
  return gateway === null ? [] : [neighbour(view, gateway)];
}

/** Writes down who the place has met. */
export async function rememberNeighbours(
  view: NetworkView,
  context: CommandContext,
  made: Attempt,
): Promise<void> {
  const learned = learnedHere(view, made.trace);
  if (learned.length === 0) return;
  const known = await neighboursOf(view, context);
  const fresh = learned.filter((address) => known.every((each) => each.address !== address));
  if (fresh.length === 0) return;
  const all = [...known, ...fresh.map((address) => neighbour(view, address))];
  await context.writeFile(ARP_FILE, arpFile(all));
}

/** Returns the table as the kernel shows it in `/proc/net/arp`. */
export function arpFile(neighbours: readonly Neighbour[]): string {
  const lines = neighbours.map(
    ({ address, mac, device, learned }) =>
      `${address.padEnd(17)}0x1         ${FLAGS[learned]}         ${mac}     *        ${device}\n`,
  );
  return HEADER + lines.join('');
}

function neighbour(view: NetworkView, address: string): Neighbour {
  const device = deviceFor(view, address);
  const mac = macOf(view, device, address, machineOf(view));
  return { address, device, mac, name: nameOf(view, address), learned: 'asked' };
}

function machineOf(view: NetworkView): string {
  return view.place.kind === 'pod'
    ? (view.place.pod.spec.nodeName ?? '')
    : (view.place.label.split('/').at(-1) ?? '');
}

function deviceFor(view: NetworkView, address: string): string {
  const parsed = parseAddress(address);
  const face = view.host.interfaces.find((each) =>
    each.addresses.some(
      (own) => parsed.ok && prefixContains(prefixAround(own.address, own.length), parsed.value),
    ),
  );
  return (face ?? view.host.interfaces[0])?.name ?? 'eth0';
}

function gatewayOf(view: NetworkView): string | null {
  for (const route of view.host.tables.get('main')?.routes ?? []) {
    if (route.target.kind === 'gateway') return formatAddress(route.target.via);
  }
  return null;
}
