/** `brctl show`, `bridge link`, `bridge fdb`. */
import type { CommandResult, SimulatedCommand } from '../command.ts';
import { bridgeMembers, linksOf } from './links.ts';
import type { NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, printed, type Style } from './program.ts';

function bridgesOf(view: NetworkView) {
  return view.host.interfaces.flatMap((face) => {
    const members = bridgeMembers(view, face.name);
    return members === null ? [] : [{ name: face.name, mac: face.mac, members }];
  });
}

export function brctl(style: Style): SimulatedCommand {
  return networkProgram('brctl', style, ({ args, view }): CommandResult => {
    const [verb, name] = args;
    const bridges = bridgesOf(view).filter((bridge) => name === undefined || bridge.name === name);
    switch (verb) {
      case 'show':
        if (name !== undefined && bridges.length === 0) return failed(`bridge ${name} does not exist!\n`);
        return printed(
          `bridge name\tbridge id\t\tSTP enabled\tinterfaces\n${bridges
            .map((bridge) => {
              const id = `8000.${bridge.mac.replaceAll(':', '')}`;
              const [first, ...others] = bridge.members.map((member) => member.device);
              return `${bridge.name}\t\t${id}\tno\t\t${first ?? ''}\n${others.map((device) => `\t\t\t\t\t\t\t${device}\n`).join('')}`;
            })
            .join('')}`,
        );
      case 'showmacs': {
        const [bridge] = bridges;
        if (bridge === undefined) return failed(`read of forward table failed: No such device\n`);
        return printed(
          `port no\tmac addr\t\tis local?\tageing timer\n${bridge.members
            .map(
              (member, at) =>
                `  ${at + 1}\t${member.podMac}\tno\t\t   0.00\n  ${at + 1}\t${member.mac}\tyes\t\t   0.00\n`,
            )
            .join('')}`,
        );
      }
      case undefined:
        return failed('Usage: brctl [commands]\ncommands:\n\tshow\n\tshowmacs\n');
    }
    return notSimulatedHere('brctl', `"brctl ${verb}"`);
  });
}

export function bridge(): SimulatedCommand {
  return networkProgram('bridge', 'gnu', ({ args, view }): CommandResult => {
    const words = args.filter((arg) => !arg.startsWith('-'));
    const [object = '', verb = 'show'] = words;
    if (!['show', 'list'].includes(verb)) return notSimulatedHere('bridge', `changing things (${verb})`);
    if (object === 'link') {
      return printed(
        linksOf(view)
          .filter((link) => link.master !== null)
          .map(
            (link) =>
              `${link.index}: ${link.name}@${link.peer ?? ''}: <${link.flags}> mtu ${link.mtu} master ${link.master ?? ''} state forwarding priority 32 cost 2 \n`,
          )
          .join(''),
      );
    }
    if (object === 'fdb') {
      return printed(
        bridgesOf(view)
          .flatMap(({ name, members }) =>
            members.flatMap((member) => [
              `${member.podMac} dev ${member.device} master ${name} \n`,
              `${member.mac} dev ${member.device} master ${name} permanent\n`,
            ]),
          )
          .join(''),
      );
    }
    return object === ''
      ? failed('Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }\nwhere  OBJECT := { link | fdb }\n')
      : notSimulatedHere('bridge', `"bridge ${object}"`);
  });
}
