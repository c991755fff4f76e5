/** Which public addresses Azure's services have, as far as the cloud says. Most of that nobody here knows. */
import { azureTagContent, heldAddresses } from '../azure/datacenter-addresses.ts';
import { readServiceTag } from '../azure/service-tags.ts';
import type { Cloud } from '../cloud.ts';
import { setOfAddresses, setSubtract, setUnion } from '../ip/address-set.ts';
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
 * domains of a service is that service's; one with other names is none of Azure's, since what a scenario
 * calls `ifconfig.me` is not a storage account.
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
  if (service === null) return content;
  const domains = SERVICE_ENDPOINTS.value
    .filter((each) => service.name === 'AzureCloud' || each.tag === service.name)
    .flatMap((each) => each.domains);
  const own = setOfAddresses(
    hostsOutside(cloud).flatMap((host) => {
      const isOwn = host.kind === 'internet' && host.dnsNames.some((name) => isUnder(name, domains));
      return isOwn ? (text.address(host.address) ?? []) : [];
    }),
  );
  // Which region a host of the service is in, its name does not say.
  return service.region === null
    ? { certain: setUnion(content.certain, own), maybe: setSubtract(content.maybe, own) }
    : { certain: content.certain, maybe: setUnion(content.maybe, own) };
}

function isUnder(name: string, domains: readonly string[]): boolean {
  return domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}
