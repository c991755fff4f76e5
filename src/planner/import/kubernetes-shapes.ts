/**
 * Which fields of Kubernetes objects the model reads, and what they must be. A field that is something
 * else is left out and named: whoever reads the object later may take its shape for granted.
 */
import { rawObject, shortly } from './bag.ts';

export type Shape =
  | 'text'
  | 'number'
  | 'flag'
  /** The name or the number of a port. */
  | 'port'
  /** An object of texts, such as labels. */
  | 'texts'
  | { readonly list: Shape }
  | { readonly fields: Readonly<Record<string, Shape>>; readonly needs?: readonly string[] };

const META: Shape = {
  fields: {
    name: 'text',
    namespace: 'text',
    uid: 'text',
    creationTimestamp: 'text',
    resourceVersion: 'text',
    generateName: 'text',
    labels: 'texts',
    annotations: 'texts',
    ownerReferences: { list: { fields: { kind: 'text', name: 'text', uid: 'text' } } },
    finalizers: { list: 'text' },
  },
};

const PROBE: Shape = {
  fields: {
    httpGet: { fields: { path: 'text', port: 'port', scheme: 'text' }, needs: ['port'] },
    tcpSocket: { fields: { port: 'port' }, needs: ['port'] },
    exec: { fields: { command: { list: 'text' } }, needs: ['command'] },
  },
};

const CONTAINER: Shape = {
  fields: {
    name: 'text',
    image: 'text',
    command: { list: 'text' },
    args: { list: 'text' },
    ports: {
      list: {
        fields: { containerPort: 'number', protocol: 'text', name: 'text', hostPort: 'number' },
        needs: ['containerPort'],
      },
    },
    env: { list: { fields: { name: 'text', value: 'text' }, needs: ['name'] } },
    stdin: 'flag',
    tty: 'flag',
    livenessProbe: PROBE,
    readinessProbe: PROBE,
    resources: { fields: { requests: 'texts', limits: 'texts' } },
  },
  needs: ['name', 'image'],
};

const SELECTOR: Shape = {
  fields: {
    matchLabels: 'texts',
    matchExpressions: {
      list: {
        fields: { key: 'text', operator: 'text', values: { list: 'text' } },
        needs: ['key', 'operator'],
      },
    },
  },
};

const PEERS: Shape = {
  list: {
    fields: {
      podSelector: SELECTOR,
      namespaceSelector: SELECTOR,
      ipBlock: { fields: { cidr: 'text', except: { list: 'text' } }, needs: ['cidr'] },
    },
  },
};

const POLICY_PORTS: Shape = { list: { fields: { protocol: 'text', port: 'port', endPort: 'number' } } };

const CONDITIONS: Shape = {
  list: {
    fields: { type: 'text', status: 'text', reason: 'text', message: 'text' },
    needs: ['type', 'status'],
  },
};

