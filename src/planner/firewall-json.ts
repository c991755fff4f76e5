/**
 * Firewalls in the JSON of azure-cli (`az network firewall show|list`, `firewall policy show|list`,
 * `rule-collection-group show|list`, `collection list`, `ip-group show|list`) and of ARM's REST answers and
 * templates (`properties` nested), or the same as YAML. Anything else is named, not ignored.
 */
import { setOf, setUnion } from '../model/ip/address-set.ts';
import { parseAddress } from '../model/ip/address.ts';
import { hostPrefix } from '../model/ip/prefix.ts';
import type { AddressSet } from '../model/ip/address-set.ts';
import { JsonBag } from './firewall-json-bag.ts';
import {
  applicationRule,
  classicCollectionOf,
  natRule,
  networkRule,
  policyCollectionOf,
} from './firewall-json-rules.ts';
import { noParts } from './firewall-text.ts';
import type {
  ClassicCollection,
  FirewallParts,
  TextFirewall,
  TextGroup,
  TextPolicy,
} from './firewall-text.ts';
import type { PolicyRuleCollection } from '../model/azure/firewall-resources.ts';
import { documentsIn, lineFinder, parseJson } from './nsg-json.ts';
import type { TextProblem } from './nsg-text.ts';

/** What is found, while it is collected. */
interface Found {
  readonly firewalls: TextFirewall[];
  readonly policies: TextPolicy[];
  readonly groups: TextGroup[];
  readonly collections: ClassicCollection[];
  readonly policyCollections: PolicyRuleCollection[];
  readonly ipGroups: Map<string, readonly string[]>;
  readonly held: Map<string, AddressSet>;
  readonly problems: TextProblem[];
  readonly remarks: string[];
}

/** Reads every document of a text: the answers of several commands may stand one behind the other. */
export function firewallsInJson(text: string): FirewallParts {
  const found: Found = {
    ...noParts(),
    firewalls: [],
    policies: [],
    groups: [],
    collections: [],
    policyCollections: [],
    ipGroups: new Map(),
    held: new Map(),
    problems: [],
    remarks: [],
  };
  for (const part of documentsIn(text)) {
    const read = parseJson(part);
    if ('problem' in read) {
      found.problems.push(read.problem);
      continue;
    }
    collect(JsonBag.root(read.data, lineFinder(part), found.problems), found);
  }
  return found;
}

const KINDS: readonly (readonly [RegExp, string | null])[] = [
  [/\/azureFirewalls$/i, 'firewall'],
  [/\/firewallPolicies$/i, 'policy'],
  [/\/firewallPolicies\/ruleCollectionGroups$/i, 'group'],
  [/\/ipGroups$/i, 'ip-group'],
  [/\/publicIPAddresses$/i, 'public-ip'],
];

function kindOf(bag: JsonBag): string | null {
  const type = bag.textOr('type', '');
  const known = KINDS.find(([pattern]) => pattern.test(type));
  if (known !== undefined) return known[1];
  if (bag.has('ruleCollections')) return 'group';
  if (
    ['networkRuleCollections', 'applicationRuleCollections', 'natRuleCollections'].some((key) => bag.has(key))
  )
    return 'firewall';
  if (bag.has('ruleCollectionGroups')) return 'policy';
  if (bag.has('ruleCollectionType') || (bag.has('rules') && bag.has('priority'))) return 'collection';
  if (bag.has('ruleType')) return 'rule';
  if (type === '' && bag.has('ipAddresses') && bag.has('name')) return 'ip-group';
  return null;
}

function collect(bag: JsonBag, found: Found): void {
  const items = bag.items();
  if (items !== null) {
    if (items.length === 0)
      bag.problem('is an empty list.', "the output of 'az network firewall show -o json'.");
    for (const each of items) collect(each, found);
    return;
  }
  switch (kindOf(bag)) {
    case 'firewall':
      found.firewalls.push(firewall(bag, found));
      return;
    case 'policy':
      found.policies.push(policy(bag, found));
      return;
    case 'group':
      found.groups.push(group(bag));
      return;
    case 'collection':
      collection(bag, found);
      return;
    case 'rule':
      bag.problem(
        `holds rule ${bag.textOr('name', '')} without its collection, whose action and priority decide.`,
        "the output of 'az network firewall policy rule-collection-group list -o json'.",
      );
      return;
    case 'ip-group':
      found.ipGroups.set(bag.textOr('name', '').toLowerCase(), bag.texts('ipAddresses'));
      return;
    case 'public-ip':
      hold(bag, found);
      return;
    case null:
      unknown(bag, found);
      return;
  }
}

/** Lists wrapped by ARM, templates, and everything that is something else. */
function unknown(bag: JsonBag, found: Found): void {
  for (const key of ['value', 'resources', 'NewNSG', 'ipGroup', 'publicIp']) {
    const inner = bag.child(key);
    if (inner !== null) {
      collect(inner, found);
      return;
    }
  }
  const type = bag.textOr('type', '');
  if (/networkSecurityGroups/i.test(type) || bag.has('securityRules') || bag.has('sourceAddressPrefix')) {
    bag.problem(
      'holds a network security group, which is no firewall.',
      'calc nsg-evaluator, which reads it.',
    );
    return;
  }
  const what = type === '' ? `an object with ${bag.keys().slice(0, 4).join(', ')}` : `a ${type}`;
  bag.problem(
    `holds ${bag.keys().length === 0 ? 'nothing' : what}, which is no firewall, policy, rule collection group or IP group.`,
    "the output of 'az network firewall show -o json' or 'az network firewall policy rule-collection-group list -o json'.",
  );
}

