/** What the kernel shows of a place's network under `/proc` and `/sys/class/net`. */
import type { Cloud } from '../../model/cloud.ts';
import { formatAddress } from '../../model/ip/address.ts';
import type { Address } from '../../model/ip/address.ts';
import { netmask } from '../../model/ip/prefix.ts';
import type { CommandContext, Place } from '../command.ts';
import { deviceOf, mainRoutes } from './ip-route.ts';
import { linksOf, type Link } from './links.ts';
import { deviceSettings } from './kernel-settings.ts';
import { arpFile, ARP_FILE, neighboursOf } from './neighbour-table.ts';
import { viewFrom, type NetworkView } from './network-view.ts';

const DEVICES = '/sys/class/net';

/** Folders with a file or more per device, which may be gone the next time. */
export const DEVICE_FOLDERS: readonly string[] = [DEVICES, '/proc/sys/net/ipv4/conf'];

/** Returns the files by path; none for a place that is not on the network. */
export async function kernelFiles(
  cloud: Cloud,
  place: Place,
  own: Pick<CommandContext, 'readFile'>,
): Promise<Readonly<Record<string, string>>> {
  const view = viewFrom(cloud, place);
  if (!view.ok) return {};
  const files: Record<string, string> = {
    [ARP_FILE]: arpFile(await neighboursOf(view.value, own)),
    '/proc/net/route': routeFile(view.value),
  };
  for (const link of linksOf(view.value)) Object.assign(files, deviceFiles(link));
  for (const [key, value] of deviceSettings(view.value))
    files[`/proc/sys/${key.replaceAll('.', '/')}`] = `${value}\n`;
  return files;
}

function deviceFiles(link: Link): Readonly<Record<string, string>> {
  const facts = {
    address: link.mac,
    carrier: '1',
    ifindex: String(link.index),
    // A veth's other end, as in `eth0@if17`: how one finds a pod's device on its node.
    iflink: String(link.peerIndex ?? link.index),
    mtu: String(link.mtu),
    operstate: link.state.toLowerCase(),
  };
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [`${DEVICES}/${link.name}/${name}`, `${value}\n`]),
  );
}

const UP = 1;
const GATEWAY = 2;
const HOST = 4;

function routeFile(view: NetworkView): string {
  const rows = mainRoutes(view).map((route) => {
    const via = route.target.kind === 'gateway' ? route.target.via : null;
    const flags = UP + (via === null ? 0 : GATEWAY) + (route.prefix.length === 32 ? HOST : 0);
    return [
      deviceOf(route) ?? '*',
      hex(route.prefix.address),
      via === null ? '00000000' : hex(via),
      flags.toString(16).padStart(4, '0').toUpperCase(),
      '0',
      '0',
      String(route.metric),
      hex(netmask(route.prefix)),
      '0',
      '0',
      '0',
    ];
  });
  const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  return [header, ...rows.map((row) => row.join('\t'))].map((line) => `${line.padEnd(127)}\n`).join('');
}

/** The kernel prints an address as the number that its bytes are in memory: backwards. */
function hex(address: Address): string {
  return formatAddress(address)
    .split('.')
    .reverse()
    .map((octet) => Number(octet).toString(16).padStart(2, '0').toUpperCase())
    .join('');
}
