import type { HostIndex } from '../network/host-index.ts';
import type { Host, HostId, InterfaceName, Network } from '../network/network.ts';
import type { Disposition } from './disposition.ts';
import type { Session, SessionMemory } from './session.ts';
import type { Candidate, Header, Step } from './trace.ts';

/** One direction of a conversation while it is being walked. */
export interface Walk {
  readonly network: Network;
  readonly sessions: SessionMemory;
  readonly direction: 'there' | 'back';
  readonly hops: { readonly place: HostId; readonly steps: Step[] }[];
  /** The packet now. */
  header: Header;
  /** Hosts entered, with the packet as it came in: the same again means a loop. */
  readonly entered: { readonly place: HostId; readonly incoming: InterfaceName; readonly header: Header }[];
  /** Hosts entered that watch handshakes; null for none. */
  watchers: Host[] | null;
}

/** The packet's stay in one host. */
export interface Visit {
  readonly index: HostIndex;
  /** Null if the host itself sends. */
  readonly incoming: InterfaceName | null;
  outgoing: InterfaceName | null;
  /**
   * How the host knows the packet: `none` keeps no sessions; `new` opens one; `untracked` is a reply
   * without a session, which Linux neither translates nor opens a session for (state INVALID).
   */
  readonly memory: 'none' | 'new' | 'untracked' | 'original' | 'reply';
  readonly session: Session | null;
  /** Who asked for the packet's source to become the address of the interface it leaves on. */
  masqueradeMark: string | null;
  /** The mark that a rule of iptables put on the packet, and which one did. */
  mark?: { readonly bit: number; readonly by: string } | null;
  /** What a filter or translation put on the packet, for later rules of the host. */
  word?: string;
  /** Who had put the mark there that a later rule took away. */
  unmarked?: string;
}

/** How a path ended. */
export interface Ending {
  readonly disposition: Disposition;
  readonly reason: string;
}

export const NOTHING_LOST: readonly Candidate[] = [];

export function startHop(walk: Walk, place: HostId): void {
  if (walk.hops.at(-1)?.place !== place) walk.hops.push({ place, steps: [] });
}

export function addStep(walk: Walk, step: Step): void {
  const hop = walk.hops.at(-1);
  if (hop === undefined) throw new Error('a step before the first hop');
  hop.steps.push(step);
  walk.header = step.after;
}

/** Ends the path with a `drop` step and returns its ending. */
export function dropHere(walk: Walk, by: string, disposition: Disposition, reason: string): Ending {
  const header = walk.header;
  addStep(walk, {
    kind: 'drop',
    by,
    action: reason,
    lost: NOTHING_LOST,
    before: header,
    after: header,
    disposition,
  });
  return { disposition, reason };
}
