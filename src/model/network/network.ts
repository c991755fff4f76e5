/**
 * The neutral network: hosts, interfaces, routes, filters, translations. No cloud word lives here;
 * `compile` fills it from Azure and Kubernetes, `trace` walks it, and the kernel witness builds it
 * out of network namespaces. Objects that decide something carry `by`, the words a reader should see.
 */
import type { Address, AddressKey } from '../ip/address.ts';
import type { AddressSet } from '../ip/address-set.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { HttpService } from '../http-service.ts';
import type { ForwardProxy } from '../proxy/forward-proxy.ts';
import type { Disposition } from '../trace/disposition.ts';
import type { Iptables } from './iptables.ts';

export type { HttpService } from '../http-service.ts';

/** In netpath's words: `pod/default/web`, `node/aks-…`, `vm/jumpbox`, `host/example`, `fabric/aks-vnet-1`. */
export type HostId = string;
export type InterfaceName = string;
export type SegmentId = string;

export type Protocol = 'tcp' | 'udp' | 'icmp';

/** What a host is, for diagrams and texts; it never changes how a packet is treated. */
export type HostRole = 'pod' | 'node' | 'vm' | 'fabric' | 'gateway' | 'firewall' | 'edge' | 'outside';

export interface Network {
  readonly hosts: ReadonlyMap<HostId, Host>;
  readonly segments: ReadonlyMap<SegmentId, Segment>;
}

/**
 * A layer 2 domain: a cable between two interfaces, or a bridge inside `bridgedBy` with many.
 * A bridge hands its frames to its host's sessions (br_netfilter, `bridge-nf-call-iptables=1`), so
 * that the reply of a translated session is translated back even if it only crosses the bridge.
 */
export interface Segment {
  readonly id: SegmentId;
  readonly bridgedBy: { readonly host: HostId; readonly device: string } | null;
  readonly members: readonly { readonly host: HostId; readonly interface: InterfaceName }[];
}

export interface Host {
  readonly id: HostId;
  readonly role: HostRole;
  /** Whether packets for others are passed on: `net.ipv4.ip_forward` on a Linux host. */
  readonly forwarding: 'on' | 'off';
  /**
   * `kept`: forwards without lowering the TTL, never answers a traceroute, and knows who is where
   * without ARP, as a cloud fabric does. Absent: a router like any other.
   */
  readonly timeToLive?: 'kept';
  readonly interfaces: readonly Interface[];
  /**
   * Which table a packet is looked up in, by the interface it came in on; no entry (and packets the
   * host itself sends) means `main`.
   */
  readonly tableOfInterface: ReadonlyMap<InterfaceName, string>;
  /** Tables for packets of an interface with certain sources, asked before `tableOfInterface`; the first that matches. */
  readonly tablesBySource?: ReadonlyMap<
    InterfaceName,
    readonly { readonly source: AddressSet; readonly table: string }[]
  >;
  readonly tables: ReadonlyMap<string, RouteTable>;
  /**
   * Which interface leads to an address, for hosts that know rather than ask (a fabric). Keyed by
   * `addressKey`. Other hosts find neighbours on the segment. Where the far end of the interface's
   * cable does not have the address itself, the packet is handed to it all the same: it stands for
   * hosts behind it.
   */
  readonly attached: ReadonlyMap<AddressKey, InterfaceName>;
  readonly chains: readonly FilterChain[];
  readonly translations: readonly TranslationRule[];
  /** The tables of a Linux host, asked after `translations` and before `chains`. */
  readonly iptables?: Iptables;
  /** Asked for new sessions before any route, once translations have been; the first that matches decides. */
  readonly balancing?: readonly BalancingRule[];
  readonly listeners: readonly Listener[];
  /** What takes the ports that no listener names, where nobody knows what runs there and it is assumed. Absent: nothing. */
  readonly assumedProgram?: string;
  /**
   * Who here follows each TCP connection from its first packet on, and drops what the sender says next where
   * the answer to the first packet did not come by. Absent: nobody.
   */
  readonly handshakesWatchedBy?: string;
  /** Puts a PROXY protocol header before what it forwards; absent: leaves the bytes alone. */
  readonly proxyHeader?: ProxyHeader;
  /** Why nothing certain can be said about what happens inside this host; a flow that ends here is `undetermined`. */
  readonly unknown: string | null;
}

/**
 * A PROXY protocol header of version 2 before the first byte of TCP connections that leave by an interface:
 * it says who the client was before any translation here, and over which link it came.
 */
export interface ProxyHeader {
  readonly by: string;
  readonly outInterface: InterfaceName;
  /** Number of the link, sent as an extra field. */
  readonly link: number;
}

