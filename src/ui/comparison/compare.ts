/** One cell of the comparison: a call on the world of one plugin, asked of the model. */
import { listResources } from '../../model/azure/resource-store.ts';
import { instanceAddress } from '../../model/aks/nodes.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ask } from '../../model/compile/ask.ts';
import { formatAddress } from '../../model/ip/address.ts';
import type { Disposition } from '../../model/trace/disposition.ts';
import { type ComparedFlow, endOf } from './plugins.ts';

export interface ComparedCell {
  readonly disposition: Disposition;
  /** Whose address the destination sees; null where nothing arrives. */
  readonly seen: { readonly address: string; readonly whose: SourceOwner } | null;
}

/** `caller` is a machine that is no part of the cluster and was seen with its own address. */
export type SourceOwner = 'pod' | 'node' | 'public' | 'caller' | 'other';

/** Throws if an end does not exist: the worlds are ours. */
export function compareCell(cloud: Cloud, flow: ComparedFlow): ComparedCell {
  const answer = ask(cloud, {
    from: endOf(flow.from, cloud),
    to: endOf(flow.to, cloud),
    protocol: flow.protocol,
    port: flow.port,
  });
  if (!answer.ok) throw new Error(`comparison, ${flow.id}: ${answer.error.message}`);
  const { trace, from } = answer.value;
  const source = trace.seenSource === null ? null : formatAddress(trace.seenSource.address);
  const own = from.address === null ? null : formatAddress(from.address);
  return {
    disposition: trace.disposition,
    seen: source === null ? null : { address: source, whose: ownerOf(cloud, source, own, flow) },
  };
}

function ownerOf(cloud: Cloud, source: string, own: string | null, flow: ComparedFlow): SourceOwner {
  if (source === own) return endOf(flow.from, cloud).startsWith('pod/') ? 'pod' : 'caller';
  if (nodeAddresses(cloud).has(source)) return 'node';
  const isPublic = listResources(cloud, 'Microsoft.Network/publicIPAddresses').some(
    (each) => each.ipAddress === source,
  );
  return isPublic ? 'public' : 'other';
}

function nodeAddresses(cloud: Cloud): ReadonlySet<string> {
  return new Set(
    listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets').flatMap(({ instances }) =>
      instances.map(instanceAddress),
    ),
  );
}
