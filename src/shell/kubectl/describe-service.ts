import type { KubernetesState, Service } from '../../model/kubernetes/objects.ts';
import { endpointsOf } from '../../model/kubernetes/services.ts';
import { pairLines } from './describe-parts.ts';
import { pairs } from './rows.ts';

export function describeService(service: Service, state: KubernetesState): string[] {
  const { metadata, spec } = service;
  const endpoints = endpointsOf(state, service);
  return [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    ...pairLines('Labels:', metadata.labels, '='),
    ...pairLines('Annotations:', metadata.annotations, ': '),
    `Selector:\t${pairs(spec.selector)}`,
    `Type:\t${spec.type}`,
    'IP Family Policy:\tSingleStack',
    'IP Families:\tIPv4',
    `IP:\t${spec.clusterIP}`,
    `IPs:\t${spec.clusterIPs.join(',')}`,
    ...spec.ports.flatMap((port, at) => [
      `Port:\t${port.name ?? '<unset>'}\t${port.port}/${port.protocol}`,
      `TargetPort:\t${port.targetPort}/${port.protocol}`,
      ...(port.nodePort === undefined
        ? []
        : [`NodePort:\t${port.name ?? '<unset>'}\t${port.nodePort}/${port.protocol}`]),
      `Endpoints:\t${endpointText(endpoints[at]?.addresses.map((each) => `${each.address}:${each.port}`) ?? [])}`,
    ]),
    `Session Affinity:\t${spec.sessionAffinity}`,
    ...(spec.externalTrafficPolicy === undefined
      ? []
      : [`External Traffic Policy:\t${spec.externalTrafficPolicy}`]),
    ...(spec.internalTrafficPolicy === undefined
      ? []
      : [`Internal Traffic Policy:\t${spec.internalTrafficPolicy}`]),
  ];
}

function endpointText(addresses: readonly string[]): string {
  if (addresses.length > 3) return `${addresses.slice(0, 3).join(',')} + ${addresses.length - 3} more...`;
  return addresses.join(',');
}