export interface Interface {
  readonly name: InterfaceName;
  readonly mac: string;
  readonly segment: SegmentId;
  readonly addresses: readonly { readonly address: Address; readonly length: number }[];
  /** Answers ARP for every address with its own MAC, as a cloud gateway does. */
  readonly proxyArp: boolean;
  /** Addresses whose MAC the host was told (`ip neigh … PERMANENT`) and never asks for: that of the cable's other end. */
  readonly permanentNeighbours?: readonly Address[];
}

/** Routes ordered as added; lookup is longest prefix, then lowest metric, then `preference` order of `by`. */
export interface RouteTable {
  readonly name: string;
  readonly routes: readonly Route[];
  /**
   * Whether this table answers as Linux does (`linux`) or as a fabric whose equal prefixes are
   * already settled by `compile` (`fabric`, where losers are listed in `superseded`).
   */
  readonly superseded: readonly { readonly route: Route; readonly why: string }[];
}

export interface Route {
  readonly prefix: Prefix;
  readonly target: RouteTarget;
  /** Lower wins between equal prefixes. */
  readonly metric: number;
  /** Used when the host itself sends from this route without a bound address. */
  readonly preferredSource: Address | null;
  /**
   * A reply of a session whose first packet came in by one of these leaves by that one instead: whoever
   * brought the request in (a load balancer, say) carries the answer out. Only what comes in where the
   * request went out counts as its reply.
   */
  readonly repliesBy?: ReadonlySet<InterfaceName>;
  readonly by: string;
}

/**
 * Hands new sessions to one of several neighbours, which the session keeps. The packet stays as it is, as
 * with floating IP, unless the backend says otherwise. A backend that is to get packets for foreign
 * addresses is behind an interface of its own, so that whoever is at the other end of that cable knows
 * which one was chosen.
 */
export interface BalancingRule {
  readonly by: string;
  readonly match: PacketMatch;
  readonly backends: readonly Backend[];
  /** Who gets nothing, and why: a probe that fails, for example. Shown among what lost. */
  readonly left: readonly { readonly by: string; readonly why: string }[];
  /** What the hash is of: the five-tuple, the two addresses, or these and the protocol. */
  readonly distribution: 'five-tuple' | 'source-address' | 'source-address-protocol';
  /** Where no backend is left. */
  readonly otherwise: FilterVerdict;
}

export interface Backend {
  readonly interface: InterfaceName;
  readonly via: Address;
  readonly by: string;
  /** What the packet's destination becomes; a null port stays as it is. Absent: the destination stays. */
  readonly destination?: { readonly address: Address; readonly port: number | null };
  /** Why nobody knows whether it is given sessions; one that it gets is `undetermined`. */
  readonly unknown?: string;
}

export type RouteTarget =
  /** The destination is a neighbour on this interface; or, on a fabric, lies beyond it: `towards` says where in words. */
  | { readonly kind: 'connected'; readonly interface: InterfaceName; readonly towards?: string }
  /** A gateway on this interface. */
  | { readonly kind: 'gateway'; readonly via: Address; readonly interface: InterfaceName }
  /** Whatever attached interface owns the destination (see `Host.attached`). */
  | { readonly kind: 'attached' }
  /** Whatever attached interface owns `via`; the packet's destination stays as it is. */
  | { readonly kind: 'attached-gateway'; readonly via: Address }
  | { readonly kind: 'drop' }
  | { readonly kind: 'undetermined'; readonly reason: string };

/** Inclusive port numbers. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** An absent field matches everything. Ports never match a protocol without ports. */
export interface PacketMatch {
  readonly protocols?: readonly Protocol[];
  readonly source?: AddressSet;
  readonly sourcePorts?: readonly PortRange[];
  readonly destination?: AddressSet;
  readonly destinationPorts?: readonly PortRange[];
  readonly inInterface?: InterfaceName;
  readonly outInterface?: InterfaceName;
  /** Matches only packets whose destination is not (or is) an address of the host itself. */
  readonly destinationIsLocal?: 'yes' | 'no';
  /** The same of the source: `-m addrtype --src-type LOCAL`. */
  readonly sourceIsLocal?: 'yes' | 'no';
  /** Matches only packets that the host's sessions know so (conntrack's state). */
  readonly connection?: readonly ConnectionState[];
  /**
   * What the connection says it is for. `unsaid` matches packets of which nobody knows what they will say;
   * patterns are names in lower case, in which `*` stands for any characters, also dots.
   */
  readonly request?:
    'unsaid' | { readonly protocols: readonly Request['protocol'][]; readonly hosts: readonly string[] };
  /** The word that an earlier rule of the same host put on the first packet of the session; empty for none. */
  readonly mark?: string;
}

/**
 * What the first bytes of a connection say it is for: the Host header of HTTP, or the server name of TLS (SNI,
 * RFC 6066). The name is in lower case.
 */
