/** What the tracer's page and its worker say to each other. All of it survives cloning. */
import type { NamedRange } from '../address/range.ts';
import { PROXY_CLIENTS, type ProxyClient } from '../../model/proxy/clients.ts';
import type { Scene } from '../packet-path/scene.ts';
import type { PathView } from '../packet-path/view.ts';
import type { InputIssue } from '../../planner/input.ts';
import type { LeftOut } from '../../planner/import/left-out.ts';
import type { StateDiff } from '../../planner/packet-tracer-diff.ts';
import type { TracerEnd } from '../../planner/packet-tracer.ts';

/** Where a network comes from. */
export type Source =
  | { readonly kind: 'scenario'; readonly name: string }
  /** JSON that commands printed, or a saved state. */
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  /** Nothing yet: built by commands. */
  | { readonly kind: 'empty' };

/** All that was done to come to the state of the page, in order. A link and a reload do it again. */
export type Action =
  | { readonly kind: 'open'; readonly source: Source }
  | { readonly kind: 'run'; readonly script: string }
  /** Keeps the network as it is, to compare with what comes after. */
  | { readonly kind: 'keep' }
  | { readonly kind: 'forget' };

export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** As typed; empty for what the end says. */
  readonly port: string;
  /** Who asks for a URL; empty for who usually does there. */
  readonly client: Client | '';
}

export type Client = ProxyClient | 'none';

/** Returns the client that a text names; empty for any other text. */
export function clientOf(text: string): Client | '' {
  return CLIENTS.find((each) => each === text) ?? '';
}

export const CLIENTS = [...PROXY_CLIENTS, 'none'] as const;

/** The network after an action. */
export interface Loaded {
  readonly ends: readonly TracerEnd[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
  /** `3 VNets, 12 machines, 1 cluster with 30 pods`. */
  readonly summary: string;
  readonly milliseconds: number;
  /** What the scripts printed, the last one's; null where none ran. */
  readonly output: { readonly text: string; readonly exitCode: number } | null;
  readonly isKept: boolean;
}

export interface TracedView {
  readonly asked: string;
  readonly path: PathView;
  readonly scene: Scene;
  readonly remarks: readonly string[];
  /** Of every address in the texts above. */
  readonly ranges: Readonly<Record<string, NamedRange>>;
  readonly milliseconds: number;
}

export type Failed = { readonly kind: 'refused'; readonly issues: readonly InputIssue[] };

export interface Requests {
  readonly do: { readonly ask: Action; readonly reply: Loaded | Failed };
  readonly trace: {
    readonly ask: { readonly flow: Flow; readonly in: 'now' | 'kept' };
    readonly reply: TracedView | Failed;
  };
  readonly compare: {
    readonly ask: { readonly protocol: Flow['protocol']; readonly port: string; readonly ends: string };
    readonly reply: { readonly diff: StateDiff; readonly milliseconds: number } | Failed;
  };
  /** The exact state as a file. */
  readonly save: { readonly ask: null; readonly reply: string };
}

export type RequestKind = keyof Requests;

export type ToWorker =
  | {
      readonly [K in RequestKind]: {
        readonly kind: K;
        readonly id: number;
        readonly ask: Requests[K]['ask'];
      };
    }[RequestKind]
  | { readonly kind: 'interrupt' };

export type FromWorker =
  | { readonly kind: 'reply'; readonly id: number; readonly value: Requests[RequestKind]['reply'] }
  /** A bug of ours, with the text to report. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

export function isRefused(reply: object): reply is Failed {
  return 'kind' in reply && reply.kind === 'refused';
}
