/** Sets of packets as people speak of them. */
import type { AddressSet } from '../model/ip/address-set.ts';
import { portTexts } from '../model/nsg/port-set.ts';
import { addressTexts } from '../model/nsg/smallest-change.ts';
import { hasPorts, protocolsOf, trafficSize } from '../model/nsg/traffic.ts';
import type { Traffic } from '../model/nsg/traffic.ts';

/** Returns the biggest piece of some traffic, as one would read it in a rule. */
export function trafficInWords(traffic: Traffic): string {
  const [box] = [...traffic].sort((a, b) => trafficSize([b]) - trafficSize([a]));
  if (box === undefined) return 'nothing';
  const protocols = protocolsOf(box);
  const isPlain = (protocol: string): boolean => ['Tcp', 'Udp', 'Icmp'].includes(protocol);
  const named = protocols.filter(isPlain);
  const ports = hasPorts(box) ? ` port ${portTexts(box.destinationPorts).join(', ')}` : '';
  const names = (named.length > 0 ? named : protocols).map((each) => each.toUpperCase());
  return `${names.join(' and ')} from ${texts(box.source)} to ${texts(box.destination)}${ports}`;
}

function texts(set: AddressSet): string {
  const all = addressTexts(set);
  if (all.length > 3) return 'many other addresses';
  return all[0] === '*' ? 'anywhere' : all.join(', ');
}
