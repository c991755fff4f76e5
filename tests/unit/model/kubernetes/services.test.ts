import { describe, expect, it } from 'vitest';
import { applyObject, createObject, deleteObject } from '../../../../src/model/kubernetes/apply.ts';
import { createDeployment } from '../../../../src/model/kubernetes/create-deployment.ts';
import { endpointsOf } from '../../../../src/model/kubernetes/services.ts';
import type { ServiceManifest } from '../../../../src/model/kubernetes/manifest.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { unwrap } from '../../../../src/model/result.ts';
import { cloudWithCluster, onlyCluster, podsIn, stateOf } from '../../../support/kubenet-cluster.ts';

function service(spec: Partial<ServiceManifest['spec']> = {}, name = 'web'): ServiceManifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
  };
}

function create(cloud: Cloud, manifest: ServiceManifest): ReturnType<typeof createObject> {
  return createObject(cloud, onlyCluster(cloud), manifest);
}

describe('a new cluster', () => {
  it('has the API server at the first service address and DNS at the configured one', () => {
    const { services } = stateOf(
      cloudWithCluster({ serviceCidr: '172.16.0.0/16', dnsServiceIp: '172.16.0.10' }),
    );
    expect(services['default/kubernetes']?.spec.clusterIP).toBe('172.16.0.1');
    expect(services['kube-system/kube-dns']?.spec.clusterIP).toBe('172.16.0.10');
  });
});

describe('a Service', () => {
  it('gets an address of the service range that no other has', () => {
    let cloud = cloudWithCluster({ serviceCidr: '10.0.0.0/28' });
    const addresses: string[] = [];
    // 14 usable, of which kubernetes and kube-dns have one each.
    for (let at = 0; at < 12; at++) {
      cloud = unwrap(create(cloud, service({}, `s${at}`))).cloud;
      addresses.push(stateOf(cloud).services[`default/s${at}`]?.spec.clusterIP ?? '');
    }
    expect(new Set(addresses).size).toBe(12);
    expect(addresses.every((each) => /^10\.0\.0\.([1-9]|1[0-4])$/.test(each))).toBe(true);
    expect(create(cloud, service({}, 'late')).ok).toBe(false);
  });

  it('has the ready pods behind it, with the port they serve', () => {
    const deployed = unwrap(
      createDeployment(cloudWithCluster(), onlyCluster(cloudWithCluster()), {
        name: 'web',
        namespace: 'default',
        images: ['nginx'],
        replicas: 2,
        port: 80,
      }),
    ).cloud;
    const cloud = unwrap(create(deployed, service({ ports: [{ port: 8080, targetPort: 80 }] }))).cloud;
    const stored = stateOf(cloud).services['default/web'];
    const [endpoints] = stored === undefined ? [] : endpointsOf(stateOf(cloud), stored);
    expect(endpoints?.addresses.map((each) => `${each.address}:${each.port}`).sort()).toEqual(
      podsIn(cloud, 'default')
        .map((each) => `${each.status.podIP ?? ''}:80`)
        .sort(),
    );
  });

  it('keeps its address when it changes, and frees it when it goes', () => {
    const cloud = cloudWithCluster();
    const key = onlyCluster(cloud);
    const made = unwrap(create(cloud, service())).cloud;
    const address = stateOf(made).services['default/web']?.spec.clusterIP;
    const changed = unwrap(applyObject(made, key, service({ type: 'NodePort' }))).cloud;
    const stored = stateOf(changed).services['default/web'];
    expect(stored?.spec.clusterIP).toBe(address);
    expect(stored?.spec.ports[0]?.nodePort).toBeGreaterThanOrEqual(30000);
    expect(stored?.spec.ports[0]?.nodePort).toBeLessThanOrEqual(32767);
    const gone = unwrap(deleteObject(changed, key, 'Service', 'default/web'));
    expect(stateOf(gone).services['default/web']).toBeUndefined();
  });

  const refusals: readonly [string, ServiceManifest, string][] = [
    [
      'an address outside the service range',
      service({ clusterIP: '10.9.0.1' }),
      'failed to allocate IP 10.9.0.1: the provided IP (10.9.0.1) is not in the valid range. The range of valid IPs is 10.0.0.0/16',
    ],
    [
      'the last address of the service range',
      service({ clusterIP: '10.0.255.255' }),
      'the provided IP (10.0.255.255) is not in the valid range. The range of valid IPs is 10.0.0.0/16',
    ],
    [
      'a name elsewhere, with no port, as it may be there',
      service({ type: 'ExternalName', ports: [] }),
      'a Service of type ExternalName is not simulated',
    ],
    [
      'an address that another Service has',
      service({ clusterIP: '10.0.0.10' }),
      'provided IP is already allocated',
    ],
    [
      'a port that is none, for the target too',
      service({ ports: [{ port: 70000 }] }),
      'spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
    [
      'a port that is left out',
      service({ ports: [{ targetPort: 80 } as unknown as { port: number }] }),
      'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
    [
      'a node port outside the range',
      service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
      'provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
    [
      'two ports without names',
      service({ ports: [{ port: 80 }, { port: 81 }] }),
      'spec.ports[0].name: Required value',
    ],
    ['a name that starts with a digit', service({}, '1web'), 'a DNS-1035 label must consist of'],
    ['a name outside the cluster', service({ type: 'ExternalName' }), 'not simulated'],
  ];
  it.each(refusals)('refuses %s', (_, manifest, words) => {
    const cloud = cloudWithCluster();
    const made = create(cloud, manifest);
    expect(made.ok).toBe(false);
    if (!made.ok) expect(made.error.message).toContain(words);
  });
});
