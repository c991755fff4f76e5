import type { Address } from '../ip/address.ts';
import type { HostId, Protocol, Request } from '../network/network.ts';
import type { Disposition } from './disposition.ts';

/** Address and port of one end; ICMP has no ports. */
export interface Endpoint {
  readonly address: Address;
  readonly port: number | null;
}

/** The fields of a packet that decisions look at. */
export interface Header {
  readonly protocol: Protocol;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly ttl: number;
  /** Absent: it is not known what the connection will say. */
  readonly request?: Request;
}

/** The first packet of a conversation. A null source address lets the sending host choose its own. */
export interface Flow {
  readonly from: HostId;
  readonly protocol: Protocol;
  readonly source: { readonly address: Address | null; readonly port: number | null };
  readonly destination: Endpoint;
  /** Absent: it is not known what the connection will say. */
  readonly request?: Request;
}

export interface Candidate {
  readonly candidate: string;
  readonly why: string;
}

interface StepBase {
  /** The object that decided: a route, a rule, a chain, a session. */
  readonly by: string;
  /** What it did, in a short sentence. */
  readonly action: string;
  /** What else could have decided, and why it did not. */
  readonly lost: readonly Candidate[];
  readonly before: Header;
  readonly after: Header;
}

export type Step =
  | (StepBase & { readonly kind: 'route' })
  | (StepBase & { readonly kind: 'arp'; readonly mac: string | null })
  | (StepBase & { readonly kind: 'filter'; readonly verdict: 'accept' | 'drop' | 'undetermined' })
  | (StepBase & { readonly kind: 'translate' })
  | (StepBase & { readonly kind: 'balance' })
  /** A PROXY protocol header goes before the bytes: `client` is who it names. */
  | (StepBase & {
      readonly kind: 'proxy';
      readonly does: 'header';
      readonly client: Endpoint;
      readonly link: number;
    })
  /**
   * A forward proxy has taken the connection: `before` is a packet of it, `after` one of the proxy's own connection
   * onwards (on the way back the other way round). Both are the same where the proxy itself answers.
   */
  | (StepBase & {
      readonly kind: 'proxy';
      readonly does: 'relay';
      /** `nothing`: a tunnel, whose bytes go through as they are. */
      readonly reads: 'all' | 'nothing';
    })
  | (StepBase & { readonly kind: 'session' })
  | (StepBase & { readonly kind: 'deliver' })
  | (StepBase & { readonly kind: 'drop'; readonly disposition: Disposition });

export type StepKind = Step['kind'];

/** Everything that happened to the packet in one place. */
export interface Hop {
  readonly place: HostId;
  readonly steps: readonly Step[];
}

/** One direction of a conversation. */
export interface Path {
  readonly hops: readonly Hop[];
  readonly disposition: Disposition;
  /** Why it ended so, in one sentence that names the deciding object. */
  readonly reason: string;
  /** Source as the destination host saw it; null if the packet never got there. */
  readonly seenSource: Endpoint | null;
}

/** A conversation: the way there, and (if something arrived) the way back with the sessions made on the way. */
export interface Trace extends Path {
  readonly flow: Flow;
  readonly reverse: Path | null;
  /** Of a conversation over forward proxies; absent where there is one connection only. */
  readonly relayed?: Relayed;
}

export interface Relayed {
  /** The connections, in order, each as it is on its own; the last may be one that no proxy has opened. */
  readonly legs: readonly Trace[];
  /** What the sender sees, for a sentence that begins so; null where that follows from the disposition. */
  readonly senderSees: string | null;
}
