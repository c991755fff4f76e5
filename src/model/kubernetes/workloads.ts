/** The controllers of Deployments, ReplicaSets and DaemonSets. */
import { drawInteger, pinned } from '../chance.ts';
import { kubernetesTime, objectKey, ownerReference, selects } from './cluster-state.ts';
import { draftMetadata, putPod, touched } from './draft.ts';
import type { Draft } from './draft.ts';
import type { DaemonSet, Deployment, Pod, PodTemplate, ReplicaSet } from './objects.ts';
import { isActive, isReady } from './pod-status.ts';
import { createOwnedPod, deletePod, podsByOwner } from './pods.ts';
import { rolloutBounds } from './rollouts.ts';
import { withoutAddedVariables } from './proxy-variables.ts';
import { daemonRunsOn } from './scheduler.ts';

const HASH_LABEL = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

/** Removes pods whose node or controller is gone, as the pod garbage collector does. */
export function collectGarbage(draft: Draft): void {
  const owners = new Set<string>();
  for (const deployment of draft.deployments.values()) owners.add(deployment.metadata.uid);
  for (const [key, set] of draft.replicaSets) {
    const owner = set.metadata.ownerReferences?.[0];
    if (owner !== undefined && !owners.has(owner.uid)) {
      draft.replicaSets.delete(key);
      draft.changed.add('replicaSets');
    }
  }
  for (const set of draft.replicaSets.values()) owners.add(set.metadata.uid);
  for (const set of draft.daemonSets.values()) owners.add(set.metadata.uid);
  for (const pod of draft.pods.values()) {
    const owner = pod.metadata.ownerReferences?.[0];
    const orphaned = owner !== undefined && !owners.has(owner.uid);
    // A pod that was placed ran on the node; one that only asks for a node by name waits for it.
    const homeless =
      pod.status.podIP !== undefined &&
      pod.spec.nodeName !== undefined &&
      !draft.nodes.has(pod.spec.nodeName);
    if (orphaned || homeless) deletePod(draft, pod);
  }
}

/** Gives each Deployment a ReplicaSet for its present template. Returns those whose older ones have pods still. */
export function runDeployments(draft: Draft): readonly Rollout[] {
  const rollouts: Rollout[] = [];
  for (const deployment of draft.deployments.values()) {
    const sets = [...draft.replicaSets.values()].filter(
      (set) => set.metadata.ownerReferences?.[0]?.uid === deployment.metadata.uid,
    );
    const current =
      sets.find((set) => sameTemplate(set, deployment)) ?? createReplicaSet(draft, deployment, sets);
    const older = sets.filter((set) => set.metadata.uid !== current.metadata.uid);
    const serving = older.filter((set) => set.spec.replicas > 0);
    if (serving.length > 0 && deployment.spec.strategy?.type !== 'Recreate') {
      rollouts.push({ deployment, current, older: serving });
      continue;
    }
    setReplicas(draft, current, deployment.spec.replicas);
    for (const set of older) setReplicas(draft, set, 0);
  }
  return rollouts;
}

/** A Deployment on its way from older ReplicaSets to the one of its present template. */
export interface Rollout {
  readonly deployment: Deployment;
  readonly current: ReplicaSet;
  readonly older: readonly ReplicaSet[];
}

/** Returns how many pods of the present template each rollout makes to see whether they become ready, by the uid of the ReplicaSet. */
export function firstOfEach(draft: Draft, rollouts: readonly Rollout[]): ReadonlyMap<string, number> {
  const owned = podsByOwner(draft);
  return new Map(
    rollouts.map(({ deployment, current, older }): [string, number] => {
      const { replicas } = deployment.spec;
      const there = countActive(owned.get(current.metadata.uid) ?? []);
      const room = rolloutBounds(deployment.spec).most - sumOfReplicas(older);
      return [current.metadata.uid, Math.min(replicas, Math.max(1, there, room))];
    }),
  );
}

/**
 * Goes on with each rollout as far as its first pods let it. Where they do not become ready it stops: as many of the
 * older pods stay as the strategy wants available (pkg/controller/deployment/rolling.go).
 */
