/** The HTTP proxy of clusters that were read from JSON, and what their nodes have of it. */
import { newNodeProxy } from '../../model/aks/http-proxy.ts';
import type { HttpProxyConfig } from '../../model/aks/http-proxy-config.ts';
import { listResources, armKey } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Node } from '../../model/kubernetes/objects.ts';
import type { Bag } from './bag.ts';
import type { ImportLog } from './left-out.ts';

/** Returns `httpProxyConfig` of a cluster; null where it names no proxy. */
export function readHttpProxy(cluster: Bag): HttpProxyConfig | null {
  const bag = cluster.bag('httpProxyConfig');
  if (bag === null) return null;
  const httpProxy = bag.text('httpProxy');
  const httpsProxy = bag.text('httpsProxy');
  const config: HttpProxyConfig = {
    enabled: bag.flag('enabled', true),
    httpProxy,
    httpsProxy: httpsProxy ?? httpProxy,
    noProxy: bag.has('noProxy') ? bag.texts('noProxy') : null,
    trustedCa: bag.text('trustedCa'),
  };
  bag.finish({ harmless: ['effectiveNoProxy'] });
  return httpProxy === null && httpsProxy === null ? null : config;
}

/** Returns the cloud whose nodes were set up with the proxy that their cluster has now: no command prints another. */
export function withNodeProxies(cloud: Cloud, log: ImportLog): Cloud {
  let next = cloud;
  for (const cluster of listResources(cloud, 'Microsoft.ContainerService/ManagedClusters')) {
    const key = armKey(cluster.id);
    const state = cloud.kubernetes[key];
    const { proxy } = newNodeProxy(cloud, cluster);
    if (state === undefined || proxy === undefined || Object.keys(state.nodes).length === 0) continue;
    log.note(`The nodes of cluster ${cluster.name} are taken to have its present HTTP proxy configuration.`);
    const nodes = Object.entries(state.nodes).map(([name, node]): [string, Node] => [
      name,
      { ...node, simulation: { ipForward: 'on', neighbours: [], ...node.simulation, proxy } },
    ]);
    next = {
      ...next,
      kubernetes: { ...next.kubernetes, [key]: { ...state, nodes: Object.fromEntries(nodes) } },
    };
  }
  return next;
}
