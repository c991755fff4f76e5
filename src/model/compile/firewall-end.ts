/** netpath's END `firewall/NAME`: an address of the firewall, for connections that its DNAT rules or its DNS proxy take. */
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { closeNames } from '../close-names.ts';
import { formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import type { Compiled } from './compile.ts';
import { fail } from './end-error.ts';
import type { EndError } from './end-error.ts';

/** Returns the address of the firewall `NAME` or `RESOURCEGROUP/NAME`: its one public address from the internet, else its private one. */
export function firewallNamed(
  { firewalls }: Pick<Compiled, 'firewalls'>,
  end: string,
  text: string,
  fromInternet: boolean,
): Result<{ readonly label: string; readonly address: Address }, EndError> {
  const wanted = text.toLowerCase();
  const found = firewalls.filter(({ host, name, resource }) =>
    [host.slice(host.indexOf('/') + 1), name, `${resource.resourceGroup}/${name}`].some(
      (each) => each.toLowerCase() === wanted,
    ),
  );
  const hosts = found.map(({ host }) => host);
  if (found.length > 1) return fail(end, `${end} could be ${hosts.join(' or ')}; say which.`, hosts);
  const [plan] = found;
  if (plan === undefined) {
    const close = closeNames(
      wanted,
      firewalls.map(({ host }) => host.slice(host.indexOf('/') + 1)),
    );
    return fail(
      end,
      `there is no firewall ${text} that packets meet; one without an IP configuration is in no network.`,
      close.map((each) => `firewall/${each}`),
    );
  }
  if (!fromInternet) return ok({ label: plan.host, address: plan.privateAddress });
  const [only] = plan.publicAddresses;
  if (only === undefined) return fail(end, `${plan.host} has no public IP address.`);
  if (plan.publicAddresses.length > 1) {
    const addresses = plan.publicAddresses.map(formatAddress);
    return fail(end, `${plan.host} has ${addresses.length} public addresses; give one.`, addresses);
  }
  return ok({ label: plan.host, address: only });
}
