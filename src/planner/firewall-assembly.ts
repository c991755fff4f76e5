/** Puts what was pasted together: which policy is whose parent, which groups are whose. */
import type { ClassicFirewall, PolicyOfRules } from '../model/firewall/rules-of.ts';
import type { AddressSet } from '../model/ip/address-set.ts';
import type { GivenFirewall } from './firewall-evaluator.ts';
import type { ClassicCollection, FirewallParts, TextGroup, TextPolicy } from './firewall-text.ts';
import type { InputReader } from './input.ts';

export interface AssemblyInput {
  readonly parts: FirewallParts;
  /** What `--parent` says. */
  readonly parent: string | null;
  readonly dnsProxy: 'on' | 'off' | null;
  readonly privateRanges: readonly string[] | null;
  readonly ipGroups: ReadonlyMap<string, readonly string[]>;
  readonly tags: ReadonlyMap<string, AddressSet>;
}

export interface Assembled {
  readonly firewall: GivenFirewall;
  readonly assumptions: readonly string[];
}

/** A policy of which perhaps only groups were given. */
interface Policy {
  readonly name: string;
  readonly resourceGroup: string | null;
  readonly said: TextPolicy | null;
  readonly groups: readonly TextGroup[];
}

/** Returns the firewall; null with issues where the parts do not make one. */
export function assemble(reader: InputReader, input: AssemblyInput): Assembled | null {
  const { parts } = input;
  const [firewall, another] = parts.firewalls;
  if (firewall !== undefined && another !== undefined) {
    const names = parts.firewalls.map(({ name }) => name).join(', ');
    return reader.refuse(
      'rules',
      null,
      `${parts.firewalls.length} firewalls are given (${names}).`,
      'one firewall at a time.',
    );
  }
  const assumptions: string[] = [];
  const policies = policiesOf(parts, assumptions);
  const classicCollections = [...(firewall?.collections ?? []), ...parts.collections];
  const own = firewall?.policy ?? null;
  if (policies.length > 0 && classicCollections.length > 0) {
    return reader.refuse(
      'rules',
      null,
      'rules of a firewall itself and rules of a policy are given, and a firewall has one or the other.',
      null,
    );
  }
  if (firewall !== undefined && own === null && policies.length > 0) {
    const message = `firewall ${firewall.name} has no policy, and policy ${policies[0]?.name ?? ''} is given.`;
    return reader.refuse('rules', null, message, null);
  }
  const chain = chainOf(reader, policies, own, input.parent, assumptions);
  if (chain === null) return null;
  const names = {
    held: parts.held,
    ...(input.tags.size === 0 ? {} : { tags: input.tags }),
    ipGroup: (id: string) => {
      const name = id.split('/').at(-1) ?? id;
      const key = name.toLowerCase();
      return { name, addresses: input.ipGroups.get(key) ?? parts.ipGroups.get(key) ?? null };
    },
  };
  const classic: ClassicFirewall = {
    threatIntelMode: firewall?.threatIntelMode ?? 'Alert',
    additionalProperties: {
      ...settingsOf(firewall?.additionalProperties ?? {}, input),
      ...(firewall === undefined ? unsaidProxy(classicCollections, input, assumptions) : {}),
    },
    natRuleCollections: classicCollections.flatMap((each) => (each.type === 'dnat' ? [each.collection] : [])),
    networkRuleCollections: classicCollections.flatMap((each) =>
      each.type === 'network' ? [each.collection] : [],
    ),
    applicationRuleCollections: classicCollections.flatMap((each) =>
      each.type === 'application' ? [each.collection] : [],
    ),
  };
  return {
    firewall: {
      name: firewall?.name ?? null,
      resourceGroup: firewall?.resourceGroup ?? chain.at(-1)?.resourceGroup ?? null,
      classic,
      policies: chain.map((policy, at) => policyOf(policy, at === chain.length - 1, input, assumptions)),
      names,
    },
    assumptions,
  };
}