export function continueRollouts(draft: Draft, rollouts: readonly Rollout[]): void {
  const owned = podsByOwner(draft);
  for (const { deployment, current, older } of rollouts) {
    const { replicas } = deployment.spec;
    const pods = (owned.get(current.metadata.uid) ?? []).filter(isActive);
    const isStuck = pods.some((pod) => !isReady(pod) && !waitsForRoom(pod));
    if (!isStuck) {
      setReplicas(draft, current, replicas);
      for (const set of older) setReplicas(draft, set, 0);
      continue;
    }
    const { least, most } = rolloutBounds(deployment.spec);
    let keep = Math.max(0, least - pods.filter(isReady).length);
    // The oldest are taken down first.
    for (const set of older.toReversed()) {
      const kept = Math.min(set.spec.replicas, keep);
      setReplicas(draft, set, kept);
      keep -= kept;
    }
    const left = older.map((set) => draft.replicaSets.get(objectKey(set.metadata)) ?? set);
    setReplicas(draft, current, Math.max(0, Math.min(replicas, most - sumOfReplicas(left))));
  }
}

/** What the older pods give up is room for it: that is how a rollout goes on in a full cluster. */
function waitsForRoom(pod: Pod): boolean {
  if (pod.spec.nodeName !== undefined) return false;
  const message = pod.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message ?? '';
  return message.includes('No preemption victims found');
}

function sumOfReplicas(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + set.spec.replicas, 0);
}

/** Makes pods until each ReplicaSet has as many as it wants, or as `first` says of it. */
export function runReplicaSets(draft: Draft, first: ReadonlyMap<string, number> = new Map()): void {
  claimPods(draft);
  const owned = podsByOwner(draft);
  // New ones come up before old ones go, as a rolling update does.
  for (const set of draft.replicaSets.values()) {
    const active = countActive(owned.get(set.metadata.uid) ?? []);
    const counter = `${set.metadata.namespace ?? 'default'}/${deploymentOf(set)}`;
    const wanted = first.get(set.metadata.uid) ?? set.spec.replicas;
    for (let have = active; have < wanted; have++) {
      createOwnedPod(draft, set, set.spec.template, counter, null);
    }
  }
}

/**
 * Lets go of pods whose labels a ReplicaSet does not select any more, and takes in those without a
 * controller that it does select (pkg/controller/controller_ref_manager.go, ClaimPods).
 */
function claimPods(draft: Draft): void {
  const sets = new Map(Array.from(draft.replicaSets.values(), (set) => [set.metadata.uid, set]));
  for (const [key, pod] of draft.pods) {
    const { labels } = pod.metadata;
    const owner = pod.metadata.ownerReferences?.[0];
    if (owner === undefined) {
      const claiming = isActive(pod) ? [...sets.values()].find((set) => isSelected(pod, set)) : undefined;
      if (claiming === undefined) continue;
      const claimed = { ...pod.metadata, ownerReferences: [ownerReference(claiming)] };
      putPod(draft, { ...pod, metadata: touched(draft, claimed) }, key);
      continue;
    }
    const set = sets.get(owner.uid);
    // Nearly all have the very labels of the template, which its selector selects.
    if (set === undefined || labels === set.spec.template.metadata.labels || isSelected(pod, set)) continue;
    const { ownerReferences: _owner, ...released } = pod.metadata;
    putPod(draft, { ...pod, metadata: touched(draft, released) }, key);
  }
}

function isSelected({ metadata }: Pod, set: ReplicaSet): boolean {
  return (
    metadata.namespace === set.metadata.namespace && selects(set.spec.selector.matchLabels, metadata.labels)
  );
}

/** Removes the pods that a ReplicaSet has too many of: unplaced first, then crowded nodes, then the newest. */
export function trimReplicaSets(draft: Draft): void {
  const owned = podsByOwner(draft);
  for (const set of draft.replicaSets.values()) {
    const pods = owned.get(set.metadata.uid) ?? [];
    const active = countActive(pods);
    if (active === pods.length && active <= set.spec.replicas) continue;
    const ended = pods.filter((pod) => !isActive(pod));
    for (const pod of ended) deletePod(draft, pod);
    const running = pods.filter(isActive);
    for (let surplus = running.length - set.spec.replicas; surplus > 0; surplus--) {
      const victim = pickVictim(running);
      if (victim === undefined) break;
      running.splice(running.indexOf(victim), 1);
      deletePod(draft, victim);
    }
  }
}

/** Puts one pod of each DaemonSet on each node that its selector and the node's taints let it on. */
export function runDaemonSets(draft: Draft): void {
  const owned = podsByOwner(draft);
  for (const set of draft.daemonSets.values()) {
    const pods = (owned.get(set.metadata.uid) ?? []).filter(isActive);
    const placed = new Map(pods.map((pod) => [pod.spec.nodeName ?? '', pod]));
    const counter = `${set.metadata.namespace ?? 'default'}/${set.metadata.name}`;
    for (const node of draft.nodes.values()) {
      const wanted = daemonRunsOn(set.spec.template.spec, node);
      const present = placed.get(node.metadata.name);
      if (wanted && present === undefined) {
        createOwnedPod(draft, set, set.spec.template, counter, node.metadata.name);
      } else if (!wanted && present !== undefined) deletePod(draft, present);
      else if (present !== undefined && !sameTemplate(present, set)) {
        deletePod(draft, present);
        createOwnedPod(draft, set, set.spec.template, counter, node.metadata.name);
      }
    }
  }
}