function hold(bag: JsonBag, found: Found): void {
  const address = parseAddress(bag.textOr('ipAddress', ''));
  const region = bag.textOr('location', '').toLowerCase();
  if (!address.ok || region === '') return;
  const before = found.held.get(region);
  const own = setOf(hostPrefix(address.value));
  found.held.set(region, before === undefined ? own : setUnion(before, own));
}

function threatIntelMode(bag: JsonBag): 'Off' | 'Alert' | 'Deny' | null {
  return bag.choice('threatIntelMode', ['Off', 'Alert', 'Deny']);
}

function firewall(bag: JsonBag, found: Found): TextFirewall {
  const additional = bag.child('additionalProperties');
  const properties = Object.fromEntries(
    // The 2024 API also prints them flat.
    (additional?.keys() ?? []).map((key) => [key, additional?.textOr(key, '') ?? '']),
  );
  const id = bag.textOr('id', '');
  if (bag.child('virtualHub')?.textOr('id', '') !== undefined) {
    found.remarks.push(
      'firewalls in a virtual hub route by the hub, which is not simulated; their rules are read.',
    );
  }
  return {
    name: bag.textOr('name', '') || (id.split('/').at(-1) ?? '') || 'firewall',
    resourceGroup: bag.textOr('resourceGroup', '') || segmentOf(id, 'resourceGroups'),
    policy: lastOf(bag.child('firewallPolicy')?.textOr('id', '') ?? ''),
    threatIntelMode: threatIntelMode(bag),
    additionalProperties: properties,
    collections: (
      [
        ['natRuleCollections', natRule],
        ['networkRuleCollections', networkRule],
        ['applicationRuleCollections', applicationRule],
      ] as const
    ).flatMap(([key]) =>
      (bag.child(key)?.items() ?? []).flatMap((each) => classicCollectionOf(each, key) ?? []),
    ),
    line: bag.line(),
  };
}

function policy(bag: JsonBag, found: Found): TextPolicy {
  const dns = bag.child('dnsSettings');
  const snat = bag.child('snat');
  const groups = bag.child('ruleCollectionGroups')?.items() ?? [];
  const id = bag.textOr('id', '');
  const name = bag.textOr('name', '') || lastOf(id) || 'policy';
  const idps = bag.child('intrusionDetection')?.textOr('mode', 'Off') ?? 'Off';
  if (idps !== 'Off') {
    found.remarks.push(
      `IDPS of ${name} (mode ${idps}) is not simulated: it may drop what the rules let through.`,
    );
  }
  if (bag.child('explicitProxy')?.textOr('enableExplicitProxy', 'false') === 'true') {
    found.remarks.push(`the explicit proxy of ${name} is not simulated.`);
  }
  // Exports have the groups in full; `az` prints their ids.
  for (const each of groups) if (each.has('ruleCollections')) found.groups.push(group(each, name));
  return {
    name,
    resourceGroup: bag.textOr('resourceGroup', '') || segmentOf(id, 'resourceGroups'),
    base: lastOf(bag.child('basePolicy')?.textOr('id', '') ?? ''),
    threatIntelMode: threatIntelMode(bag) ?? 'Alert',
    dnsSettings:
      dns === null
        ? null
        : { servers: dns.texts('servers'), enableProxy: dns.textOr('enableProxy', 'false') === 'true' },
    snat:
      snat === null
        ? null
        : {
            privateRanges: snat.texts('privateRanges'),
            autoLearnPrivateRanges:
              snat.textOr('autoLearnPrivateRanges', 'Disabled') === 'Enabled' ? 'Enabled' : 'Disabled',
          },
    groups: groups.flatMap((each) => lastOf(each.textOr('id', '') || each.textOr('name', '')) ?? []),
    line: bag.line(),
  };
}

function group(bag: JsonBag, policyName: string | null = null): TextGroup {
  const id = bag.textOr('id', '');
  const fullName = bag.textOr('name', '') || (lastOf(id) ?? 'group');
  const collections = (bag.child('ruleCollections')?.items() ?? []).flatMap(
    (each) => policyCollectionOf(each) ?? [],
  );
  const priority = bag.priority('priority');
  return {
    policy:
      policyName ??
      segmentOf(id, 'firewallPolicies') ??
      (fullName.includes('/') ? (fullName.split('/')[0] ?? null) : null),
    resourceGroup: bag.textOr('resourceGroup', '') || segmentOf(id, 'resourceGroups'),
    name: lastOf(fullName) ?? fullName,
    priority: priority ?? 100,
    collections,
    line: bag.line(),
  };
}

function collection(bag: JsonBag, found: Found): void {
  if (bag.has('ruleCollectionType')) {
    const read = policyCollectionOf(bag);
    if (read !== null) found.policyCollections.push(read);
    return;
  }
  const rules = bag.child('rules')?.items() ?? [];
  const id = bag.textOr('id', '');
  const key =
    /natRuleCollections\//i.test(id) || rules.some((each) => each.has('translatedPort'))
      ? 'natRuleCollections'
      : /applicationRuleCollections\//i.test(id) ||
          rules.some((each) => each.has('targetFqdns') || each.has('fqdnTags'))
        ? 'applicationRuleCollections'
        : 'networkRuleCollections';
  const read = classicCollectionOf(bag, key);
  if (read !== null) found.collections.push(read);
}

function lastOf(id: string): string | null {
  const last = id.split('/').at(-1) ?? '';
  return last === '' ? null : last;
}

/** What follows a segment of an ARM id. */
function segmentOf(id: string, segment: string): string | null {
  const parts = id.split('/');
  const at = parts.findIndex((part) => part.toLowerCase() === segment.toLowerCase());
  return at < 0 ? null : (parts[at + 1] ?? null);
}
