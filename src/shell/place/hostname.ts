import type { SimulatedCommand } from '../command.ts';
import { viewFrom } from './network-view.ts';
import { failed, notSimulatedHere, printed, readOptions, type Style } from './program.ts';
import { formatAddress } from '../../model/ip/address.ts';

/** `hostname`, and with `-i` and `-I` the addresses of the machine; busybox has no `-I`. */
export function hostname(style: Style): SimulatedCommand {
  return {
    name: 'hostname',
    places: ['pod', 'node', 'vm', 'on-premises'],
    run: ({ args, env, cloud, place }) => {
      const options = readOptions(args, {
        switches: style === 'gnu' ? 'siIfAd' : 'sifd',
        values: '',
        longSwitches: style === 'gnu' ? ['short', 'ip-address', 'all-ip-addresses', 'fqdn', 'long'] : [],
      });
      if (!options.ok) return failed(`hostname: ${options.error}\n`);
      const { given, rest } = options.value;
      if (rest.length > 0) return failed("hostname: you don't have permission to set the host name\n");
      const name = env.get('HOSTNAME') ?? '';
      const all = given.has('I') || given.has('all-ip-addresses');
      if (given.has('A') || given.has('d')) return notSimulatedHere('hostname', 'the names in the DNS');
      if (!all && !given.has('i') && !given.has('ip-address')) return printed(`${name}\n`);
      const view = viewFrom(cloud, place);
      if (!view.ok) return failed(`hostname: ${view.error}\n`);
      const addresses = view.value.host.interfaces.flatMap((face) =>
        face.addresses.map((own) => formatAddress(own.address)),
      );
      return printed(all ? `${addresses.map((each) => `${each} `).join('')}\n` : `${addresses[0] ?? ''}\n`);
    },
  };
}
