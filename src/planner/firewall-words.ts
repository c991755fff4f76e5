/** Firewall rules in one word each, so that they fit on a command line and in a lesson. */
import type {
  FirewallApplicationProtocol,
  FirewallProtocol,
  PolicyRuleCollection,
} from '../model/azure/firewall-resources.ts';
import { FIREWALL_PRIORITIES } from '../model/limits/firewall.ts';
import type { ClassicCollection, FirewallParts, TextGroup } from './firewall-text.ts';
import type { TextProblem } from './nsg-text.ts';

/** What a word is made of, by its first field. NAME is `[[POLICY/]GROUP@PRIORITY/]COLLECTION[/RULE]`. */
export const WORD_FORMS = {
  net: 'net:NAME:PRIORITY:ACTION:PROTOCOLS:FROM:TO:PORTS',
  app: 'app:NAME:PRIORITY:ACTION:FROM:PROTOCOL=PORT:FQDNS',
  nat: 'nat:NAME:PRIORITY:Dnat:PROTOCOLS:FROM:TO:PORTS:NEW-TO:NEW-PORT',
} as const;

const EXAMPLES = {
  net: 'net:dns:200:Allow:UDP:any:10.0.0.10:53',
  app: 'app:web:300:Allow:any:https=443:mcr.microsoft.com',
  nat: 'nat:publish:100:Dnat:TCP:any:203.0.113.10:80:10.42.1.240:80',
} as const;

type Kind = keyof typeof WORD_FORMS;

interface Where {
  readonly policy: string | null;
  readonly group: string | null;
  readonly groupPriority: number | null;
  readonly collection: string;
  readonly rule: string;
}

interface Word {
  readonly kind: Kind;
  readonly where: Where;
  readonly priority: number;
  readonly action: 'Allow' | 'Deny' | 'Dnat';
  readonly fields: readonly string[];
  readonly line: number;
}

/** Reads the words of one text; words of one collection need not stand together. */
export function firewallWords(text: string): FirewallParts {
  const problems: TextProblem[] = [];
  const words: Word[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trimStart().startsWith('#')) continue;
    for (const each of line.split(/\s+/).filter((word) => word !== '')) {
      const read = readWord(each, at + 1);
      if ('message' in read) problems.push(read);
      else words.push(read);
    }
  }
  const [first] = problems;
  // A text without a single rule is another text altogether: one complaint, and not one for each word.
  const said = first !== undefined && words.length === 0 ? [first] : problems;
  const found = { collections: new Map<string, Word[]>(), said };
  for (const word of words) {
    const { policy, group, collection } = word.where;
    const key = [policy, group, word.kind, collection].join('/').toLowerCase();
    const before = found.collections.get(key);
    if (before === undefined) found.collections.set(key, [word]);
    else {
      before.push(word);
      const [one] = before;
      if (one !== undefined && (one.priority !== word.priority || one.action !== word.action)) {
        const message = `rule ${word.where.rule} is in collection ${collection}, which has priority ${one.priority} and action ${one.action}.`;
        said.push({ line: word.line, message, instead: 'one priority and action for each collection.' });
      }
    }
  }
  const collections = [...found.collections.values()];
  said.push(...samePriorities(collections));
  return partsOf(collections, said);
}

/** Azure takes one collection for each priority: of a group, or of a kind where there are no groups. */
function samePriorities(collections: readonly (readonly Word[])[]): readonly TextProblem[] {
  const holders = new Map<string, string>();
  return collections.flatMap(([first]): readonly TextProblem[] => {
    if (first === undefined) return [];
    const { policy, group, collection } = first.where;
    const key = `${policy ?? ''}/${group ?? `:${first.kind}`}/${first.priority}`.toLowerCase();
    const other = holders.get(key);
    holders.set(key, collection);
    if (other === undefined) return [];
    const message = `collections ${other} and ${collection} both have priority ${first.priority}, which Azure refuses.`;
    return [{ line: first.line, message, instead: 'a priority of its own for each collection.' }];
  });
}

function partsOf(collections: readonly (readonly Word[])[], problems: TextProblem[]): FirewallParts {
  const classic: ClassicCollection[] = [];
  const groups = new Map<string, TextGroup>();
  for (const words of collections) {
    const [first] = words;
    if (first === undefined) continue;
    const { policy, group, groupPriority } = first.where;
    if (group === null) {
      classic.push(classicCollection(first, words, problems));
      continue;
    }
    const key = `${policy ?? ''}/${group}`.toLowerCase();
    const before = groups.get(key);
    const priority = groupPriority ?? before?.priority ?? null;
    if (priority === null) {
      const message = `group ${group} has no priority.`;
      problems.push({ line: first.line, message, instead: `${group}@200/${first.where.collection}` });
    }
    groups.set(key, {
      policy,
      resourceGroup: null,
      name: group,
      priority: priority ?? 200,
      collections: [...(before?.collections ?? []), policyCollection(first, words, problems)],
      line: first.line,
    });
  }
  return {
    firewalls: [],
    policies: [],
    groups: [...groups.values()],
    collections: classic,
    policyCollections: [],
    ipGroups: new Map(),
    held: new Map(),
    problems,
    remarks: [],
  };
}

