/** Whether a cluster gets from the plugin it has to another one, and how. */
import { OVERLAY_MIGRATION_FROM } from '../model/limits/aks-upgrade.ts';
import type { PluginOption } from '../model/limits/network-plugins.ts';
import type { Ipam } from './node-needs.ts';

export type Move =
  /** It is what the cluster has. */
  | { readonly kind: 'stays' }
  /** One or two updates of the running cluster; all pools are reimaged. */
  | { readonly kind: 'in-place'; readonly how: string }
  /** New pools beside the old ones, which are then drained and deleted. */
  | { readonly kind: 'new-pools'; readonly how: string }
  | { readonly kind: 'new-cluster'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

export const PLUGIN_OPTIONS: readonly PluginOption[] = [
  'overlay',
  'overlay-cilium',
  'pod-subnet-dynamic',
  'pod-subnet-dynamic-cilium',
  'pod-subnet-static',
  'pod-subnet-static-cilium',
  'node-subnet',
  'node-subnet-cilium',
  'kubenet',
];

/** Returns where the pods of an option get their addresses. */
export function ipamOfOption(option: PluginOption): Ipam {
  switch (option) {
    case 'overlay':
    case 'overlay-cilium':
      return 'overlay';
    case 'pod-subnet-dynamic':
    case 'pod-subnet-dynamic-cilium':
      return 'pod-subnet-dynamic';
    case 'pod-subnet-static':
    case 'pod-subnet-static-cilium':
      return 'pod-subnet-static';
    case 'node-subnet':
    case 'node-subnet-cilium':
      return 'node-subnet';
    case 'kubenet':
      return 'kubenet';
  }
}

export function hasCilium(option: PluginOption): boolean {
  return option.endsWith('-cilium');
}

const TO_OVERLAY = `az aks update --network-plugin azure --network-plugin-mode overlay: Kubernetes ${OVERLAY_MIGRATION_FROM.value} or newer, no network policy engine and no custom masquerade ConfigMap while it runs; all nodes are reimaged, and there is no way back`;
const TO_CILIUM =
  'az aks update --network-dataplane cilium, without Windows pools; another policy engine is removed';

/** Returns the move of a running cluster. Only Overlay is ever reached in place, from kubenet and Node Subnet. */
export function moveBetween(from: PluginOption, to: PluginOption): Move {
  if (from === to) return { kind: 'stays' };
  const was = ipamOfOption(from);
  const becomes = ipamOfOption(to);
  if (hasCilium(from) && !hasCilium(to)) {
    return { kind: 'unknown', why: 'No page describes the way back from the Cilium data plane.' };
  }
  const toCilium = hasCilium(to) && !hasCilium(from);
  if (was === becomes) {
    return was === 'pod-subnet-static'
      ? {
          kind: 'unknown',
          why: 'The update page speaks of any Azure CNI mode, but does not name static blocks.',
        }
      : { kind: 'in-place', how: `In place: ${TO_CILIUM}.` };
  }
  if (becomes === 'overlay' && (was === 'kubenet' || was === 'node-subnet')) {
    const identity = was === 'kubenet' ? ', and a user-assigned identity to let go of the route table' : '';
    const then = toCilium ? ` Then, as a second update: ${TO_CILIUM}.` : '';
    return { kind: 'in-place', how: `In place: ${TO_OVERLAY}${identity}.${then}` };
  }
  if (was === 'pod-subnet-dynamic' && to === 'pod-subnet-static') {
    return {
      kind: 'new-pools',
      how: 'By new node pools on another pod subnet: drain and delete the old ones.',
    };
  }
  if (was === 'pod-subnet-dynamic' || was === 'pod-subnet-static') {
    return { kind: 'new-cluster', why: 'A cluster with a pod subnet cannot be updated to this.' };
  }
  return { kind: 'new-cluster', why: 'A running cluster can be updated to Overlay only.' };
}
