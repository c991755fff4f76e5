/**
 * The smallest change that flips a verdict: one rule more, in a collection that is there if one stands at the
 * right place, else in a new one; for a DNAT rule its deletion. Each proposal is tried before it is made.
 */
import type {
  FirewallApplicationProtocol,
  FirewallApplicationRule,
  FirewallNetworkRule,
} from '../model/azure/firewall-resources.ts';
import { evaluateFirewall } from '../model/firewall/evaluate.ts';
import type { FirewallVerdict } from '../model/firewall/evaluate.ts';
import type { FirewallEntry, FirewallRules } from '../model/firewall/rules.ts';
import { formatAddress } from '../model/ip/address.ts';
import { FIREWALL_PRIORITIES } from '../model/limits/firewall.ts';
import type { FirewallQuestion, GivenFirewall } from './firewall-evaluator.ts';
import { places } from './firewall-places.ts';

/** The rule that is added. */
export type AddedRule =
  | { readonly type: 'network'; readonly rule: FirewallNetworkRule }
  | { readonly type: 'application'; readonly rule: FirewallApplicationRule };

/** Where it is added. */
export interface AddedPlace {
  /** Null for a firewall with rules of its own. */
  readonly policy: string | null;
  readonly resourceGroup: string | null;
  readonly group: { readonly name: string; readonly priority: number; readonly isNew: boolean } | null;
  readonly collection: { readonly name: string; readonly priority: number; readonly isNew: boolean };
}

export type FirewallChange =
  | {
      readonly kind: 'add';
      readonly wanted: 'allow' | 'deny';
      readonly added: AddedRule;
      readonly place: AddedPlace;
    }
  | {
      readonly kind: 'delete';
      readonly wanted: 'allow' | 'deny';
      readonly entry: FirewallEntry;
      readonly resourceGroup: string | null;
    }
  /** FQDNs of network rules match once the firewall resolves them. */
  | {
      readonly kind: 'dns-proxy';
      readonly wanted: 'allow' | 'deny';
      readonly policy: string | null;
      readonly resourceGroup: string | null;
    }
  /** From the internet only a DNAT rule lets in, and its target is for the reader to know. */
  | { readonly kind: 'publish'; readonly wanted: 'allow'; readonly place: AddedPlace }
  | { readonly kind: 'none'; readonly wanted: 'allow' | 'deny'; readonly why: string };

/** Returns the change; what is undetermined is let through. */
export function changeFor(
  firewall: GivenFirewall,
  rules: FirewallRules,
  question: FirewallQuestion,
  answer: FirewallVerdict,
): FirewallChange {
  const wanted = answer.verdict === 'allow' ? 'deny' : 'allow';
  const { packet } = question;
  const { decided } = answer;
  if (packet.side === 'internet' && wanted === 'allow') {
    const [place] = places(firewall, 'dnat', 'Dnat');
    if (place !== undefined) return { kind: 'publish', wanted, place: place.place };
  }
  const works = (changed: FirewallRules): boolean => evaluateFirewall(changed, packet).verdict === wanted;
  const own = firewall.policies.at(-1);
  const owner = firewall.policies.find(({ name }) => name === ownerOf(decided));
  const deletion: FirewallChange | null =
    typeof decided !== 'string' && works(without(rules, decided))
      ? {
          kind: 'delete',
          wanted,
          entry: decided,
          resourceGroup: owner?.resourceGroup ?? firewall.resourceGroup,
        }
      : null;
  // No other rule is asked after a DNAT rule.
  if (typeof decided !== 'string' && decided.kind === 'dnat') {
    return deletion ?? { kind: 'none', wanted, why: 'another DNAT rule takes it as well.' };
  }
  if (rules.dnsProxy === 'off' && works({ ...rules, dnsProxy: 'on' })) {
    const resourceGroup = own?.resourceGroup ?? firewall.resourceGroup;
    return { kind: 'dns-proxy', wanted, policy: own?.name ?? null, resourceGroup };
  }
  for (const added of rulesFor(question)) {
    const tried = places(firewall, added.type, wanted === 'allow' ? 'Allow' : 'Deny');
    for (const place of tried.slice(0, MOST_TRIED)) {
      if (works(place.with(added))) return { kind: 'add', wanted, added, place: place.place };
    }
  }
  return deletion ?? { kind: 'none', wanted, why: whyNone(rules, question, answer) };
}

/** Of a large policy, the first places are enough: they are those at its end, between and before its groups. */
const MOST_TRIED = 60;

function without(rules: FirewallRules, entry: FirewallEntry): FirewallRules {
  return {
    ...rules,
    dnat: rules.dnat.filter((each) => each !== entry),
    network: rules.network.filter((each) => each !== entry),
    application: rules.application.filter((each) => each !== entry),
  };
}

function whyNone(
  rules: FirewallRules,
  { packet, name }: FirewallQuestion,
  { decided, doubtful }: FirewallVerdict,
): string {
  if (doubtful.length > 0) return 'whether a rule before it matches is not known.';
  if (typeof decided !== 'string' && decided.origin.collection.priority === FIREWALL_PRIORITIES.value.first) {
    return `nothing can stand before collection ${decided.origin.collection.name}, which has the first priority there is; give it a higher number first.`;
  }
  if ('within' in packet.destination && rules.dnsProxy === 'off') {
    return `a network rule asks for an address, or for a name where the DNS proxy is on; ${name ?? 'NAME'}@ADDRESS says the address.`;
  }
  return 'no single rule changes it.';
}

function ownerOf(decided: FirewallVerdict['decided']): string | null {
  return typeof decided === 'string' ? null : decided.origin.policy;
}

/** Rules for just this, the narrower kind first: an application rule knows the name. */
function rulesFor({ packet, name, text }: FirewallQuestion): readonly AddedRule[] {
  const { request, port, protocol, destination, source } = packet;
  const common = {
    name: `to-${(name ?? text)
      .replace(/^[a-z]+:\/\//i, '')
      .replaceAll(/[^a-zA-Z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')}`.slice(0, 60),
    description: null,
    sourceAddresses: [formatAddress(source)],
    sourceIpGroups: [],
  };
  const host = request?.host ?? null;
  const rules: AddedRule[] = [];
  if (request !== null && host !== null && port !== null && /[a-z]/i.test(host)) {
    const protocolType = PROTOCOL_TYPES[request.protocol];
    rules.push({
      type: 'application',
      rule: { ...common, protocols: [{ protocolType, port }], targetFqdns: [host], fqdnTags: [] },
    });
  }
  const address = 'within' in destination ? null : formatAddress(destination);
  rules.push({
    type: 'network',
    rule: {
      ...common,
      protocols: [protocol],
      destinationAddresses: address === null ? [] : [address],
      destinationIpGroups: [],
      destinationFqdns: address === null && name !== null ? [name] : [],
      destinationPorts: [port === null ? '*' : String(port)],
    },
  });
  return rules;
}

const PROTOCOL_TYPES: Readonly<
  Record<'http' | 'https' | 'mssql', FirewallApplicationProtocol['protocolType']>
> = {
  http: 'Http',
  https: 'Https',
  mssql: 'Mssql',
};
