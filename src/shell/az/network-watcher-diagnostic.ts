/** `az network watcher run-configuration-diagnostic`: every security group on the way and what its rules say. */
import { notSimulated } from '../../model/azure/error.ts';
import { looksLikeId, resourceGroupId } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { diagnose, diagnosedRuleName } from '../../model/compile/configuration-diagnostic.ts';
import type { Diagnosis, DiagnosticProfile } from '../../model/compile/configuration-diagnostic.ts';
import type { EffectiveView } from '../../model/compile/effective-view.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzFiles, Json } from './command.ts';
import { viewOfTarget } from './network-watcher-target.ts';
import { anyResourceGroup, choice, text } from './option.ts';
import { optionalText, refusedByAzure, textArgument, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';
import { isList, isObject, plainText } from './output-format.ts';

const QUERY = 'Query';
const TARGET = 'Target';
const TYPES = ['applicationGateways', 'networkInterfaces', 'virtualMachines'] as const;

/** What the learner wrote, beside what it means: the answer repeats the words. */
interface Query {
  readonly profile: DiagnosticProfile;
  readonly words: { readonly [key: string]: Json };
}

function run(cloud: Cloud, args: AzArguments, files: AzFiles): Ran {
  const target = targetOf(cloud, args);
  if (!target.ok) return target;
  const queries = queriesOf(args, files);
  if (!queries.ok) return queries;
  const view = viewOfTarget(cloud, target.value);
  if (!view.ok) return view;
  const results: Json[] = [];
  for (const { profile, words } of queries.value) {
    const found = diagnose(view.value, profile);
    if (!found.ok) return refusedByAzure(found.error);
    results.push({ networkSecurityGroupResult: resultJson(found.value, view.value), profile: words });
  }
  return ok({ cloud, durationSeconds: 10, output: { results } });
}

function targetOf(cloud: Cloud, args: AzArguments): Result<string, AzFailure> {
  const resource = textArgument(args, 'resource');
  const group = optionalText(args, 'resourceGroup');
  const type = optionalText(args, 'resourceType');
  const parent = optionalText(args, 'parent');
  const usage = usageFailure(
    'usage error: --resource ID | --resource NAME --resource-type TYPE --resource-group NAME [--parent PATH]',
  );
  if (type === 'applicationGateways') return refusedByAzure(notSimulated('An application gateway'));
  if (looksLikeId(resource)) {
    return group === undefined && type === undefined && parent === undefined ? ok(resource) : usage;
  }
  if (group === undefined || type === undefined) return usage;
  const isCompute = type === 'virtualMachines' || parent !== undefined;
  const path = parent === undefined ? '' : `${parent.replace(/^\/+|\/+$/g, '')}/`;
  return ok(
    `${resourceGroupId(cloud, group)}/providers/Microsoft.${isCompute ? 'Compute' : 'Network'}/${path}${type}/${resource}`,
  );
}

function queriesOf(args: AzArguments, files: AzFiles): Result<readonly Query[], AzFailure> {
  const usage = usageFailure(
    'usage error: --queries JSON | --destination DEST --source SRC --direction DIR --port PORT --protocol PROTOCOL',
  );
  const own = ['destination', 'port', 'direction', 'protocol', 'source'].map((dest) =>
    optionalText(args, dest),
  );
  const queries = optionalText(args, 'queries');
  if (queries !== undefined) {
    if (own.some((each) => each !== undefined)) return usage;
    return readQueries(queries, files);
  }
  const [destination, destinationPort, direction, protocol, source] = own;
  if (own.some((each) => each === undefined || each === '')) return usage;
  const query = readQuery({
    destination: destination ?? '',
    destinationPort: destinationPort ?? '',
    direction: direction ?? '',
    protocol: protocol ?? '',
    source: source ?? '',
  });
  return query.ok ? ok([query.value]) : query;
}

function readQueries(given: string, files: AzFiles): Result<readonly Query[], AzFailure> {
  const fromFile = given.startsWith('@') ? files.read(given.slice(1)) : given;
  if (fromFile === null)
    return usageFailure(`Failed to parse '--queries' argument: file '${given.slice(1)}' not found`);
  let parsed: Json;
  try {
    parsed = JSON.parse(fromFile) as Json;
  } catch {
    return usageFailure(`Failed to parse '--queries' argument: '${given}' is no JSON`);
  }
  const read: Query[] = [];
  for (const each of isList(parsed) ? parsed : [parsed]) {
    const query = readQuery(isObject(each) ? each : {});
    if (!query.ok) return query;
    read.push(query.value);
  }
  return ok(read);
}

const PROTOCOLS: Readonly<Record<string, DiagnosticProfile['protocol']>> = {
  tcp: 'Tcp',
  udp: 'Udp',
  icmp: 'Icmp',
  '*': '*',
};

function readQuery(given: { readonly [key: string]: Json }): Result<Query, AzFailure> {
  const word = (key: string, other: string): string => plainText(given[key] ?? given[other] ?? '');
  const words = {
    destination: word('destination', 'destination'),
    destinationPort: word('destinationPort', 'destination-port'),
    direction: word('direction', 'direction'),
    protocol: word('protocol', 'protocol'),
    source: word('source', 'source'),
  };
  const missing = Object.entries(words).find(([, value]) => value === '');
  if (missing !== undefined) {
    return usageFailure(`Failed to parse '--queries' argument: ${missing[0]} is required`);
  }
  const protocol = PROTOCOLS[words.protocol.toLowerCase()];
  if (protocol === undefined) {
    return err({
      kind: 'azure',
      ...notSimulated(`The protocol ${words.protocol} in NSG diagnostics, which take TCP, UDP and *,`),
    });
  }
  const direction = ['Inbound', 'Outbound'].find(
    (one) => one.toLowerCase() === words.direction.toLowerCase(),
  );
  if (direction !== 'Inbound' && direction !== 'Outbound') {
    return usageFailure(`Failed to parse '--queries' argument: ${words.direction} is no direction`);
  }
  return ok({ profile: { ...words, protocol, direction }, words: { ...words, direction } });
}

function resultJson(diagnosis: Diagnosis, view: EffectiveView): Json {
  return {
    evaluatedNetworkSecurityGroups: diagnosis.groups.map(({ group, matched, evaluations }) => ({
      appliedTo: group.place === 'subnet' ? view.port.subnet.subnet.id : view.port.nic.id,
      matchedRule: { action: matched.access, ruleName: diagnosedRuleName(matched) },
      networkSecurityGroupId: group.name,
      rulesEvaluationResult: evaluations.map(({ rule, ...parts }) => ({
        destinationMatched: parts.destinationMatched,
        destinationPortMatched: parts.destinationPortMatched,
        name: diagnosedRuleName(rule),
        protocolMatched: parts.protocolMatched,
        sourceMatched: parts.sourceMatched,
        sourcePortMatched: parts.sourcePortMatched,
      })),
    })),
    securityRuleAccessResult: diagnosis.access,
  };
}

export const diagnosticCommand: AzCommand = {
  path: ['network', 'watcher', 'run-configuration-diagnostic'],
  summary: 'Run a configuration diagnostic on a target resource.',
  options: [
    text('--destination', "Traffic destination. Accepted values are '*', IP address/CIDR, or Service Tag.", {
      group: QUERY,
    }),
    choice('--direction', ['Inbound', 'Outbound'], 'Direction of the traffic.', { group: QUERY }),
    text(
      '--port',
      "Traffic destination port. Accepted values are '*', port number (3389) or port range (80-100).",
      { group: QUERY },
    ),
    choice('--protocol', ['TCP', 'UDP', 'Icmp', 'Http', 'Https'], 'Protocol to be verified on.', {
      group: QUERY,
    }),
    text('--queries', 'JSON list of queries to use. Use `@{path}` to load from a file.', { group: QUERY }),
    text('--source', "Traffic source. Accepted values are '*', IP address/CIDR, or Service Tag.", {
      group: QUERY,
    }),
    text(
      '--resource',
      'Name or ID of the target resource to diagnose. If an ID is given, other resource arguments should not be given.',
      { required: true, group: TARGET },
    ),
    text('--parent', 'Parent path, e.g., virtualMachineScaleSets/vmss1.', { group: TARGET }),
    { ...anyResourceGroup, group: TARGET },
    choice('--resource-type -t', TYPES, 'Resource type.', { group: TARGET }),
  ],
  examples: [
    {
      does: 'Run configuration diagnostic on a VM with a single query.',
      line: 'az network watcher run-configuration-diagnostic --resource {VM_ID} --direction Inbound --protocol TCP --source 12.11.12.14 --destination 10.1.1.4 --port 12100',
    },
  ],
  reads: (args) => {
    const queries = optionalText(args, 'queries');
    return queries?.startsWith('@') === true ? [queries.slice(1)] : [];
  },
  run,
};