const SHAPES: Readonly<Record<string, Shape>> = {
  Namespace: { fields: { metadata: META } },
  Node: {
    fields: {
      metadata: META,
      spec: { fields: { podCIDR: 'text', podCIDRs: { list: 'text' }, providerID: 'text' } },
      status: {
        fields: {
          addresses: { list: { fields: { type: 'text', address: 'text' }, needs: ['type', 'address'] } },
          conditions: CONDITIONS,
          allocatable: 'texts',
          capacity: 'texts',
          nodeInfo: { fields: { operatingSystem: 'text', kubeletVersion: 'text', osImage: 'text' } },
        },
      },
    },
  },
  Pod: {
    fields: {
      metadata: META,
      spec: {
        fields: {
          containers: { list: CONTAINER },
          initContainers: { list: { fields: { name: 'text', image: 'text' } } },
          hostNetwork: 'flag',
          nodeName: 'text',
          dnsPolicy: 'text',
          securityContext: { fields: {} },
        },
      },
      status: {
        fields: {
          phase: 'text',
          reason: 'text',
          hostIP: 'text',
          podIP: 'text',
          podIPs: { list: { fields: { ip: 'text' }, needs: ['ip'] } },
          conditions: CONDITIONS,
          containerStatuses: {
            list: {
              fields: { name: 'text', ready: 'flag', restartCount: 'number' },
              needs: ['name', 'ready'],
            },
          },
        },
      },
    },
  },
  Service: {
    fields: {
      metadata: META,
      spec: {
        fields: {
          type: 'text',
          clusterIP: 'text',
          selector: 'texts',
          ports: {
            list: {
              fields: {
                name: 'text',
                protocol: 'text',
                appProtocol: 'text',
                port: 'number',
                targetPort: 'port',
                nodePort: 'number',
              },
              needs: ['port'],
            },
          },
          sessionAffinity: 'text',
          externalTrafficPolicy: 'text',
          internalTrafficPolicy: 'text',
          publishNotReadyAddresses: 'flag',
          allocateLoadBalancerNodePorts: 'flag',
          healthCheckNodePort: 'number',
          loadBalancerIP: 'text',
          loadBalancerClass: 'text',
          loadBalancerSourceRanges: { list: 'text' },
          externalIPs: { list: 'text' },
          ipFamilies: { list: 'text' },
          ipFamilyPolicy: 'text',
          trafficDistribution: 'text',
          externalName: 'text',
        },
      },
      status: {
        fields: {
          loadBalancer: {
            fields: { ingress: { list: { fields: { ip: 'text', hostname: 'text' }, needs: ['ip'] } } },
          },
        },
      },
    },
  },
  ConfigMap: { fields: { metadata: META, data: 'texts' } },
  NetworkPolicy: {
    fields: {
      metadata: META,
      spec: {
        fields: {
          podSelector: SELECTOR,
          policyTypes: { list: 'text' },
          ingress: { list: { fields: { from: PEERS, ports: POLICY_PORTS } } },
          egress: { list: { fields: { to: PEERS, ports: POLICY_PORTS } } },
        },
      },
    },
  },
  NodeNetworkConfig: {
    fields: {
      metadata: META,
      spec: { fields: {} },
      status: {
        fields: {
          assignedIPCount: 'number',
          networkContainers: {
            list: {
              fields: {
                type: 'text',
                primaryIP: 'text',
                nodeIP: 'text',
                ipAssignments: { list: { fields: { name: 'text', ip: 'text' }, needs: ['ip'] } },
              },
            },
          },
        },
      },
    },
  },
};

/** Returns an object of that kind with only what it may hold; `refuse` is told of what was something else. */
export function conformed(
  kind: string,
  raw: Readonly<Record<string, unknown>>,
  refuse: (what: string) => void,
): Readonly<Record<string, unknown>> {
  const shape = SHAPES[kind];
  return shape === undefined ? raw : (rawObject(fitted(raw, shape, '', refuse)) ?? {});
}

/** Undefined is what does not fit. */
function fitted(value: unknown, shape: Shape, path: string, refuse: (what: string) => void): unknown {
  if (value === undefined || value === null) return undefined;
  const no = (): undefined => {
    refuse(`${path} = ${shortly(value)}`);
    return undefined;
  };
  switch (shape) {
    case 'text':
      return typeof value === 'string' ? value : no();
    case 'number':
      return typeof value === 'number' ? value : no();
    case 'flag':
      return typeof value === 'boolean' ? value : no();
    case 'port':
      return typeof value === 'number' || typeof value === 'string' ? value : no();
    case 'texts': {
      const raw = rawObject(value);
      if (raw === null) return no();
      return Object.fromEntries(
        Object.entries(raw).flatMap(([key, each]) => {
          const text =
            typeof each === 'number' ? String(each) : fitted(each, 'text', `${path}.${key}`, refuse);
          return text === undefined ? [] : [[key, text]];
        }),
      );
    }
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) return no();
    return (value as readonly unknown[]).flatMap((each, index) => {
      const item = fitted(each, shape.list, `${path}[${index}]`, refuse);
      return item === undefined ? [] : [item];
    });
  }
  const raw = rawObject(value);
  if (raw === null) return no();
  const own: Record<string, unknown> = { ...raw };
  for (const [key, each] of Object.entries(shape.fields)) {
    if (!(key in raw)) continue;
    const found = fitted(raw[key], each, path === '' ? key : `${path}.${key}`, refuse);
    if (found === undefined) delete own[key];
    else own[key] = found;
  }
  const lacking = (shape.needs ?? []).find((key) => own[key] === undefined);
  if (lacking === undefined) return own;
  refuse(`${path} without ${lacking}`);
  return undefined;
}
