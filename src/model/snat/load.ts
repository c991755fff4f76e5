/** Connections that programs open, as far as source ports care: how many, to where, how fast, for how long. */
import type { HostId } from '../network/network.ts';
import type { PortInventory } from './inventory.ts';

/** How a connection ends, which decides how long its port stays taken. */
export type ConnectionEnd =
  /** Closed properly by either side. */
  | 'fin'
  /** Cut off by a reset. */
  | 'rst'
  /** Left open and silent: only the idle timeout ends it. */
  | 'idle'
  /** Never answered: a SYN that takes a port until the translating device gives up. UDP has no such thing. */
  | 'half-open';

/**
 * Connections from one sender to one destination, opened evenly from `start` on. Times are virtual
 * seconds since the epoch and may have fractions.
 */
export interface ConnectionLoad {
  readonly protocol: 'tcp' | 'udp';
  readonly destination: { readonly address: string; readonly port: number };
  readonly start: number;
  /** Connections that the program tries to open in all; null goes on until somebody stops it. */
  readonly connections: number | null;
  /** Attempts per second; null opens all of them at `start`. */
  readonly perSecond: number | null;
  /** How long each carries data. Null: until the program ends, which `stop` says. */
  readonly openFor: number | null;
  readonly end: ConnectionEnd;
  /** When the program ended; null while it runs. Nothing is tried after that. */
  readonly stop: number | null;
  /**
   * Workers that share the connections, each with one at a time, as programs that make load have them:
   * with workers, `connections` and `perSecond` are null. Absent: nobody waits for anybody.
   */
  readonly workers?: {
    readonly count: number;
    /** Seconds from one attempt of a worker to its next at least, and before its first; null for none. */
    readonly interval: number | null;
    /** Seconds that an attempt which gets no port, or no answer, keeps its worker. */
    readonly giveUpAfter: number;
    /** Attempts of each worker; null goes on. One whose connection stays open tries no more. */
    readonly attempts: number | null;
  };
}

/** Whose ports a load uses: what translates its connections, and how many ports there are for them. */
export interface WayOut {
  /** The same words are the same ports: `lb/kubernetes 10.224.0.4`, `natgw/egress`. */
  readonly id: string;
  /** Id of the load balancer or NAT gateway; of an instance address, the name of the public IP. */
  readonly resource: string;
  /** The rule, as traces name it. */
  readonly by: string;
  /** Who was given the ports: a machine, or a NAT gateway itself. */
  readonly owner: string;
  /** Private address of the machine. */
  readonly backend: string;
  /** Public addresses that the ports are of. */
  readonly addresses: readonly string[];
  readonly inventory: PortInventory;
}

/**
 * A load with the place that its connections start from, in netpath's words: `pod/default/web`. Stored are
 * those that have ended, or whose end is set; what goes on in a pod follows from the pod.
 */
export interface TrafficRun extends ConnectionLoad {
  readonly from: HostId;
  /** The program and its arguments, as `ps` would show them. */
  readonly command: string;
  /** Names the container, over all clusters and all pods of its name; null for a program typed by hand. */
  readonly container: string | null;
  /** Null where nobody's ports were used: inside a VNet, or where the connections came to nothing. */
  readonly through: WayOut | null;
}
