/** What the programs of the shop's pods do to the source ports of a node, and to who else wants to pay. */
import { askModel } from '../../src/lab/ask-model.ts';
import { isMissing, nodesOf, podEnd, podsOn, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView, NodeView } from '../../src/lab/cluster-view.ts';
import type { Missing } from '../../src/lab/lab.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { compileUnloaded } from '../../src/model/compile/compile.ts';
import { formatAddress } from '../../src/model/ip/address.ts';
import type { Pod } from '../../src/model/kubernetes/objects.ts';
import type { Disposition } from '../../src/model/trace/disposition.ts';
import { trafficState } from '../../src/model/traffic/traffic-state.ts';

export const PAY = '203.0.113.80';
const PAY_PORT = 80;
/** Longer than any port waits after its connection, so that a load shows all that it needs. */
const LATER_SECONDS = 900;

export const view = (cloud: Cloud): ClusterView | Missing => viewCluster(cloud, 'rg-shop', 'aks-shop');

export interface Payment {
  readonly node: NodeView;
  readonly pod: string;
  readonly disposition: Disposition;
  readonly reason: string;
  /** What pay sees; null where nothing arrives. */
  readonly seen: string | null;
}

/** The same world a quarter of an hour later, when loads have come to what they come to. */
export function later(cloud: Cloud): Cloud {
  return { ...cloud, now: cloud.now + LATER_SECONDS };
}

/** One payment from each node that runs a pod of checkout. */
export function payments(cloud: Cloud): readonly Payment[] | Missing {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster;
  return nodesOf(cluster).flatMap((node): readonly Payment[] => {
    const [pod] = podsOn(cluster, node.name, 'checkout');
    if (pod === undefined) return [];
    const end = podEnd(pod);
    const asked = askModel(cloud, { from: end, to: PAY, protocol: 'tcp', port: PAY_PORT });
    if (!asked.ok) return [{ node, pod: end, disposition: 'undetermined', reason: asked.error, seen: null }];
    const { disposition, reason, seenSource } = asked.value.trace;
    const seen =
      disposition === 'delivered' && seenSource !== null ? formatAddress(seenSource.address) : null;
    return [{ node, pod: end, disposition, reason, seen }];
  });
}

/** Why not every node pays, or null if all three do. */
export function whoCannotPay(cloud: Cloud): string | null {
  const all = payments(cloud);
  if (isMissing(all)) return all.missing;
  const failed = all.find(({ disposition }) => disposition !== 'delivered');
  if (failed !== undefined)
    return `${failed.pod} on ${failed.node.name}: ${failed.disposition}: ${failed.reason}`;
  return all.length >= 3 ? null : `Pods of checkout run on ${all.length} nodes; there must be three.`;
}

/** Connections and waiting ports towards pay, by Deployment, of the machine that has none left. */
export function holders(cloud: Cloud): ReadonlyMap<string, number> {
  const cluster = view(cloud);
  const held = new Map<string, number>();
  if (isMissing(cluster)) return held;
  const all = payments(cloud);
  const short = isMissing(all) ? [] : all.filter(({ disposition }) => disposition === 'snat-exhausted');
  for (const { way, loads, run, given } of trafficState(cloud, compileUnloaded(cloud)).inventories) {
    if (given === 'before' || !short.some(({ node }) => node.address === way.backend)) continue;
    loads.forEach((load, at) => {
      if (load.destination.address !== PAY) return;
      const count = run.loads[at];
      const app = appOf(cluster, load.from);
      if (count === undefined || app === null) return;
      // What a program opened and closed again waits as long as what it holds is open.
      held.set(
        app,
        (held.get(app) ?? 0) + Math.max(count.open, count.connected > count.open ? count.connected : 0),
      );
    });
  }
  return held;
}

function appOf({ kubernetes }: ClusterView, end: string): string | null {
  const pod = Object.values(kubernetes.pods).find((each) => podEnd(each) === end);
  return pod?.metadata.labels?.['app'] ?? null;
}

/** The programs of other teams as text: which, how many, with which arguments. */
export function loadText(cloud: Cloud): string {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster.missing;
  const running = Object.values(cluster.kubernetes.pods).filter(isOthers);
  return running
    .map(({ metadata, spec }) => {
      const args = spec.containers.flatMap((each) => each.args ?? []).join(' ');
      return `${metadata.labels?.['app'] ?? ''} on ${spec.nodeName ?? 'no node'}: ${args}`;
    })
    .sort()
    .join('\n');
}

function isOthers({ metadata, status }: Pod): boolean {
  const app = metadata.labels?.['app'];
  return (
    (metadata.namespace ?? 'default') === 'default' &&
    app !== undefined &&
    app !== 'checkout' &&
    status.phase === 'Running'
  );
}
