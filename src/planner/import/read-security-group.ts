/** Network security groups and application security groups out of pasted JSON. */
import { defaultSecurityRules } from '../../model/azure/network-security-group.ts';
import type {
  ApplicationSecurityGroup,
  NetworkSecurityGroup,
  SecurityRule,
} from '../../model/azure/resources.ts';
import { baseOf, bagOfObject, etagOf, partId } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import type { Bag } from './bag.ts';

export function readSecurityGroup(object: ArmObject, { cloud, log }: ReadContext): NetworkSecurityGroup {
  const bag = bagOfObject(object, log);
  const own = bag.bags('securityRules').flatMap((each) => readSecurityRule(each, object.id) ?? []);
  const defaults = bag
    .bags('defaultSecurityRules')
    .flatMap((each) => readSecurityRule(each, object.id, 'defaultSecurityRules') ?? []);
  const group: NetworkSecurityGroup = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/networkSecurityGroups',
    securityRules: own,
    // Templates do not export them; every group has them.
    defaultSecurityRules: defaults.length === 0 ? defaultSecurityRules(cloud, object.id) : defaults,
  };
  bag.finish({ harmless: ['subnets', 'networkInterfaces', 'flowLogs', 'flushConnection'] });
  return group;
}

export function readSecurityRule(
  bag: Bag,
  groupId: string,
  collection: 'securityRules' | 'defaultSecurityRules' = 'securityRules',
): SecurityRule | null {
  const { id, name } = partId(bag, groupId, collection);
  const [sourceGroups, destinationGroups] = [
    bag.references('sourceApplicationSecurityGroups'),
    bag.references('destinationApplicationSecurityGroups'),
  ];
  const rule: SecurityRule = {
    id,
    name,
    description: bag.text('description'),
    priority: bag.number('priority', 65_000),
    direction: bag.choice('direction', ['Inbound', 'Outbound'], 'Inbound'),
    access: bag.choice('access', ['Allow', 'Deny'], 'Deny'),
    protocol: bag.choice('protocol', ['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', '*'], '*'),
    sourceAddressPrefix: bag.text('sourceAddressPrefix') || null,
    sourceAddressPrefixes: bag.texts('sourceAddressPrefixes'),
    ...(sourceGroups.length === 0 ? {} : { sourceApplicationSecurityGroups: sourceGroups }),
    sourcePortRange: bag.text('sourcePortRange') || null,
    sourcePortRanges: bag.texts('sourcePortRanges'),
    destinationAddressPrefix: bag.text('destinationAddressPrefix') || null,
    destinationAddressPrefixes: bag.texts('destinationAddressPrefixes'),
    ...(destinationGroups.length === 0 ? {} : { destinationApplicationSecurityGroups: destinationGroups }),
    destinationPortRange: bag.text('destinationPortRange') || null,
    destinationPortRanges: bag.texts('destinationPortRanges'),
    etag: etagOf(bag),
    provisioningState: 'Succeeded',
  };
  if (!bag.has('direction') || !bag.has('access') || !bag.has('priority')) {
    bag.leave(
      'direction, access or priority',
      'They are not there, so what the rule does is not known.',
      'decides',
    );
  }
  bag.finish();
  return rule;
}

export function readApplicationSecurityGroup(
  object: ArmObject,
  { log }: ReadContext,
): ApplicationSecurityGroup {
  const bag = bagOfObject(object, log);
  const group: ApplicationSecurityGroup = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/applicationSecurityGroups',
  };
  bag.finish();
  return group;
}
