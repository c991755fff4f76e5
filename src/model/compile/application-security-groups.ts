/** The addresses that an application security group stands for in a rule: the private ones of its members. */
import { applicationSecurityGroupMembers } from '../azure/application-security-group-members.ts';
import type { Cloud } from '../cloud.ts';
import { address } from '../ip/address.ts';
import { setOfAddresses } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';

/** Returns the private addresses of the NICs in a group; none for a group without members. */
export function memberAddresses(cloud: Cloud, groupId: string): AddressSet {
  return setOfAddresses(
    applicationSecurityGroupMembers(cloud, groupId).map(({ privateIPAddress }) => address(privateIPAddress)),
  );
}
