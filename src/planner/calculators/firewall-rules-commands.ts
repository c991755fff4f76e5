/** The change that the firewall rule evaluator proposes, as commands of azure-cli. */
import type { FirewallEntry } from '../../model/firewall/rules.ts';
import { formatAddress } from '../../model/ip/address.ts';
import type { AddedPlace, AddedRule, FirewallChange } from '../firewall-changes.ts';
import type { FirewallQuestion, GivenFirewall } from '../firewall-evaluator.ts';
import { shellWord, shellWordOr } from '../shell-word.ts';

/** Returns one line for each command, of azure-cli with its extension azure-firewall. */
export function commandTexts(
  change: FirewallChange,
  firewall: GivenFirewall,
  question: FirewallQuestion,
): readonly string[] {
  switch (change.kind) {
    case 'none':
      return [];
    case 'delete':
      return [deleteCommand(change.entry, firewall.name, change.resourceGroup)];
    case 'dns-proxy': {
      const group = shellWordOr(change.resourceGroup, '$RG');
      return change.policy === null
        ? [
            `az network firewall update -g ${group} --name ${shellWordOr(firewall.name, '$FW')} --enable-dns-proxy true`,
          ]
        : [
            `az network firewall policy update -g ${group} --name ${shellWord(change.policy)} --enable-dns-proxy true`,
          ];
    }
    case 'publish':
      return publishCommands(change.place, firewall, question);
    case 'add': {
      const { place, added, wanted } = change;
      const action = wanted === 'allow' ? 'Allow' : 'Deny';
      return place.policy === null
        ? [classicCommand(added, place, firewall, action)]
        : policyCommands(added, place, action);
    }
  }
}

function deleteCommand(
  { kind, origin }: FirewallEntry,
  name: string | null,
  resourceGroup: string | null,
): string {
  const group = shellWordOr(resourceGroup, '$RG');
  if (origin.policy === null) {
    return `az network firewall ${COMMANDS[kind]} delete -g ${group} --firewall-name ${shellWordOr(name, '$FW')} --collection-name ${shellWord(origin.collection.name)} --name ${shellWord(origin.rule)}`;
  }
  return `az network firewall policy rule-collection-group collection rule remove -g ${group} --policy-name ${shellWord(origin.policy)} --rule-collection-group-name ${shellWordOr(origin.group?.name, '$GROUP')} --collection-name ${shellWord(origin.collection.name)} --name ${shellWord(origin.rule)}`;
}

const COMMANDS = { dnat: 'nat-rule', network: 'network-rule', application: 'application-rule' } as const;

function classicCommand(
  added: AddedRule,
  { collection, resourceGroup }: AddedPlace,
  { name }: GivenFirewall,
  action: 'Allow' | 'Deny',
): string {
  const fresh = collection.isNew ? ` --action ${action} --priority ${collection.priority}` : '';
  return `az network firewall ${COMMANDS[added.type]} create -g ${shellWordOr(resourceGroup, '$RG')} --firewall-name ${shellWordOr(name, '$FW')} --collection-name ${shellWord(collection.name)} --name ${shellWord(added.rule.name)} ${matchFlags(added, '--protocols')}${fresh}`;
}

function policyCommands(added: AddedRule, place: AddedPlace, action: 'Allow' | 'Deny'): readonly string[] {
  const { collection } = place;
  const type = added.type === 'network' ? 'NetworkRule' : 'ApplicationRule';
  const flags = `--rule-type ${type} ${matchFlags(added, '--ip-protocols')}`;
  const [groups, at] = policyGroup(place);
  return collection.isNew
    ? [
        ...groups,
        `az network firewall policy rule-collection-group collection add-filter-collection ${at} --name ${shellWord(collection.name)} --collection-priority ${collection.priority} --action ${action} --rule-name ${shellWord(added.rule.name)} ${flags}`,
      ]
    : [
        `az network firewall policy rule-collection-group collection rule add ${at} --collection-name ${shellWord(collection.name)} --name ${shellWord(added.rule.name)} ${flags}`,
      ];
}

/** The command for a group that is not there yet, and the flags that name it. */
function policyGroup({ policy, resourceGroup, group }: AddedPlace): readonly [readonly string[], string] {
  const at = `-g ${shellWordOr(resourceGroup, '$RG')} --policy-name ${shellWordOr(policy, '$POLICY')}`;
  const name = shellWordOr(group?.name, '$GROUP');
  const create =
    group?.isNew === true
      ? [
          `az network firewall policy rule-collection-group create ${at} --name ${name} --priority ${group.priority}`,
        ]
      : [];
  return [create, `${at} --rule-collection-group-name ${name}`];
}

function matchFlags({ type, rule }: AddedRule, protocolFlag: '--protocols' | '--ip-protocols'): string {
  const sources = `--source-addresses ${rule.sourceAddresses.map(shellWord).join(' ')}`;
  if (type === 'application') {
    const protocols = rule.protocols.map((each) => `${each.protocolType}=${each.port}`).join(' ');
    return `--protocols ${protocols} ${sources} --target-fqdns ${rule.targetFqdns.map(shellWord).join(' ')}`;
  }
  const destinations =
    rule.destinationFqdns.length > 0
      ? `--destination-fqdns ${rule.destinationFqdns.map(shellWord).join(' ')}`
      : `--destination-addresses ${rule.destinationAddresses.map(shellWord).join(' ')}`;
  const ports = rule.destinationPorts.map(shellWord).join(' ');
  return `${protocolFlag} ${rule.protocols.join(' ')} ${sources} ${destinations} --destination-ports ${ports}`;
}

function publishCommands(
  place: AddedPlace,
  { name }: GivenFirewall,
  { packet }: FirewallQuestion,
): readonly string[] {
  const { collection } = place;
  const to = 'within' in packet.destination ? '$FIREWALL_PUBLIC_IP' : formatAddress(packet.destination);
  const match = `--source-addresses ${formatAddress(packet.source)} --destination-addresses ${to} --destination-ports ${packet.port ?? "'*'"} --translated-address $TARGET --translated-port ${packet.port ?? '$PORT'}`;
  if (place.policy === null) {
    const fresh = collection.isNew ? ` --action Dnat --priority ${collection.priority}` : '';
    return [
      `az network firewall nat-rule create -g ${shellWordOr(place.resourceGroup, '$RG')} --firewall-name ${shellWordOr(name, '$FW')} --collection-name ${shellWord(collection.name)} --name publish --protocols ${packet.protocol} ${match}${fresh}`,
    ];
  }
  const [groups, at] = policyGroup(place);
  const flags = `--ip-protocols ${packet.protocol} ${match}`;
  return collection.isNew
    ? [
        ...groups,
        `az network firewall policy rule-collection-group collection add-nat-collection ${at} --name ${shellWord(collection.name)} --collection-priority ${collection.priority} --action DNAT --rule-name publish ${flags}`,
      ]
    : [
        `az network firewall policy rule-collection-group collection rule add ${at} --collection-name ${shellWord(collection.name)} --name publish --rule-type NatRule ${flags}`,
      ];
}
