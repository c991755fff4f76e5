/** What hey and wrk have written when they ended as the program of a container. */
import type { ArmKey } from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { epochSeconds, kubernetesOf, withKubernetes } from '../../model/kubernetes/cluster-state.ts';
import { containerLoads } from '../../model/kubernetes/container-load.ts';
import { staysUp } from '../../model/kubernetes/load-generators.ts';
import type { Container, Pod } from '../../model/kubernetes/objects.ts';
import type { CommandContext, SimulatedCommand } from '../command.ts';
import { hey } from '../place/hey.ts';
import { wrk } from '../place/wrk.ts';

/**
 * Returns the report of a container whose only program made load and has ended; null for any other. The
 * program is run again at the time of its start, among the loads of that time, on the network of today.
 */
export async function loadLog(
  context: CommandContext,
  cluster: ArmKey,
  pod: Pod,
  container: Container,
): Promise<string | null> {
  const [own, ...others] = containerLoads(container);
  if (own === undefined || others.length > 0 || pod.status.podIP === undefined) return null;
  const { load, argv, startsAfter, then } = own;
  const start = epochSeconds(pod.status.startTime ?? pod.metadata.creationTimestamp) + startsAfter;
  const hasSlept = then === 'sleeps' && load.seconds !== null && start + load.seconds <= context.cloud.now;
  const isOver = pod.status.phase === 'Succeeded' || hasSlept || !staysUp(load);
  if (!isOver || load.againAfter !== undefined || load.program === 'curl') return null;
  const program: SimulatedCommand = load.program === 'hey' ? hey('busybox') : wrk('busybox');
  const ran = await program.run({
    ...context,
    args: argv.slice(1),
    place: { kind: 'pod', cluster, namespace: pod.metadata.namespace ?? 'default', name: pod.metadata.name },
    cloud: beforeRun(context.cloud, cluster, pod, container, start),
    // The files of the workstation are not those of the container.
    readFile: () => Promise.resolve(null),
    writeFile: () => Promise.resolve(),
  });
  return ran.stderr.includes('not simulated in this workbook') ? null : ran.stdout + ran.stderr;
}

/** The cloud at the program's start: its container sleeps, and has taken nobody's ports. */
function beforeRun(cloud: Cloud, cluster: ArmKey, pod: Pod, container: Container, start: number): Cloud {
  const state = kubernetesOf(cloud, cluster);
  const { name, namespace = 'default', uid } = pod.metadata;
  const asleep: Pod = {
    ...pod,
    spec: {
      ...pod.spec,
      containers: pod.spec.containers.map((each) =>
        each === container ? { ...each, command: ['sleep', '1d'], args: [] } : each,
      ),
    },
    status: { ...pod.status, phase: 'Running' },
  };
  const pods = { ...state.pods, [`${namespace}/${name}`]: asleep };
  const traffic = (cloud.traffic ?? []).filter((run) => run.container?.startsWith(`${uid} `) !== true);
  return withKubernetes({ ...cloud, now: start, traffic }, cluster, { ...state, pods });
}
