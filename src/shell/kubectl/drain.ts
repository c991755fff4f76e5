/** `kubectl drain`: cordons the nodes, then evicts their pods, in the words of k8s.io/kubectl/pkg/drain. */
import type { Cloud } from '../../model/cloud.ts';
import { deleteObject } from '../../model/kubernetes/apply.ts';
import { kubernetesOf, objectKey } from '../../model/kubernetes/cluster-state.ts';
import { hasLocalStorage, violatesBudget } from '../../model/kubernetes/eviction.ts';
import type { KubernetesState, Pod } from '../../model/kubernetes/objects.ts';
import { isActive } from '../../model/kubernetes/pod-status.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { readDryRun, type DryRun } from './change.ts';
import { DRY_RUN_FLAG, SELECTOR_FLAG, type Flags, type KubectlCommand, type Target } from './command.ts';
import { CHUNK_SIZE_FLAG, chosenNodes, DRY_RUN_SUFFIX, markNodes } from './cordon.ts';
import { durationText, parseDuration } from './duration.ts';
import { clientError, serverError, type KubectlFailure } from './failure.ts';
import { matchesLabels, parseLabelSelector, type LabelSelector } from './selector.ts';

export const DRAIN: KubectlCommand = {
  path: ['drain'],
  summary: 'Drain node in preparation for maintenance.',
  usage: 'NODE [options]',
  examples: [
    {
      does: 'Drain node "foo", leaving the pods of DaemonSets',
      line: 'kubectl drain foo --ignore-daemonsets',
    },
    {
      does: "Drain an AKS node, system pods' emptyDir data included",
      line: 'kubectl drain foo --ignore-daemonsets --delete-emptydir-data',
    },
  ],
  needs: 'cluster',
  flags: [
    DRY_RUN_FLAG,
    SELECTOR_FLAG,
    CHUNK_SIZE_FLAG,
    { name: 'ignore-daemonsets', type: { kind: 'flag' }, help: 'Ignore DaemonSet-managed pods.' },
    {
      name: 'force',
      type: { kind: 'flag' },
      help: 'Continue even if there are pods that do not declare a controller.',
    },
    {
      name: 'delete-emptydir-data',
      type: { kind: 'flag' },
      help: 'Continue even if there are pods using emptyDir (on AKS: coredns and metrics-server).',
    },
    {
      name: 'grace-period',
      type: { kind: 'integer' },
      shown: '-1',
      help: 'Pods end at once here, whatever the seconds.',
    },
    {
      name: 'timeout',
      type: { kind: 'string' },
      shown: '0s',
      help: 'The length of time to wait before giving up, zero means infinite.',
    },
    {
      name: 'skip-wait-for-delete-timeout',
      type: { kind: 'integer' },
      shown: '0',
      help: 'Pods end at once here.',
    },
    {
      name: 'disable-eviction',
      type: { kind: 'flag' },
      help: 'Delete the pods, which passes disruption budgets by.',
    },
    { name: 'pod-selector', type: { kind: 'string' }, help: 'Label selector to filter pods on the node.' },
  ],
  run: (input, target, context) => {
    const { flags } = input;
    const dryRun = readDryRun(flags);
    if (!dryRun.ok) return dryRun;
    const timeout = parseDuration(flags.text('timeout') ?? '0s');
    if (timeout === null) {
      const text = flags.text('timeout') ?? '';
      return err(
        clientError(
          `invalid argument "${text}" for "--timeout" flag: time: ${/^[\d.]+$/.test(text) ? 'missing unit in' : 'invalid'} duration "${text}"`,
        ),
      );
    }
    const podSelector = parseLabelSelector(flags.text('pod-selector') ?? '');
    if (!podSelector.ok) return err(clientError(podSelector.error));
    const nodes = chosenNodes('drain', input, target);
    if (!nodes.ok) return nodes;

    const marked = markNodes('cordoned', nodes.value, target, context.cloud, dryRun.value);
    let { cloud, stdout } = marked;
    let stderr = '';
    let elapsedSeconds = 0;
    const pending: { readonly node: string; readonly problems: readonly string[] }[] = [];
    for (const { metadata } of nodes.value) {
      const found = sortPods(kubernetesOf(cloud, target.cluster), metadata.name, flags, podSelector.value);
      let { problems } = found;
      if (problems.length === 0) {
        if (found.warnings.length > 0) stderr += `Warning: ${found.warnings.join('; ')}\n`;
        const evicted = evictAll(cloud, target, metadata.name, found.leave, {
          timeout,
          dryRun: dryRun.value,
          how: flags.isOn('disable-eviction') ? 'delete' : 'evict',
        });
        if (!evicted.ok) return evicted;
        cloud = evicted.value.cloud;
        stdout += evicted.value.stdout;
        stderr += evicted.value.stderr;
        elapsedSeconds += evicted.value.waited;
        ({ problems } = evicted.value);
      }
      if (problems.length === 0) {
        stdout += `node/${metadata.name} drained${DRY_RUN_SUFFIX[dryRun.value]}\n`;
        continue;
      }
      const list = problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`;
      stderr += `error: unable to drain node "${metadata.name}" due to error: ${list}, continuing command...\n`;
      pending.push({ node: metadata.name, problems });
    }
    if (pending.length > 0) {
      stderr += `There are pending nodes to be drained:\n${pending.map(({ node }) => ` ${node}\n`).join('')}`;
      stderr += pending.flatMap(({ problems }) => problems.map((each) => `${each}\n`)).join('');
    }
    return ok({
      stdout,
      stderr,
      exitCode: pending.length > 0 ? 1 : 0,
      // Nodes stay cordoned, and pods evicted, whatever came after.
      ...(dryRun.value === 'none' ? { cloud } : {}),
      ...(elapsedSeconds > 0 ? { elapsedSeconds } : {}),
    });
  },
};

interface SortedPods {
  /** What has to leave the node. */
  readonly leave: readonly Pod[];
  readonly warnings: readonly string[];
  /** Why nothing may leave. */
  readonly problems: readonly string[];
}

/** The filters of GetPodsForDeletion. */
function sortPods(
  state: KubernetesState,
  node: string,
  flags: Flags,
  podSelector: LabelSelector,
): SortedPods {
  const here = Object.values(state.pods).filter(
    (pod) => pod.spec.nodeName === node && matchesLabels(podSelector, pod.metadata.labels),
  );
  const daemons = here.filter((pod) => isActive(pod) && ownerKind(pod) === 'DaemonSet');
  const leave = here.filter((pod) => !daemons.includes(pod));
  // What has ended may go without asking.
  const stored = leave.filter((pod) => isActive(pod) && hasLocalStorage(pod));
  const bare = leave.filter((pod) => isActive(pod) && ownerKind(pod) === null);
  const warnings: string[] = [];
  const problems: string[] = [];
  const check = (pods: readonly Pod[], flag: string, warning: string, problem: string) => {
    if (pods.length === 0) return;
    if (flags.isOn(flag)) warnings.push(`${warning}: ${names(pods)}`);
    else problems.push(`cannot delete ${problem}: ${names(pods)}`);
  };
  check(
    bare,
    'force',
    'deleting Pods that declare no controller',
    'Pods that declare no controller (use --force to override)',
  );
  check(
    daemons,
    'ignore-daemonsets',
    'ignoring DaemonSet-managed Pods',
    'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)',
  );
  if (stored.length > 0 && !flags.isOn('delete-emptydir-data')) {
    problems.push(
      `cannot delete Pods with local storage (use --delete-emptydir-data to override): ${names(stored)}`,
    );
  }
  return { leave, warnings, problems };
}

interface Evicted {
  readonly cloud: Cloud;
  readonly stdout: string;
  readonly stderr: string;
  readonly problems: readonly string[];
  /** Seconds. */
  readonly waited: number;
}

/** kubectl asks again at this interval while a disruption budget stands in the way. */
const RETRY_SECONDS = 5;

function evictAll(
  before: Cloud,
  target: Target,
  node: string,
  pods: readonly Pod[],
  {
    timeout,
    dryRun,
    how,
  }: { readonly timeout: number; readonly dryRun: DryRun; readonly how: 'evict' | 'delete' },
): Result<Evicted, KubectlFailure> {
  let cloud = before;
  const started: string[] = [];
  const gone: string[] = [];
  const blocked: Pod[] = [];
  for (const pod of pods) {
    const key = objectKey(pod.metadata);
    if (how === 'evict' || dryRun === 'client')
      started.push(`evicting pod ${key}${DRY_RUN_SUFFIX[dryRun]}\n`);
    if (dryRun === 'client') continue;
    if (how === 'evict' && violatesBudget(kubernetesOf(cloud, target.cluster), pod)) {
      blocked.push(pod);
      continue;
    }
    const next = deleteObject(cloud, target.cluster, 'Pod', key);
    if (!next.ok) return err(serverError(next.error));
    cloud = next.value;
    gone.push(
      `pod/${pod.metadata.name} ${how === 'evict' ? 'evicted' : 'deleted'}${DRY_RUN_SUFFIX[dryRun]}\n`,
    );
  }
  const stdout = [...started, ...gone].join('');
  if (blocked.length === 0) return ok({ cloud, stdout, stderr: '', problems: [], waited: 0 });

  const what = (pod: Pod) =>
    `error when evicting pods/"${pod.metadata.name}" -n "${pod.metadata.namespace ?? 'default'}"`;
  const refused = blocked
    .map(
      (pod) =>
        `${what(pod)} (will retry after ${RETRY_SECONDS}s): Cannot evict pod as it would violate the pod's disruption budget.\n`,
    )
    .join('');
  if (timeout === 0) {
    // Nobody else acts while this command runs, so the real one would never come back.
    const why =
      'a disruption budget keeps a last ready pod, and no --timeout was given: kubectl would go on retrying';
    return ok({ cloud, stdout, stderr: refused, problems: [why], waited: 0 });
  }
  const problems = blocked.map((pod) => `${what(pod)}: global timeout reached: ${durationText(timeout)}`);
  const list = problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`;
  const left =
    `There are pending pods in node "${node}" when an error occurred: ${list}\n` +
    blocked.map((pod) => `pod/${pod.metadata.name}\n`).join('');
  return ok({
    cloud,
    stdout,
    stderr: refused.repeat(Math.ceil(timeout / RETRY_SECONDS)) + left,
    problems,
    waited: timeout,
  });
}

function ownerKind(pod: Pod): string | null {
  return pod.metadata.ownerReferences?.[0]?.kind ?? null;
}

function names(pods: readonly Pod[]): string {
  return pods.map((pod) => `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`).join(', ');
}