function readWord(word: string, line: number): Word | TextProblem {
  if (/\.(json|ya?ml|txt)$/i.test(word) && !word.includes(':')) {
    const message = `"${word}" looks like a file, and rules are expected.`;
    return { line, message, instead: `--file ${word}` };
  }
  const fields = word.split(':');
  const kind = kindOf(fields[0] ?? '');
  if (kind === null) {
    const nsg = fields.length >= 8 && /^(in|out)bound$/i.test(fields[fields.length === 9 ? 2 : 3] ?? '');
    const message = nsg
      ? `"${word}" is a rule of a network security group.`
      : `"${word}" is no firewall rule: it starts with ${Object.keys(WORD_FORMS).join(', ')}.`;
    return { line, message, instead: nsg ? 'calc nsg-evaluator' : EXAMPLES.app };
  }
  const wanted = WORD_FORMS[kind].split(':').length;
  if (fields.length !== wanted) {
    const message = `"${word}" has ${fields.length} fields, and a rule has ${wanted}: ${WORD_FORMS[kind]}.`;
    return { line, message, instead: EXAMPLES[kind] };
  }
  const [, name = '', priority = '', action = '', ...rest] = fields;
  const said = readAction(kind, action);
  if (said === null) {
    const message = `"${action}" of ${name} is no action.`;
    return { line, message, instead: kind === 'nat' ? 'Dnat.' : 'Allow or Deny.' };
  }
  const { first, last } = FIREWALL_PRIORITIES.value;
  const numbers = [priority, ...(/@([^/]*)/.exec(name)?.slice(1) ?? [])];
  const wrong = numbers.find((each) => !/^\d+$/.test(each) || Number(each) < first || Number(each) > last);
  if (wrong !== undefined) {
    return { line, message: `"${wrong}" of ${name} is no priority.`, instead: `${first} to ${last}.` };
  }
  return { kind, where: placeOf(name), priority: Number(priority), action: said, fields: rest, line };
}

const KINDS: Readonly<Record<string, Kind>> = {
  net: 'net',
  network: 'net',
  app: 'app',
  application: 'app',
  nat: 'nat',
  dnat: 'nat',
};

function kindOf(text: string): Kind | null {
  const word = text.toLowerCase();
  // `constructor` is a word of every object, and no kind of rule.
  return Object.hasOwn(KINDS, word) ? (KINDS[word] ?? null) : null;
}

function readAction(kind: Kind, text: string): Word['action'] | null {
  const action = (['Allow', 'Deny', 'Dnat'] as const).find(
    (each) => each.toLowerCase() === text.toLowerCase(),
  );
  return action === undefined || (action === 'Dnat') !== (kind === 'nat') ? null : action;
}

function placeOf(name: string): Where {
  const parts = name.split('/');
  const at = parts.findIndex((each) => each.includes('@'));
  const [group = '', priority = ''] = (parts[at] ?? '').split('@');
  const [collection = '', rule] = parts.slice(at + 1);
  return {
    policy: at > 0 ? (parts[at - 1] ?? null) : null,
    group: at < 0 ? null : group,
    groupPriority: /^\d+$/.test(priority) ? Number(priority) : null,
    collection,
    rule: rule ?? collection,
  };
}

/** `any` needs no quotes on a command line, and `*` does. */
function listOf(field: string): readonly string[] {
  return field
    .split(',')
    .filter((each) => each !== '')
    .map((each) => (each.toLowerCase() === 'any' ? '*' : each));
}

interface Side {
  readonly addresses: readonly string[];
  readonly groups: readonly string[];
  readonly names: readonly string[];
}