function policiesOf(parts: FirewallParts, assumptions: string[]): readonly Policy[] {
  const loose: readonly TextGroup[] =
    parts.policyCollections.length === 0
      ? []
      : [
          {
            policy: null,
            resourceGroup: null,
            name: 'group',
            priority: 100,
            collections: parts.policyCollections,
            line: 1,
          },
        ];
  if (loose.length > 0)
    assumptions.push('the collections without a group are in one group, with priority 100.');
  const groups = [...parts.groups, ...loose];
  const said = new Map(parts.policies.map((each) => [each.name.toLowerCase(), each]));
  const names = new Map<string, string>();
  for (const { name } of parts.policies) names.set(name.toLowerCase(), name);
  for (const { policy } of groups)
    if (policy !== null && !names.has(policy.toLowerCase())) names.set(policy.toLowerCase(), policy);
  const [only] = names.values();
  const nameless = names.size === 1 && only !== undefined ? only : 'policy';
  if (groups.some(({ policy }) => policy === null) && names.size !== 1) names.set(nameless, nameless);
  return [...names].map(([key, name]): Policy => {
    const own = groups.filter(({ policy }) => (policy ?? nameless).toLowerCase() === key);
    const whole = said.get(key) ?? null;
    return {
      name,
      resourceGroup: whole?.resourceGroup ?? own[0]?.resourceGroup ?? null,
      said: whole,
      groups: unique(own),
    };
  });
}

/** The same group may be pasted alone and in a list. */
function unique(groups: readonly TextGroup[]): readonly TextGroup[] {
  return groups.filter(
    (each, at) => groups.findIndex(({ name }) => name.toLowerCase() === each.name.toLowerCase()) === at,
  );
}

/** The outermost parent first. */
function chainOf(
  reader: InputReader,
  policies: readonly Policy[],
  own: string | null,
  parent: string | null,
  assumptions: string[],
): readonly Policy[] | null {
  const find = (name: string): Policy | null =>
    policies.find((each) => each.name.toLowerCase() === name.toLowerCase()) ?? null;
  const known = policies.map(({ name }) => name).join(', ');
  if (parent !== null && find(parent) === null) {
    return reader.refuse(
      'parent',
      parent,
      `there is no policy "${parent}".`,
      known === '' ? null : `one of ${known}.`,
    );
  }
  if (own !== null && find(own) === null) {
    return reader.refuse(
      'rules',
      null,
      `the firewall has policy ${own}, whose rules are not given.`,
      `the output of 'az network firewall policy rule-collection-group list -g GROUP --policy-name ${own} -o json' beside it.`,
    );
  }
  if (policies.length === 0) return [];
  const baseOf = (policy: Policy): string | null =>
    parent !== null && policy.name.toLowerCase() !== parent.toLowerCase()
      ? parent
      : (policy.said?.base ?? null);
  const bases = new Set(policies.flatMap((each) => baseOf(each)?.toLowerCase() ?? []));
  const leaves = policies.filter((each) => !bases.has(each.name.toLowerCase()));
  const start = own === null ? leaves : [find(own)].filter((each) => each !== null);
  const [first] = start;
  if (first === undefined || start.length > 1) {
    return reader.refuse(
      'parent',
      null,
      `policies ${known} are given, and which is the parent of which is not said.`,
      `--parent ${policies[0]?.name ?? 'NAME'}, or the output of 'az network firewall policy show' of the child.`,
    );
  }
  const chain: Policy[] = [];
  for (let policy: Policy | null = first; policy !== null;) {
    if (chain.includes(policy))
      return reader.refuse('rules', null, `policy ${policy.name} is its own parent.`, null);
    chain.unshift(policy);
    const base: string | null = baseOf(policy);
    if (base === null) break;
    const next = find(base);
    if (next === null) {
      return reader.refuse(
        'rules',
        null,
        `policy ${policy.name} has the parent ${base}, whose rules come first and are not given.`,
        `the output of 'az network firewall policy rule-collection-group list -g GROUP --policy-name ${base} -o json' beside it.`,
      );
    }
    policy = next;
  }
  for (const { name, said, groups } of chain) {
    const missing = (said?.groups ?? []).filter(
      (each) => !groups.some((group) => group.name.toLowerCase() === each.toLowerCase()),
    );
    if (missing.length > 0) {
      return reader.refuse(
        'rules',
        null,
        `policy ${name} has groups ${missing.join(', ')}, whose rules are not given: 'policy show' prints only their ids.`,
        `the output of 'az network firewall policy rule-collection-group list -g GROUP --policy-name ${name} -o json' beside it.`,
      );
    }
  }
  const unused = policies.filter((each) => !chain.includes(each));
  if (unused.length > 0) {
    assumptions.push(
      `${unused.map(({ name }) => name).join(', ')} is no part of this firewall and not asked.`,
    );
  }
  return chain;
}