/** Writes what `kubectl get` shows: how many are there, and how many are ready. */
export function reportWorkloads(draft: Draft): void {
  const owned = podsByOwner(draft);
  const count = (uid: string): { readonly all: number; readonly ready: number } => {
    let all = 0;
    let ready = 0;
    for (const pod of owned.get(uid) ?? []) {
      if (isActive(pod)) all++;
      // Only what runs is ready, and that is active.
      if (isReady(pod)) ready++;
    }
    return { all, ready };
  };
  const totals = new Map<string, { all: number; ready: number; sets: [ReplicaSet, number][] }>();
  for (const [key, set] of draft.replicaSets) {
    const { all, ready } = count(set.metadata.uid);
    const owner = set.metadata.ownerReferences?.[0]?.uid ?? '';
    const total = totals.get(owner) ?? { all: 0, ready: 0, sets: [] };
    totals.set(owner, total);
    total.all += all;
    total.ready += ready;
    if (set.spec.replicas > 0) total.sets.push([set, all]);
    if (set.status.replicas === all && set.status.readyReplicas === ready) continue;
    draft.replicaSets.set(key, { ...set, status: { replicas: all, readyReplicas: ready } });
    draft.changed.add('replicaSets');
  }
  for (const [key, deployment] of draft.deployments) {
    const { all, ready, sets } = totals.get(deployment.metadata.uid) ?? { all: 0, ready: 0, sets: [] };
    // Nearly always there is one; only a rollout that is not over has more.
    const present = sets.length > 1 ? sets.filter(([set]) => sameTemplate(set, deployment)) : sets;
    const updated = present.reduce((sum, [, pods]) => sum + pods, 0);
    const { status } = deployment;
    if (status.replicas === all && status.readyReplicas === ready && status.updatedReplicas === updated)
      continue;
    draft.deployments.set(key, {
      ...deployment,
      status: { replicas: all, updatedReplicas: updated, readyReplicas: ready, availableReplicas: ready },
    });
    draft.changed.add('deployments');
  }
  for (const [key, set] of draft.daemonSets) {
    const { all, ready } = count(set.metadata.uid);
    if (set.status.currentNumberScheduled === all && set.status.numberReady === ready) continue;
    draft.daemonSets.set(key, {
      ...set,
      status: {
        desiredNumberScheduled: all,
        currentNumberScheduled: all,
        numberReady: ready,
        numberAvailable: ready,
      },
    });
    draft.changed.add('daemonSets');
  }
}

function countActive(pods: readonly Pod[]): number {
  let active = 0;
  for (const pod of pods) if (isActive(pod)) active++;
  return active;
}

function createReplicaSet(draft: Draft, deployment: Deployment, older: readonly ReplicaSet[]): ReplicaSet {
  const namespace = deployment.metadata.namespace ?? 'default';
  const hash = templateHash(draft, deployment, older.length === 0);
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata.labels, [HASH_LABEL]: hash };
  const revision = (older.length + 1).toString();
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: draftMetadata(draft, {
      kind: 'ReplicaSet',
      name: `${deployment.metadata.name}-${hash}`,
      namespace,
      labels,
      annotations: { [REVISION]: revision },
      owner: ownerReference(deployment),
      created: draft.cloud.now,
    }),
    spec: {
      replicas: deployment.spec.replicas,
      selector: { matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { metadata: { ...template.metadata, labels }, spec: template.spec },
    },
    status: { replicas: 0, readyReplicas: 0 },
  };
  draft.replicaSets.set(objectKey(set.metadata), set);
  draft.changed.add('replicaSets');
  draft.deployments.set(objectKey(deployment.metadata), {
    ...deployment,
    metadata: {
      ...touched(draft, deployment.metadata),
      annotations: { ...deployment.metadata.annotations, [REVISION]: revision },
    },
  });
  draft.changed.add('deployments');
  return set;
}

/**
 * Returns a template hash as Kubernetes writes it: a 32-bit number in decimal, each digit replaced
 * by a letter or digit that cannot spell a word (apimachinery util/rand, SafeEncodeString).
 */
