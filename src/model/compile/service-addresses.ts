/** Which public addresses Azure's services have, as far as the cloud says. Most of that nobody here knows. */
import { azureTagContent, heldAddresses } from '../azure/datacenter-addresses.ts';
import { readServiceTag } from '../azure/service-tags.ts';
import type { Cloud } from '../cloud.ts';
import { noAddress, setOfAddresses, setSubtract, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { SERVICE_ENDPOINTS } from '../limits/routing.ts';
import { hostsOutside } from '../outside-host.ts';
import type { ParsedText } from './parsed-text.ts';

export interface ServiceAddresses {
  readonly certain: AddressSet;
  /** May be the service's too. */
  readonly maybe: AddressSet;
}

/**
 * Returns what a service tag holds. A host on the internet that the cloud gives a name under one of the
 * service's domains is the service's; one with other names is none of it, since what a scenario calls
 * `ifconfig.me` is not a storage account. That is not said of AzureCloud: such a host may well stand in a
 * datacenter of Azure.
 */
export function serviceAddresses(cloud: Cloud, text: ParsedText): (tag: string) => ServiceAddresses {
  const known = new Map<string, ServiceAddresses>();
  return (tag) => {
    const key = tag.toLowerCase();
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = addressesOf(tag, cloud, text)));
    return found;
  };
}

function addressesOf(tag: string, cloud: Cloud, text: ParsedText): ServiceAddresses {
  const content = azureTagContent(tag, heldAddresses(cloud, text.prefix));
  const service = readServiceTag(tag);
  const domains = SERVICE_ENDPOINTS.value
    .filter((each) => each.tag === service?.name)
    .flatMap((each) => each.domains);
  if (service === null || domains.length === 0) return content;
  const named: { readonly own: AddressSet[]; readonly foreign: AddressSet[] } = { own: [], foreign: [] };
  for (const host of hostsOutside(cloud)) {
    const address = host.kind === 'internet' ? text.address(host.address) : null;
    if (host.kind !== 'internet' || address === null) continue;
    const isOwn = host.dnsNames.some((name) =>
      domains.some((domain) => name === domain || name.endsWith(`.${domain}`)),
    );
    named[isOwn ? 'own' : 'foreign'].push(setOfAddresses([address]));
  }
  const own = setUnion(...named.own);
  const maybe = setSubtract(content.maybe, setUnion(...named.foreign));
  // Which region a host of the service is in, its name does not say.
  return service.region === null
    ? { certain: own, maybe: setSubtract(maybe, own) }
    : { certain: noAddress, maybe };
}