const PROXY = 'Network.DNS.EnableProxy';
const RANGES = 'Network.SNAT.PrivateRanges';

function settingsOf(
  said: Readonly<Record<string, string>>,
  { dnsProxy, privateRanges }: AssemblyInput,
): Readonly<Record<string, string>> {
  const without = Object.fromEntries(
    Object.entries(said).filter(
      ([key]) =>
        !(dnsProxy !== null && key.toLowerCase() === PROXY.toLowerCase()) &&
        !(privateRanges !== null && key.toLowerCase() === RANGES.toLowerCase()),
    ),
  );
  return {
    ...without,
    ...(dnsProxy === null ? {} : { [PROXY]: String(dnsProxy === 'on') }),
    ...(privateRanges === null ? {} : { [RANGES]: privateRanges.join(',') }),
  };
}

/** Collections alone do not say whether the firewall resolves names; their rules with FQDNs do. */
function unsaidProxy(
  collections: readonly ClassicCollection[],
  { dnsProxy }: AssemblyInput,
  assumptions: string[],
): Readonly<Record<string, string>> {
  const hasNames = collections.some(
    (each) =>
      each.type === 'network' &&
      each.collection.rules.some(({ destinationFqdns }) => destinationFqdns.length > 0),
  );
  if (dnsProxy !== null || !hasNames) return {};
  assumptions.push(PROXY_ASSUMED);
  return { [PROXY]: 'true' };
}

const PROXY_ASSUMED = 'the DNS proxy is on, since network rules name FQDNs; --dns-proxy off says otherwise.';

function policyOf(
  { name, resourceGroup, said, groups }: Policy,
  isOwn: boolean,
  { dnsProxy, privateRanges }: AssemblyInput,
  assumptions: string[],
): PolicyOfRules & { readonly resourceGroup: string | null } {
  const hasNames = groups.some(({ collections }) =>
    collections.some(
      (each) =>
        each.ruleCollectionType === 'FirewallPolicyFilterRuleCollection' &&
        each.rules.some((rule) => rule.ruleType === 'NetworkRule' && rule.destinationFqdns.length > 0),
    ),
  );
  const told = isOwn && dnsProxy !== null ? { servers: [], enableProxy: dnsProxy === 'on' } : null;
  const assumed = said === null && hasNames && dnsProxy === null ? { servers: [], enableProxy: true } : null;
  if (assumed !== null && !assumptions.includes(PROXY_ASSUMED)) assumptions.push(PROXY_ASSUMED);
  return {
    name,
    resourceGroup,
    threatIntelMode: said?.threatIntelMode ?? 'Alert',
    dnsSettings: told ?? said?.dnsSettings ?? assumed,
    snat:
      isOwn && privateRanges !== null
        ? { privateRanges, autoLearnPrivateRanges: 'Disabled' }
        : (said?.snat ?? null),
    ruleCollectionGroups: groups.map((group) => ({
      id: '',
      name: group.name,
      etag: '',
      priority: group.priority,
      ruleCollections: group.collections,
      provisioningState: 'Succeeded',
    })),
  };
}