function templateHash(draft: Draft, deployment: Deployment, first: boolean): string {
  const purpose = `replicaset-hash/${objectKey(deployment.metadata)}`;
  const fixed = first ? pinned(draft.chance, purpose) : null;
  if (fixed !== null) return fixed;
  const number = drawInteger(draft.chance, `${purpose}/${templateText(deployment)}`, 2 ** 32);
  return [...number.toString()].map((digit) => '456789bcdf'.charAt(Number(digit))).join('');
}

function setReplicas(draft: Draft, set: ReplicaSet, replicas: number): void {
  const key = objectKey(set.metadata);
  const stored = draft.replicaSets.get(key) ?? set;
  if (stored.spec.replicas === replicas) return;
  draft.replicaSets.set(key, {
    ...stored,
    metadata: touched(draft, stored.metadata),
    spec: { ...stored.spec, replicas },
  });
  draft.changed.add('replicaSets');
}

function deploymentOf(set: ReplicaSet): string {
  return set.metadata.ownerReferences?.[0]?.name ?? set.metadata.name;
}

type Templated = Deployment | ReplicaSet | DaemonSet | Pod;

/** Reports whether a ReplicaSet of a Deployment is that of its present template. */
export function isPresent(set: ReplicaSet, deployment: Deployment): boolean {
  return sameTemplate(set, deployment);
}

/** Reports whether two templates say the same; a manifest may write the fields in any order. */
function sameTemplate(a: Templated, b: Templated): boolean {
  if (sharesTemplate(a, b)) return true;
  const bare =
    a.kind === 'Pod' && b.kind !== 'Pod'
      ? { ...a, spec: withoutAddedVariables(a.spec, b.spec.template.spec) }
      : a;
  return templateText(bare) === templateText(b) || templateText(bare, sortKeys) === templateText(b, sortKeys);
}

/** Reports whether a pod still has the very values of its controller's template, which needs no reading. */
function sharesTemplate(a: Templated, b: Templated): boolean {
  if (a.kind !== 'Pod' || b.kind === 'Pod') return false;
  const { metadata, spec } = b.spec.template;
  if (a.metadata.labels !== metadata.labels || a.metadata.annotations !== metadata.annotations) return false;
  let fields = 0;
  for (const key in a.spec) {
    if (key === 'nodeName') continue;
    if (Reflect.get(a.spec, key) !== Reflect.get(spec, key)) return false;
    fields++;
  }
  return fields === Object.keys(spec).length;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
}

/** Of the templates of controllers, which never change: each is asked for whenever controllers run. */
const texts = new WeakMap<PodTemplate, string>();

/** Returns a template as text; the label that the controller adds is left out. */
function templateText(object: Templated, replacer?: typeof sortKeys): string {
  if (object.kind === 'Pod')
    return textOf({ metadata: object.metadata, spec: withoutNode(object) }, replacer);
  const { template } = object.spec;
  if (replacer !== undefined) return textOf(template, replacer);
  const text = texts.get(template) ?? textOf(template);
  texts.set(template, text);
  return text;
}

function textOf(template: PodTemplate, replacer?: typeof sortKeys): string {
  const labels = Object.entries(template.metadata.labels ?? {})
    .filter(([key]) => key !== HASH_LABEL)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([labels, template.metadata.annotations ?? {}, template.spec], replacer);
}

function withoutNode(pod: Pod): Pod['spec'] {
  const { nodeName: _nodeName, ...spec } = pod.spec;
  return spec;
}

/** Order of removal in the ReplicaSet controller (pkg/controller, ActivePodsWithRanks). */
function pickVictim(pods: readonly Pod[]): Pod | undefined {
  const onNode = new Map<string, number>();
  for (const pod of pods) {
    const node = pod.spec.nodeName ?? '';
    onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const rank = (pod: Pod): readonly number[] => [
    pod.spec.nodeName === undefined ? 0 : 1,
    pod.status.phase === 'Pending' ? 0 : 1,
    isReady(pod) ? 1 : 0,
    -(onNode.get(pod.spec.nodeName ?? '') ?? 0),
    -Date.parse(pod.metadata.creationTimestamp),
    -pods.indexOf(pod),
  ];
  let victim: Pod | undefined;
  let best: readonly number[] = [];
  for (const pod of pods) {
    const order = rank(pod);
    const difference =
      victim === undefined ? -1 : (order.map((n, i) => n - (best[i] ?? 0)).find((n) => n !== 0) ?? 0);
    if (difference < 0) {
      victim = pod;
      best = order;
    }
  }
  return victim;
}

/** Returns the restart annotation's value for `kubectl rollout restart` at this time. */
export function restartedAt(now: number): string {
  return kubernetesTime(now);
}
