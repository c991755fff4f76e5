import { base64Text } from '../../model/kubernetes/base64-text.ts';
import type { ConfigMap, KubernetesEvent, Namespace, Secret } from '../../model/kubernetes/objects.ts';
import { pairLines } from './describe-parts.ts';
import type { Endpoints, EndpointSlice } from './resource-types.ts';

export function describeOther(
  object: ConfigMap | Secret | KubernetesEvent | Namespace | Endpoints | EndpointSlice,
): string[] {
  const { metadata } = object;
  const head = [
    `Name:\t${metadata.name}`,
    ...(metadata.namespace === undefined ? [] : [`Namespace:\t${metadata.namespace}`]),
    ...pairLines('Labels:', metadata.labels, '='),
    ...pairLines('Annotations:', metadata.annotations, ': '),
  ];
  switch (object.kind) {
    case 'Namespace':
      return [
        ...head,
        `Status:\t${object.status.phase}`,
        '',
        'No resource quota.',
        '',
        'No LimitRange resource.',
      ];
    case 'ConfigMap':
      return [
        ...head,
        '',
        'Data',
        '====',
        ...Object.entries(object.data).flatMap(([key, value]) => [
          `${key}:`,
          '----',
          ...value.split('\n'),
          '',
        ]),
        '',
        'BinaryData',
        '====',
        '',
      ];
    case 'Secret':
      return [
        ...head,
        '',
        `Type:\t${object.type}`,
        '',
        'Data',
        '====',
        // How many bytes, never what they are.
        ...Object.entries(object.data)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => `${key}:\t${byteCount(base64Text(value))} bytes`),
      ];
    case 'Event':
      return [
        ...head,
        `Type:\t${object.type}`,
        `Reason:\t${object.reason}`,
        `Message:\t${object.message}`,
        `Count:\t${object.count}`,
        `Involved Object:\t${object.involvedObject.kind}/${object.involvedObject.name}`,
        `Source:\t${object.source.component}`,
      ];
    case 'Endpoints':
      return [
        ...head,
        'Subsets:',
        ...(object.subsets ?? []).flatMap((subset) => [
          `  Addresses:\t${addressList(subset.addresses)}`,
          `  NotReadyAddresses:\t${addressList(subset.notReadyAddresses)}`,
          '  Ports:',
          '    Name\tPort\tProtocol',
          '    ----\t----\t--------',
          ...subset.ports.map((port) => `    ${port.name ?? '<unset>'}\t${port.port}\t${port.protocol}`),
          '',
        ]),
      ];
    case 'EndpointSlice':
      return [
        ...head,
        `AddressType:\t${object.addressType}`,
        ...(object.ports.length === 0
          ? ['Ports: <unset>']
          : [
              'Ports:',
              '  Name\tPort\tProtocol',
              '  ----\t----\t--------',
              ...object.ports.map(
                (port) => `  ${port.name === '' ? '<unset>' : port.name}\t${port.port}\t${port.protocol}`,
              ),
            ]),
        ...(object.endpoints.length === 0 ? ['Endpoints: <none>'] : ['Endpoints:']),
        ...object.endpoints.flatMap((endpoint) => [
          `  - Addresses:\t${endpoint.addresses.join(', ')}`,
          '    Conditions:',
          `      Ready:\t${endpoint.conditions.ready}`,
          `    Hostname:\t<unset>`,
          ...(endpoint.targetRef === undefined ? [] : [`    TargetRef:\tPod/${endpoint.targetRef.name}`]),
          `    NodeName:\t${endpoint.nodeName ?? '<unset>'}`,
          `    Zone:\t${endpoint.zone ?? '<unset>'}`,
        ]),
      ];
  }
}

function byteCount(text: string): number {
  return new TextEncoder().encode(text).length;
}

function addressList(addresses: readonly { readonly ip: string }[] | undefined): string {
  return addresses === undefined ? '<none>' : addresses.map((address) => address.ip).join(',');
}
