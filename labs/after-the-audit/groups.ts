/** The list of the audit as it was meant, and where the groups differ from it. */
import { armKey, findResource } from '../../src/model/azure/resource-store.ts';
import type { NetworkSecurityGroup, SecurityRule } from '../../src/model/azure/resources.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { GROUP, LOANS_ADDRESS } from './calls.ts';

export const GROUPS = ['nsg-system', 'nsg-apps'] as const;
export type GroupName = (typeof GROUPS)[number];

/** What a rule may have wrong, in the words that a learner answers with. */
export const PARTS = ['priority', 'protocol', 'source', 'source-port', 'destination', 'port'] as const;
export type Part = (typeof PARTS)[number];

type Meant = Readonly<Record<Part, string>>;

const NODES = '10.60.0.0/24 10.60.1.0/24';
const WHOLE_CLUSTER = `${NODES} 10.244.0.0/16`;

function meant(priority: number, protocol: string, source: string, destination: string, port: string): Meant {
  return { priority: String(priority), protocol, source, 'source-port': '*', destination, port };
}

/** The ten rules, the same for both groups. */
function listOfTheAudit(catalogue: string): Readonly<Record<string, Meant>> {
  return {
    'a17-01': meant(100, '*', '192.0.2.128/25', '*', '*'),
    'a17-02': meant(200, '*', WHOLE_CLUSTER, WHOLE_CLUSTER, '*'),
    'a17-03': meant(300, 'Tcp', 'AzureLoadBalancer', NODES, '30000-32767'),
    'a17-04': meant(310, 'Tcp', 'Internet', catalogue, '80'),
    'a17-05': meant(320, 'Tcp', '10.70.0.0/24', LOANS_ADDRESS, '80'),
    'a17-06': meant(330, 'Tcp', '10.60.8.0/24', NODES, '22'),
    'a17-07': meant(4000, '*', '*', '*', '*'),
    'a17-08': meant(200, '*', WHOLE_CLUSTER, WHOLE_CLUSTER, '*'),
    'a17-09': meant(300, 'Tcp', '*', 'Internet', '443'),
    'a17-10': meant(4000, '*', '*', '*', '*'),
  };
}

export const RULES: readonly string[] = Object.keys(listOfTheAudit(''));

const texts = (single: string | null, several: readonly string[]): readonly string[] =>
  single === null ? several : [single];

function asWritten(rule: SecurityRule): Meant {
  return {
    priority: String(rule.priority),
    protocol: rule.protocol,
    source: texts(rule.sourceAddressPrefix, rule.sourceAddressPrefixes).join(' '),
    'source-port': texts(rule.sourcePortRange, rule.sourcePortRanges).join(' '),
    destination: texts(rule.destinationAddressPrefix, rule.destinationAddressPrefixes).join(' '),
    port: texts(rule.destinationPortRange, rule.destinationPortRanges).join(' '),
  };
}

export interface Difference {
  readonly group: GroupName;
  readonly rule: string;
  readonly part: Part;
}

export function groupOf(cloud: Cloud, name: GroupName): NetworkSecurityGroup | null {
  return findResource(cloud, 'Microsoft.Network/networkSecurityGroups', GROUP, name);
}

/** Returns where the groups differ from the list that the audit decided on. */
export function differences(cloud: Cloud, catalogue: string): readonly Difference[] {
  const list = listOfTheAudit(catalogue);
  return GROUPS.flatMap((group) =>
    (groupOf(cloud, group)?.securityRules ?? []).flatMap((rule) => {
      const [wanted, written] = [list[rule.name], asWritten(rule)];
      return wanted === undefined
        ? []
        : PARTS.filter((part) => wanted[part] !== written[part]).map((part) => ({
            group,
            rule: rule.name,
            part,
          }));
    }),
  );
}

/** Returns the cloud in which one rule of one group is as the audit meant it. */
export function withRuleAsMeant(cloud: Cloud, group: GroupName, name: string, catalogue: string): Cloud {
  const [found, wanted] = [groupOf(cloud, group), listOfTheAudit(catalogue)[name]];
  if (found === null || wanted === undefined) return cloud;
  const [sources, destinations] = [wanted.source.split(' '), wanted.destination.split(' ')];
  const single = (list: readonly string[]): string | null => (list.length === 1 ? (list[0] ?? null) : null);
  const several = (list: readonly string[]): readonly string[] => (list.length === 1 ? [] : list);
  const securityRules = found.securityRules.map((rule): SecurityRule => {
    if (rule.name !== name) return rule;
    return {
      ...rule,
      priority: Number(wanted.priority),
      protocol: wanted.protocol === 'Tcp' ? 'Tcp' : '*',
      sourceAddressPrefix: single(sources),
      sourceAddressPrefixes: several(sources),
      sourcePortRange: wanted['source-port'],
      sourcePortRanges: [],
      destinationAddressPrefix: single(destinations),
      destinationAddressPrefixes: several(destinations),
      destinationPortRange: wanted.port,
      destinationPortRanges: [],
    };
  });
  return { ...cloud, resources: { ...cloud.resources, [armKey(found.id)]: { ...found, securityRules } } };
}
