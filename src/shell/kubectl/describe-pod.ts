import type { Pod } from '../../model/kubernetes/objects.ts';
import { containerLines, longTime, pairLines, tolerationLines } from './describe-parts.ts';
import { volumeLines } from './describe-volumes.ts';
import { serviceAccountVolume } from './service-account-volume.ts';

export function describePod(pod: Pod): string[] {
  const { metadata, spec, status } = pod;
  const node = spec.nodeName === undefined ? '<none>' : `${spec.nodeName}/${status.hostIP ?? ''}`;
  const owner = metadata.ownerReferences?.[0];
  const conditions = status.conditions ?? [];
  return [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    'Priority:\t0',
    ...(spec.priorityClassName === undefined ? [] : [`Priority Class Name:\t${spec.priorityClassName}`]),
    `Service Account:\t${spec.serviceAccountName ?? 'default'}`,
    `Node:\t${node}`,
    ...(status.startTime === undefined ? [] : [`Start Time:\t${longTime(status.startTime)}`]),
    ...pairLines('Labels:', metadata.labels, '='),
    ...pairLines('Annotations:', metadata.annotations, ': '),
    `Status:\t${status.phase}`,
    ...(status.reason === undefined ? [] : [`Reason:\t${status.reason}`]),
    ...(status.message === undefined ? [] : [`Message:\t${status.message}`]),
    `IP:\t${status.podIP ?? ''}`,
    ...(status.podIPs === undefined || status.podIPs.length === 0
      ? ['IPs:\t<none>']
      : ['IPs:', ...status.podIPs.map(({ ip }) => `  IP:\t${ip}`)]),
    ...(owner === undefined ? [] : [`Controlled By:\t${owner.kind}/${owner.name}`]),
    ...containerLines(spec.containers, status.containerStatuses ?? [], '', pod),
    ...(conditions.length === 0
      ? []
      : [
          'Conditions:',
          '  Type\tStatus',
          ...conditions.map((condition) => `  ${condition.type} \t${condition.status} `),
        ]),
    ...volumeLines([...(spec.volumes ?? []), serviceAccountVolume(pod)], ''),
    `QoS Class:\t${status.qosClass ?? 'BestEffort'}`,
    ...pairLines('Node-Selectors:', spec.nodeSelector, '='),
    ...tolerationLines('Tolerations:', spec.tolerations),
  ];
}
