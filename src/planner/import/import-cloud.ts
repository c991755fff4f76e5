/** A cloud out of what `az` and `kubectl` print, with everything that could not be taken over named. */
import { newCloud } from '../../model/azure/subscription.ts';
import type { ArmKey } from '../../model/azure/resources.ts';
import type { Cloud, OutsideHost, Resource } from '../../model/cloud.ts';
import { compile } from '../../model/compile/compile.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { InputIssue } from '../input.ts';
import { readDocuments } from './documents.ts';
import { gather } from './gather.ts';
import { importKubernetes } from './import-kubernetes.ts';
import { importResources } from './import-resources.ts';
import { ImportLog } from './left-out.ts';
import type { LeftOut } from './left-out.ts';
import { nameMissing } from './missing.ts';
import { withNodeProxies } from './read-http-proxy.ts';
import { sitesBehindGateways } from './sites.ts';

export type { LeftOut, Weight } from './left-out.ts';

export interface Imported {
  readonly cloud: Cloud;
  /** What the texts hold and the cloud does not, and what others name and the texts do not hold. */
  readonly leftOut: readonly LeftOut[];
  /** Assumptions that every answer rests on. */
  readonly notes: readonly string[];
}

export interface ImportOptions {
  /** The field or flag that the texts come from. */
  readonly flag?: string;
  /** Hosts outside Azure, which no command prints. */
  readonly outsideHosts?: readonly OutsideHost[];
  /** What is drawn, such as the address of default outbound access, is drawn from it. */
  readonly seed?: string;
}

/** Returns the network that the texts describe. Errors: no JSON, or nothing in it that the model has. */
export function importCloud(
  texts: readonly string[],
  options: ImportOptions = {},
): Result<Imported, readonly InputIssue[]> {
  const flag = options.flag ?? 'json';
  const read = readDocuments(texts, flag);
  if (read.issues.length > 0) return err(read.issues);
  const log = new ImportLog();
  const gathered = gather(read.documents, log);
  const start = newCloud({
    seed: options.seed ?? 'import',
    ...(options.outsideHosts === undefined ? {} : { outsideHosts: options.outsideHosts }),
  });
  const { resources, backends } = importResources(start, gathered, log);
  const state = importKubernetes(resources, gathered.kubernetes, backends, log);
  if (state.resources.size === 0) {
    return err([
      {
        flag,
        value: null,
        message: nothingFound(log.leftOut),
        instead:
          'the output of az network vnet list -o json, az network nic list -o json and az vm list -o json.',
      },
    ]);
  }
  const all = Object.fromEntries(state.resources);
  const withSubscriptions = subscriptionsOf({ ...start, resources: all, kubernetes: state.kubernetes });
  const cloud = withNodeProxies(
    {
      ...withSubscriptions,
      outsideHosts: [...start.outsideHosts, ...sitesBehindGateways(withSubscriptions, log)],
    },
    log,
  );
  nameMissing(cloud, gathered, log);
  nameUnplaced(cloud, log);
  return ok({ cloud, leftOut: log.leftOut, notes: log.notes });
}

/** What the model itself cannot place: a prefix that is none, two subnets that overlap. */
function nameUnplaced(cloud: Cloud, log: ImportLog): void {
  for (const { about, message } of compile(cloud).diagnostics) {
    // References that lead nowhere are named with the command that prints what is missing; hosts outside are not pasted.
    if (message.includes('does not exist') || about.startsWith('host ')) continue;
    log.add({
      kind: 'property',
      name: about,
      what: 'in the network',
      effect: `${about} ${message}.`,
      weight: 'may-matter',
    });
  }
}

function nothingFound(leftOut: readonly LeftOut[]): string {
  const names = leftOut.slice(0, 3).map((each) => `${each.name} (${each.what})`);
  return names.length === 0
    ? 'There is nothing to read.'
    : `There is no resource in it that the model has; it holds ${names.join(', ')}${leftOut.length > 3 ? ` and ${leftOut.length - 3} more` : ''}.`;
}

const ID = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\//i;

/** The subscriptions and groups that the ids name; the first is the current one. */
function subscriptionsOf(cloud: Cloud): Cloud {
  const subscriptions = new Map<string, Cloud['subscription']>();
  const groups: Record<ArmKey, Cloud['resourceGroups'][string]> = {};
  for (const resource of Object.values(cloud.resources)) {
    const [, id = '', group = ''] = ID.exec(resource.id) ?? [];
    if (id === '') continue;
    const number = subscriptions.size + 1;
    if (!subscriptions.has(id.toLowerCase())) {
      subscriptions.set(id.toLowerCase(), {
        id,
        name: number === 1 ? 'Imported' : `Imported ${number}`,
        tenantId: cloud.subscription.tenantId,
        user: `${number === 1 ? 'learner' : `learner${number}`}@example.com`,
      });
    }
    const groupId = `/subscriptions/${id}/resourceGroups/${group}`;
    groups[groupId.toLowerCase()] ??= {
      id: groupId,
      name: group,
      location: locationOf(resource),
      managedBy: null,
      tags: null,
      type: 'Microsoft.Resources/resourceGroups',
    };
  }
  const [first] = subscriptions.values();
  return first === undefined
    ? cloud
    : { ...cloud, subscription: first, subscriptions: [...subscriptions.values()], resourceGroups: groups };
}

function locationOf(resource: Resource): string {
  return 'location' in resource && resource.location !== '' ? resource.location : 'westeurope';
}
