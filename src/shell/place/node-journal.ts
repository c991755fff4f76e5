/**
 * What containerd and kubelet of a node have written to the journal: that they started, and each image that could not
 * be pulled, as the events of the node's pods tell (containerd internal/cri, pull.go and instrument.go; kubernetes
 * pkg/kubelet, pod_workers.go and kuberuntime_image.go).
 */
import type { Cloud } from '../../model/cloud.ts';
import { epochSeconds } from '../../model/kubernetes/cluster-state.ts';
import { readImageReference } from '../../model/kubernetes/image-reference.ts';
import type { KubernetesEvent, Node, Pod } from '../../model/kubernetes/objects.ts';
import { RESTART_BACK_OFF } from '../../model/limits/kubernetes.ts';
import type { JournalEntry, SystemdUnit } from './systemd-unit.ts';

/** Returns the entries, oldest first. */
export function nodeJournal(
  cloud: Cloud,
  cluster: string,
  node: Node,
  units: readonly [SystemdUnit, SystemdUnit],
): readonly JournalEntry[] {
  const state = cloud.kubernetes[cluster];
  const pods = new Map<string, Pod>();
  for (const pod of Object.values(state?.pods ?? {}))
    if (pod.spec.nodeName === node.metadata.name) pods.set(pod.metadata.uid, pod);
  const entries = units.flatMap(startEntries);
  const write: Write = (of, at, message) => {
    const unit = units.find(({ name }) => name === `${of}.service`);
    const pid = unit?.state.kind === 'running' ? unit.state.pid : 1;
    const text = typeof message === 'string' ? message : message(pid);
    entries.push({ at, unit: `${of}.service`, identifier: of, pid, message: text });
  };
  for (const event of Object.values(state?.events ?? {})) {
    const pod = pods.get(event.involvedObject.uid);
    if (pod !== undefined) eventEntries(event, pod, write);
  }
  return inOrder(entries.toSorted((a, b) => a.at - b.at));
}

/** The time that a program has put before its message, up to the digits after the second. */
const STAMP = /^(time="[^".]*\.|[EIW]\d{4} [\d:]*\.)(\d+)/;

/** Gives the lines of one second the digits that they have in ascending order. */
function inOrder(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const digits = new Map<number, string[]>();
  for (const { at, message } of entries) {
    const found = STAMP.exec(message)?.[2];
    if (found !== undefined) digits.set(at, [...(digits.get(at) ?? []), found.padEnd(9, '0')]);
  }
  for (const each of digits.values()) each.sort().reverse();
  return entries.map((entry) => ({
    ...entry,
    message: entry.message.replace(
      STAMP,
      (_, before: string, own: string) => before + (digits.get(entry.at)?.pop() ?? own).slice(0, own.length),
    ),
  }));
}

type Write = (
  unit: 'containerd' | 'kubelet',
  at: number,
  message: string | ((pid: number) => string),
) => void;

function startEntries({ name, description, state }: SystemdUnit): JournalEntry[] {
  if (state.kind !== 'running') return [];
  const entry = (message: string) => ({
    at: state.since,
    unit: name,
    identifier: 'systemd',
    pid: 1,
    message,
  });
  return [entry(`Starting ${name} - ${description}...`), entry(`Started ${name} - ${description}.`)];
}

function eventEntries(event: KubernetesEvent, pod: Pod, write: Write): void {
  const failure = /^Failed to pull image "([^"]+)": (.*)$/s.exec(event.message);
  const first = epochSeconds(event.metadata.creationTimestamp);
  if (event.reason === 'Failed' && failure !== null) {
    const [, image = '', error = ''] = failure;
    for (const at of attemptsFrom(first, event.count)) pullEntries(pod, image, error, at, write);
  }
  if (event.reason === 'FailedMount') {
    const last = epochSeconds(event.lastTimestamp);
    write('kubelet', last, (pid) =>
      klog('E', last, pid, 'nestedpendingoperations.go:348', `${event.message} pod="${podName(pod)}"`),
    );
  }
}

/** When kubelet tried: at once, and then each time after twice the wait. */
function attemptsFrom(first: number, count: number): readonly number[] {
  const { first: shortest, longest } = RESTART_BACK_OFF.value;
  const found: number[] = [];
  for (let at = first, wait = shortest; found.length < count; wait = Math.min(wait * 2, longest)) {
    found.push(at);
    at += wait;
  }
  return found;
}

function pullEntries(pod: Pod, image: string, error: string, at: number, write: Write): void {
  const { full } = readImageReference(image);
  write('containerd', at, logrus('info', at, `PullImage "${image}"`));
  const host = /https:\/\/([^/"]+)/.exec(error)?.[1];
  const request = /(failed to do request: .*)$/s.exec(error)?.[1];
  if (host !== undefined && request !== undefined && error.includes('failed to resolve reference'))
    write('containerd', at, logrus('info', at, 'trying next host', { error: request, host }));
  write('containerd', at, logrus('error', at, `PullImage "${image}" failed`, { error }));
  write('containerd', at, logrus('info', at, `stop pulling image ${full}: active requests=0, bytes read=0`));
  const remote = `rpc error: code = Unknown desc = ${error}`;
  const kubelet = (place: string, message: string) => {
    write('kubelet', at, (pid) => klog('E', at, pid, place, message));
  };
  kubelet('log.go:32', `"PullImage from image service failed" err=${quoted(remote)} image="${image}"`);
  kubelet('kuberuntime_image.go:55', `"Failed to pull image" err=${quoted(error)} image="${image}"`);
  const container = pod.spec.containers.find((each) => each.image === image)?.name ?? '';
  const start = `failed to "StartContainer" for "${container}" with ErrImagePull: ${quoted(error)}`;
  kubelet(
    'pod_workers.go:1301',
    `"Error syncing pod, skipping" err=${quoted(start)} pod="${podName(pod)}" podUID="${pod.metadata.uid}"`,
  );
}

function podName({ metadata }: Pod): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** containerd's log: logrus as text. */
function logrus(
  level: 'info' | 'error',
  at: number,
  message: string,
  fields: Readonly<Record<string, string>> = {},
): string {
  const time = new Date(at * 1000).toISOString().replace('.000Z', `.${fraction(message, 9)}Z`);
  const more = Object.entries(fields).map(
    ([name, value]) => ` ${name}=${/^[\w./@^+-]+$/.test(value) ? value : quoted(value)}`,
  );
  return `time="${time}" level=${level} msg=${quoted(message)}${more.join('')}`;
}

/** Returns a line of klog: the severity, month and day, the time, the process and where in the source. */
export function klog(
  severity: 'E' | 'I' | 'W',
  at: number,
  pid: number,
  place: string,
  message: string,
): string {
  const iso = new Date(at * 1000).toISOString();
  return `${severity}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 19)}.${fraction(message, 6)} ${String(pid).padStart(7)} ${place}] ${message}`;
}

/** Simulated time has whole seconds: the digits after them tell lines apart, nothing else. */
function fraction(text: string, digits: number): string {
  let sum = 7;
  for (const each of text) sum = (sum * 31 + (each.codePointAt(0) ?? 0)) % 999_999_937;
  return String(sum).padStart(9, '0').slice(0, digits);
}