/** Addresses, `ipGroup/NAME`, and `fqdn/NAME` in network rules. */
function sideOf(field: string): Side {
  const texts = listOf(field);
  const after = (prefix: string): readonly string[] =>
    texts.flatMap((each) =>
      each.toLowerCase().startsWith(prefix.toLowerCase()) ? [each.slice(prefix.length)] : [],
    );
  return {
    addresses: texts.filter((each) => !/^(ipgroup|fqdn)\//i.test(each)),
    groups: after('ipGroup/'),
    names: after('fqdn/'),
  };
}

function protocolsOf(field: string, problem: (message: string, instead: string) => void): FirewallProtocol[] {
  return listOf(field).flatMap((each) => {
    const word = each === '*' ? 'Any' : each;
    const found = (['TCP', 'UDP', 'ICMP', 'Any'] as const).find(
      (known) => known.toLowerCase() === word.toLowerCase(),
    );
    if (found === undefined) problem(`"${each}" is no protocol.`, 'TCP, UDP, ICMP or Any.');
    return found === undefined ? [] : [found];
  });
}

function applicationsOf(
  field: string,
  problem: (message: string, instead: string) => void,
): FirewallApplicationProtocol[] {
  return listOf(field).flatMap((each) => {
    const [type = '', port = ''] = each.split('=');
    const protocolType = (['Http', 'Https', 'Mssql'] as const).find(
      (known) => known.toLowerCase() === type.toLowerCase(),
    );
    if (protocolType === undefined || !/^\d{1,5}$/.test(port)) {
      problem(`"${each}" is no protocol with its port.`, 'https=443, http=80 or mssql=1433.');
      return [];
    }
    return [{ protocolType, port: Number(port) }];
  });
}

function transportPart(word: Word, problems: TextProblem[]) {
  const [protocols = '', sources = '', destinations = '', ports = ''] = word.fields;
  const [from, to] = [sideOf(sources), sideOf(destinations)];
  return {
    name: word.where.rule,
    description: null,
    protocols: protocolsOf(protocols, problemOf(word, problems)),
    sourceAddresses: from.addresses,
    sourceIpGroups: from.groups,
    destinationAddresses: to.addresses,
    destinationIpGroups: to.groups,
    destinationFqdns: to.names,
    destinationPorts: listOf(ports),
  };
}

function problemOf(word: Word, problems: TextProblem[]) {
  return (message: string, instead: string): void => {
    problems.push({ line: word.line, message: `rule ${word.where.rule}: ${message}`, instead });
  };
}

function natPart(word: Word, problems: TextProblem[]) {
  const [translatedAddress = '', translatedPort = ''] = word.fields.slice(4);
  return { ...transportPart(word, problems), translatedAddress, translatedPort, translatedFqdn: null };
}

/** FQDNs, `tag/NAME`, `url/URL` and `category/NAME`. */
function applicationPart(word: Word, problems: TextProblem[]) {
  const [sources = '', protocols = '', names = ''] = word.fields;
  const from = sideOf(sources);
  const texts = listOf(names);
  const after = (prefix: string): readonly string[] =>
    texts.flatMap((each) => (each.toLowerCase().startsWith(prefix) ? [each.slice(prefix.length)] : []));
  return {
    name: word.where.rule,
    description: null,
    sourceAddresses: from.addresses,
    sourceIpGroups: from.groups,
    protocols: applicationsOf(protocols, problemOf(word, problems)),
    targetFqdns: texts.filter((each) => !/^(tag|url|category)\//i.test(each)),
    fqdnTags: after('tag/'),
    targetUrls: after('url/'),
    webCategories: after('category/'),
  };
}

function classicCollection(first: Word, words: readonly Word[], problems: TextProblem[]): ClassicCollection {
  const common = {
    id: '',
    name: first.where.collection,
    etag: '',
    priority: first.priority,
    provisioningState: 'Succeeded',
  } as const;
  if (first.kind === 'nat') {
    const rules = words.map((each) => natPart(each, problems));
    return { type: 'dnat', collection: { ...common, action: { type: 'Dnat' }, rules } };
  }
  const action = { type: first.action === 'Deny' ? 'Deny' : 'Allow' } as const;
  return first.kind === 'net'
    ? {
        type: 'network',
        collection: { ...common, action, rules: words.map((each) => transportPart(each, problems)) },
      }
    : {
        type: 'application',
        collection: { ...common, action, rules: words.map((each) => applicationPart(each, problems)) },
      };
}

function policyCollection(
  first: Word,
  words: readonly Word[],
  problems: TextProblem[],
): PolicyRuleCollection {
  const common = { name: first.where.collection, priority: first.priority };
  if (first.kind === 'nat') {
    return {
      ...common,
      ruleCollectionType: 'FirewallPolicyNatRuleCollection',
      action: { type: 'DNAT' },
      rules: words.map((each) => {
        const { protocols, ...rest } = natPart(each, problems);
        return { ...rest, ruleType: 'NatRule', ipProtocols: protocols };
      }),
    };
  }
  return {
    ...common,
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    action: { type: first.action === 'Deny' ? 'Deny' : 'Allow' },
    rules: words.map((each) => {
      if (each.kind === 'app') {
        const rest = applicationPart(each, problems);
        return { ...rest, ruleType: 'ApplicationRule', destinationAddresses: [], terminateTLS: false };
      }
      const { protocols, ...rest } = transportPart(each, problems);
      return { ...rest, ruleType: 'NetworkRule', ipProtocols: protocols };
    }),
  };
}
