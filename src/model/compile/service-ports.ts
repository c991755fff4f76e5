/** Ports of Services with what stands behind them, as every implementation of Services needs them. */
import type { Address } from '../ip/address.ts';
import type { KubernetesState, Service, ServicePort } from '../kubernetes/objects.ts';
import { endpointsOf } from '../kubernetes/services.ts';
import type { Protocol } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import type { ParsedText } from './parsed-text.ts';

export interface ServedPort {
  readonly service: Service;
  readonly port: ServicePort;
  readonly protocol: Protocol;
  /** `default/web`, with `:http` where the port has a name. */
  readonly label: string;
  readonly clusterIp: Address | null;
  readonly endpoints: readonly {
    readonly address: Address;
    readonly port: number;
    /** Null for one outside the cluster. */
    readonly nodeName: string | null;
  }[];
}

export function protocolOf(protocol: ServicePort['protocol']): Protocol | null {
  switch (protocol) {
    case 'TCP':
      return 'tcp';
    case 'UDP':
      return 'udp';
    case 'SCTP':
      return null;
  }
}

/** Reports whether nodes without an endpoint of this port do not answer on its node port. */
export function hasLocalNodePort({ port, service }: ServedPort): boolean {
  return port.nodePort !== undefined && service.spec.externalTrafficPolicy === 'Local';
}

export function servedPorts(state: KubernetesState, text: ParsedText, report: Report): readonly ServedPort[] {
  return Object.values(state.services).flatMap((service) => {
    const { name, namespace = 'default' } = service.metadata;
    if (service.spec.type === 'ExternalName') return [];
    if (service.spec.type === 'LoadBalancer') {
      report(
        `service ${namespace}/${name}`,
        'is of type LoadBalancer; its load balancer is not simulated, its cluster IP and node ports are',
      );
    }
    return endpointsOf(state, service).flatMap(({ port, addresses }): ServedPort[] => {
      const protocol = protocolOf(port.protocol);
      if (protocol === null) {
        report(`service ${namespace}/${name}`, `has an SCTP port, which is not simulated`);
        return [];
      }
      return [
        {
          service,
          port,
          protocol,
          label: `${namespace}/${name}${port.name === undefined ? '' : `:${port.name}`}`,
          clusterIp: text.address(service.spec.clusterIP),
          endpoints: addresses.flatMap((each) => {
            const address = text.address(each.address);
            return address === null ? [] : [{ address, port: each.port, nodeName: each.nodeName }];
          }),
        },
      ];
    });
  });
}
