/** What a node has in its file system, as far as somebody who looks for trouble reads it. */
import type { Cloud } from '../../model/cloud.ts';
import type { Node } from '../../model/kubernetes/objects.ts';
import { cniFiles } from './cni-files.ts';
import { osRelease } from './image-tools.ts';
import { nodeProvisionLogs } from './node-provision-log.ts';
import { nodeProxyFiles } from './node-proxy-files.ts';
import { nodeUnitFiles } from './node-units.ts';
import { resolvConf } from './resolv-conf.ts';

/** Returns a node's files by path. */
export function nodeFiles(cloud: Cloud, cluster: string, node: Node): Readonly<Record<string, string>> {
  const { name } = node.metadata;
  return {
    '/etc/os-release': osRelease(node.status.nodeInfo.osImage),
    '/etc/hostname': `${name}\n`,
    '/etc/resolv.conf': resolvConf(cloud, { node: name }),
    ...cniFiles(cloud, cluster, node),
    ...nodeProxyFiles(node),
    ...nodeUnitFiles(cloud, cluster, node),
    ...nodeProvisionLogs(cloud, cluster, node),
  };
}
