import type { SimulatedCommand } from '../command.ts';
import { neighboursOf } from './neighbour-table.ts';
import { failed, networkProgram, notSimulatedHere, printed, readOptions, type Style } from './program.ts';

/** `arp [-a] [-n] [-e] [-i DEVICE] [ADDRESS]`; busybox puts two spaces before `on`. */
export function arp(style: Style): SimulatedCommand {
  return networkProgram('arp', style, async ({ args, view, context }) => {
    const options = readOptions(args, {
      switches: 'anevDds',
      values: 'iHp',
      longSwitches: ['all', 'numeric', 'verbose'],
      longValues: ['device'],
    });
    if (!options.ok) return failed(`arp: ${options.error}\n`);
    const { given, rest } = options.value;
    if (given.has('d') || given.has('s')) return notSimulatedHere('arp', 'changing the table');
    const device = given.get('i') ?? given.get('device');
    const numeric = given.has('n') || given.has('numeric');
    const [wanted] = rest;
    const entries = (await neighboursOf(view, context)).filter(
      (each) =>
        (device === undefined || each.device === device) &&
        (wanted === undefined || each.address === wanted || each.name === wanted),
    );
    if (wanted !== undefined && entries.length === 0) {
      return style === 'busybox'
        ? printed(`arp: in ${wanted} entries no match found.\n`)
        : printed(`${wanted} (${wanted}) -- no entry\n`);
    }
    const table = style === 'gnu' && !given.has('a') && !given.has('all');
    if (table) {
      const row = (name: string, type: string, mac: string, flags: string, face: string) =>
        `${name.slice(0, 23).padEnd(25)}${type.padEnd(8)}${mac.padEnd(20)}${flags.padEnd(22)}${face}\n`;
      return printed(
        row('Address', 'HWtype', 'HWaddress', 'Flags Mask', 'Iface') +
          entries
            .map((each) =>
              row(
                numeric ? each.address : (each.name ?? each.address),
                'ether',
                each.mac,
                each.learned === 'told' ? 'CM' : 'C',
                each.device,
              ),
            )
            .join(''),
      );
    }
    const gap = style === 'busybox' ? '  ' : ' ';
    return printed(
      entries
        .map((each) => {
          const name = numeric ? '?' : (each.name ?? '?');
          const kept = each.learned === 'told' ? 'PERM ' : '';
          return `${name} (${each.address}) at ${each.mac} [ether]${gap}${kept}on ${each.device}\n`;
        })
        .join(''),
    );
  });
}
