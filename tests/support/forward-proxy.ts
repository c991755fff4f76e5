/** Proxies for tests: what `mitmdump` without options is, a cloud with some, and pods whose variables name them. */
import { listResources } from '../../src/model/azure/resource-store.ts';
import type { Listener } from '../../src/model/azure/resources.ts';
import { setListeners } from '../../src/model/azure/virtual-machine.ts';
import { reconcile } from '../../src/model/aks/reconcile.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { createObject } from '../../src/model/kubernetes/apply.ts';
import type { ForwardProxy } from '../../src/model/proxy/forward-proxy.ts';
import { unwrap } from '../../src/model/result.ts';
import { clusterKey } from '../unit/model/compile/two-node-cloud.ts';

export function forwardProxy(changes: Partial<ForwardProxy> = {}): ForwardProxy {
  return {
    program: 'mitmdump',
    version: '8.1.1',
    mode: { kind: 'regular' },
    authority: { certificate: '', key: '' },
    certificates: [],
    ignoreHosts: [],
    allowHosts: [],
    blockGlobal: 'on',
    blockPrivate: 'off',
    blockList: [],
    verifiesServers: 'yes',
    log: { kind: 'none' },
    ...changes,
  };
}

/** Starts a proxy on port 8080 of a VM, beside what listens there. */
export function withProxy(cloud: Cloud, machine: string, changes: Partial<ForwardProxy> = {}): Cloud {
  const vm = listResources(cloud, 'Microsoft.Compute/virtualMachines').find(({ name }) => name === machine);
  if (vm === undefined) throw new Error(`no VM ${machine}`);
  const listener: Listener = {
    protocol: 'tcp',
    port: 8080,
    program: 'mitmdump',
    application: 'opaque',
    proxy: forwardProxy(changes),
  };
  return setListeners(cloud, vm.id, [...vm.simulation.listeners, listener]);
}

/** Adds a pod whose first container has these variables. */
export function withPod(cloud: Cloud, name: string, env: Readonly<Record<string, string>>): Cloud {
  const pod = createObject(cloud, clusterKey(cloud), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      containers: [
        { name, image: 'nginx', env: Object.entries(env).map(([key, value]) => ({ name: key, value })) },
      ],
    },
  });
  return reconcile(unwrap(pod).cloud);
}
