/**
 * What a diagram shows, before anything has a position: boxes inside boxes, and the packet's way
 * through them. `scene-of.ts` makes it from a cloud; `layout.ts` gives it places on paper.
 */
import type { RangeLetter } from '../address/range.ts';

export interface Scene {
  readonly networks: readonly NetworkBox[];
  /** Translations and gateways between a VNet and the outside: load balancers, VPN gateways. */
  readonly edges: readonly LeafBox[];
  /** Between the edges and the hosts outside; null where no packet gets there. */
  readonly internet: LeafBox | null;
  readonly outside: readonly LeafBox[];
}

interface Labelled {
  /** The trace's place, or a name of its own for a box that no packet stops in. */
  readonly id: string;
  readonly label: string;
  /** Address or prefix, as text. */
  readonly detail: string;
  readonly range: RangeLetter | null;
}

export interface NetworkBox extends Labelled {
  readonly subnets: readonly SubnetBox[];
  readonly fabric: Labelled;
}

export interface SubnetBox extends Labelled {
  readonly machines: readonly MachineBox[];
}

/** A node with its pods, or a VM, an internal load balancer or a firewall without any. */
export interface MachineBox extends Labelled {
  readonly kind: 'node' | 'vm';
  /** Name and address of the bridge that the pods hang on; null without one. */
  readonly bridge: Labelled | null;
  readonly pods: readonly LeafBox[];
}

export type LeafBox = Labelled;

/** One place the packet passes, with the boxes and bars it crosses there, in order. */
export interface Stop {
  readonly place: string;
  readonly through: readonly string[];
}

/**
 * The packet's way as box ids. A bridge that two neighbouring places share, or that lies between a
 * pod and its node, is crossed on the way, though the trace has no hop of its own for it.
 */
export function stopsThrough(scene: Scene, places: readonly string[]): readonly Stop[] {
  const machines = scene.networks.flatMap((network) => network.subnets.flatMap((subnet) => subnet.machines));
  const homeOf = (place: string): MachineBox | null =>
    machines.find((machine) => machine.pods.some((pod) => pod.id === place)) ?? null;
  return places.map((place, index) => {
    const before = places[index - 1];
    const after = places[index + 1];
    const home = homeOf(place);
    if (home !== null && home.bridge !== null) {
      // From one pod to its neighbour the frame crosses the bridge and never climbs to the node.
      const neighbour = before !== undefined && before !== home.id && homeOf(before) === home;
      return { place, through: neighbour ? [home.bridge.id, place] : [place] };
    }
    const machine = machines.find((each) => each.id === place);
    if (machine !== undefined && machine.bridge !== null) {
      const fromPod = before !== undefined && homeOf(before) === machine;
      const toPod = after !== undefined && homeOf(after) === machine;
      // A frame from one pod to its neighbour is switched by the bridge; the node itself never routes it.
      if (fromPod && toPod) return { place, through: [machine.bridge.id] };
      return {
        place,
        through: [...(fromPod ? [machine.bridge.id] : []), machine.id, ...(toPod ? [machine.bridge.id] : [])],
      };
    }
    return { place, through: [place] };
  });
}