export interface Request {
  readonly protocol: 'http' | 'https';
  readonly host: string;
}

/** The host of TLS that names no server, as a client sends none that was given an address. */
export const NO_NAME = '';

/** `new` opens a session, `established` belongs to one, `invalid` is a reply to none. */
export type ConnectionState = 'new' | 'established' | 'invalid';

/**
 * Rules tried in order; the first match decides, else `otherwise`. Where a packet crosses several
 * chains of one hook, each must accept, in the order of `Host.chains`. A reply of an accepted session
 * passes without asking. Chains of an interface keep their sessions per interface: what the chains of
 * interface A accepted in one direction, the chains of A (and no others) pass in the other.
 */
export interface FilterChain {
  readonly by: string;
  /**
   * `ingress`: before routing, by the interface it came in on. `routed`: after routing, still by the
   * interface it came in on (a match may ask for the outgoing one too). `egress`: after `routed`, by
   * the interface it leaves on. `input`/`forward`/`output` as in netfilter.
   */
  readonly hook: 'ingress' | 'routed' | 'input' | 'forward' | 'output' | 'egress';
  /** Only packets of this interface (in for ingress, routed and input, out for egress and output). */
  readonly interface: InterfaceName | null;
  /** Packets that do not match do not meet the chain at all. Absent: all of the hook and interface do. */
  readonly only?: PacketMatch;
  /** `checked`: a filter without memory, which asks about replies as about any packet. Absent: sessions pass. */
  readonly replies?: 'checked';
  readonly rules: readonly FilterRule[];
  readonly otherwise: FilterVerdict;
}

export interface FilterRule {
  readonly match: PacketMatch;
  readonly verdict: FilterVerdict;
  readonly by: string;
  /** `when-it-decides`: not told among those that lost, since no reader wrote it. Absent: always. */
  readonly told?: 'when-it-decides';
}

export type FilterVerdict =
  /** `mark`: a word that stays on the packet in this host, for its later rules to ask for. */
  | { readonly kind: 'accept'; readonly mark?: string }
  /** `why` completes the sentence that names the rule, where the rule does not say it all. */
  | { readonly kind: 'drop'; readonly disposition: Disposition; readonly why?: string }
  /**
   * `would`: the rule may match or not, and this is its verdict if it does. Then the next rules are asked,
   * and nobody knows what becomes of the packet only where they say otherwise.
   */
  | { readonly kind: 'undetermined'; readonly reason: string; readonly would?: CertainVerdict };

export type CertainVerdict = Exclude<FilterVerdict, { kind: 'undetermined' }>;

/**
 * Address translation, first match per hook, only for the first packet of a session; replies are
 * translated back by the session. `prerouting` also serves packets the host sends itself (`output`).
 */
export interface TranslationRule {
  readonly hook: 'prerouting' | 'postrouting';
  readonly match: PacketMatch;
  readonly action: TranslationAction;
  readonly by: string;
}

export type TranslationAction =
  /** Source becomes the address of the outgoing interface. */
  | { readonly kind: 'masquerade' }
  | { readonly kind: 'source'; readonly address: Address }
  /** One of the addresses, chosen by a hash of the flow. */
  | { readonly kind: 'source-pool'; readonly addresses: readonly Address[] }
  /**
   * One of the backends, chosen by a hash of the flow; no backend refuses the connection.
   * `masquerade` marks the packet, so that its source becomes the address of the interface it leaves
   * on, ahead of every postrouting rule (`KUBE-MARK-MASQ`): always, or only when the chosen backend is
   * the sender itself. With `affinity` the hash is of the sender's address alone, so that all its
   * connections get the same backend.
   */
  | {
      readonly kind: 'destination';
      readonly backends: readonly {
        readonly address: Address;
        readonly port: number | null;
        readonly by: string;
      }[];
      readonly masquerade?: { readonly when: 'always' | 'backend-is-source'; readonly by: string };
      readonly affinity?: 'client';
      /** A word that stays on the packet in this host, for its later rules to ask for. */
      readonly mark?: string;
    }
  | { readonly kind: 'undetermined'; readonly reason: string }
  /** No source port is left for what matches. `reason` is a sentence that names whose ports, and how many there are. */
  | { readonly kind: 'exhausted'; readonly reason: string }
  /** Leaves the packet as it is and ends the search in this hook. */
  | { readonly kind: 'none' };

export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Null listens on every address of the host. */
  readonly address: Address | null;
  readonly program: string;
  /** How it answers HTTP, for those who ask more than whether somebody listens. Absent: not known, or no HTTP. */
  readonly http?: HttpService;
  /** What it passes on to others, of a forward proxy. */
  readonly proxy?: ForwardProxy;
  /** That it is there at all is assumed. */
  readonly assumed?: true;
}
