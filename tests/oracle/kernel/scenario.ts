import type { Network, Protocol } from '../../../src/model/network/network.ts';
import type { Disposition } from '../../../src/model/trace/disposition.ts';
import type { Flow } from '../../../src/model/trace/trace.ts';

/** A flow that the model and the kernel are both asked about. */
export interface Question {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  /** Null for icmp. */
  readonly port: number | null;
  /** What the author says must happen: a third opinion, so that two wrong witnesses cannot agree in silence. */
  readonly expect: Disposition;
}

/** A network, ready to be asked. */
export interface OpenVariation {
  readonly network: Network;
  /** Returns the flow that a question means; throws if one of its ends does not exist. */
  readonly flowOf: (question: Question) => Flow;
}

/** A scenario as it is, or with one thing changed. */
export interface Variation {
  readonly name: string;
  readonly questions: readonly Question[];
  readonly open: () => Promise<OpenVariation>;
}

export interface Scenario {
  readonly name: string;
  readonly variations: readonly Variation[];
}

export function tcp(from: string, to: string, expect: Disposition, port = 80): Question {
  return { from, to, protocol: 'tcp', port, expect };
}

export function udp(from: string, to: string, expect: Disposition, port = 80): Question {
  return { from, to, protocol: 'udp', port, expect };
}

export function icmp(from: string, to: string, expect: Disposition): Question {
  return { from, to, protocol: 'icmp', port: null, expect };
}

/** Returns the question in one line; also its key in recordings and in the ledger. */
export function questionText({ from, to, protocol, port }: Question): string {
  return `${protocol} ${from} to ${to}${port === null ? '' : ` port ${port}`}`;
}
