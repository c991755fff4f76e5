/** Lines that the descriptions of several kinds share. */
import { epochSeconds } from '../../model/kubernetes/cluster-state.ts';
import type { Container, Pod, PodTemplate, Probe } from '../../model/kubernetes/objects.ts';
import { environmentLines, mountLines, volumeLines } from './describe-volumes.ts';
import { humanDuration } from './duration.ts';
import { serviceAccountVolume } from './service-account-volume.ts';

export function humanSince(time: string, now: number): string {
  return humanDuration(now - epochSeconds(time));
}

/** `Labels:` with one pair per line, keys sorted; `<none>` without any. */
export function pairLines(
  title: string,
  pairs: Readonly<Record<string, string>> | undefined,
  separator: '=' | ': ',
): readonly string[] {
  const entries = Object.entries(pairs ?? {})
    .filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [`${title}\t<none>`];
  return entries.map(([key, value], at) => `${at === 0 ? title : ''}\t${key}${separator}${value.trimEnd()}`);
}

/** `Mon, 01 Sep 2026 09:00:00 +0000`. */
export function longTime(time: string): string {
  const date = new Date(time);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getUTCDay()] ?? '';
  const month = MONTHS[date.getUTCMonth()] ?? '';
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${day}, ${two(date.getUTCDate())} ${month} ${date.getUTCFullYear()} ${clock} +0000`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

type Status = NonNullable<Pod['status']['containerStatuses']>[number];

export function containerLines(
  containers: readonly Container[],
  statuses: readonly Status[] | null,
  indent: string,
  pod: Pod | null = null,
): readonly string[] {
  return [
    `${indent}Containers:`,
    ...containers.flatMap((container) => {
      const status = statuses?.find((each) => each.name === container.name) ?? null;
      return [
        `${indent}  ${container.name}:`,
        ...oneContainer(container, status, pod).map((line) => `${indent}    ${line}`),
      ];
    }),
  ];
}

function oneContainer(container: Container, status: Status | null, pod: Pod | null): readonly string[] {
  const ports = (container.ports ?? [])
    .map((port) => `${port.containerPort}/${port.protocol ?? 'TCP'}`)
    .join(', ');
  const hostPorts = (container.ports ?? [])
    .map((port) => `${port.hostPort ?? 0}/${port.protocol ?? 'TCP'}`)
    .join(', ');
  const plural = (container.ports ?? []).length > 1 ? 's' : '';
  return [
    `Image:\t${container.image}`,
    `Port${plural}:\t${ports === '' ? '<none>' : ports}`,
    `Host Port${plural}:\t${hostPorts === '' ? '<none>' : hostPorts}`,
    ...wordLines('Command:', container.command),
    ...wordLines('Args:', container.args),
    ...(status === null ? [] : statusLines(status)),
    ...quantityLines('Limits:', container.resources?.limits),
    ...quantityLines('Requests:', container.resources?.requests),
    ...probeLines('Liveness:', container.livenessProbe),
    ...probeLines('Readiness:', container.readinessProbe),
    ...environmentLines(container, pod),
    ...mountLines(container, pod === null ? null : serviceAccountVolume(pod)),
  ];
}

/** What the server fills in where a probe does not say (kubernetes pkg/apis/core/v1, SetDefaults_Probe). */
const PROBE_DEFAULTS = { delay: 0, timeout: 1, period: 10, successes: 1, failures: 3 };

function probeLines(title: string, probe: Probe | undefined): readonly string[] {
  if (probe === undefined) return [];
  const { httpGet, tcpSocket, exec } = probe;
  const action =
    httpGet !== undefined
      ? `http-get ${(httpGet.scheme ?? 'HTTP').toLowerCase()}://:${httpGet.port}${httpGet.path ?? '/'}`
      : tcpSocket !== undefined
        ? `tcp-socket :${tcpSocket.port}`
        : `exec [${exec?.command.join(' ') ?? ''}]`;
  const delay = probe.initialDelaySeconds ?? PROBE_DEFAULTS.delay;
  const timeout = probe.timeoutSeconds ?? PROBE_DEFAULTS.timeout;
  const period = probe.periodSeconds ?? PROBE_DEFAULTS.period;
  const counts = `#success=${probe.successThreshold ?? PROBE_DEFAULTS.successes} #failure=${probe.failureThreshold ?? PROBE_DEFAULTS.failures}`;
  return [`${title}\t${action} delay=${delay}s timeout=${timeout}s period=${period}s ${counts}`];
}

function wordLines(title: string, words: readonly string[] | undefined): readonly string[] {
  return words === undefined || words.length === 0 ? [] : [title, ...words.map((word) => `  ${word}`)];
}

function quantityLines(
  title: string,
  quantities: Readonly<Record<string, string>> | undefined,
): readonly string[] {
  const entries = Object.entries(quantities ?? {});
  return entries.length === 0 ? [] : [title, ...entries.map(([name, value]) => `  ${name}:\t${value}`)];
}

function statusLines(status: Status): readonly string[] {
  const { state } = status;
  const lines: string[] = [];
  if (state === undefined) lines.push('State:\tWaiting');
  else if ('running' in state)
    lines.push('State:\tRunning', `  Started:\t${longTime(state.running.startedAt)}`);
  else if ('waiting' in state) lines.push('State:\tWaiting', `  Reason:\t${state.waiting.reason}`);
  else {
    lines.push(
      'State:\tTerminated',
      `  Reason:\t${state.terminated.reason}`,
      `  Exit Code:\t${state.terminated.exitCode}`,
      `  Started:\t${longTime(state.terminated.startedAt)}`,
      `  Finished:\t${longTime(state.terminated.finishedAt)}`,
    );
  }
  return [...lines, `Ready:\t${status.ready ? 'True' : 'False'}`, `Restart Count:\t${status.restartCount}`];
}

export function templateLines(template: PodTemplate): readonly string[] {
  const nodeSelector = pairLines('  Node-Selectors:', template.spec.nodeSelector, '=');
  return [
    'Pod Template:',
    ...pairLines('  Labels:', template.metadata.labels, '='),
    ...(template.metadata.annotations === undefined
      ? []
      : pairLines('  Annotations:', template.metadata.annotations, ': ')),
    ...containerLines(template.spec.containers, null, ' '),
    ...volumeLines(template.spec.volumes ?? [], '  '),
    ...nodeSelector,
    ...tolerationLines('  Tolerations:', template.spec.tolerations),
  ];
}

export function tolerationLines(title: string, tolerations: Pod['spec']['tolerations']): readonly string[] {
  const texts = (tolerations ?? []).map((toleration) => {
    const value = toleration.value === undefined || toleration.value === '' ? '' : `=${toleration.value}`;
    const effect = toleration.effect === undefined || toleration.effect === '' ? '' : `:${toleration.effect}`;
    const exists = toleration.operator === 'Exists' && value === '' ? ' op=Exists' : '';
    const seconds = toleration.tolerationSeconds === undefined ? '' : ` for ${toleration.tolerationSeconds}s`;
    return `${toleration.key ?? ''}${value}${effect}${exists}${seconds}`;
  });
  return texts.length === 0
    ? [`${title}\t<none>`]
    : texts.map((text, at) => `${at === 0 ? title : ''}\t${text.trim()}`);
}
