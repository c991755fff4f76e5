import type { Answer } from '../../../src/model/compile/ask.ts';
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
  /**
   * Of a URL that a proxy relays, which of its connections is meant, from 1: the kernel knows connections, and no
   * proxy. There is no question about the whole of it.
   */
  readonly connection?: number;
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

/** Returns a question about each connection of a URL that proxies relay, with the ends of each. */
export function relayed(from: string, url: string, ...expects: readonly Disposition[]): readonly Question[] {
  return expects.map((expect, i) => ({
    from,
    to: url,
    protocol: 'tcp',
    port: null,
    expect,
    connection: i + 1,
  }));
}

/** Returns the flow that a question means: of a relayed one that of its connection. Throws if it does not say which. */
export function flowOfAnswer({ trace }: Pick<Answer, 'trace'>, question: Question): Flow {
  const { connection } = question;
  const legs = trace.relayed?.legs;
  if ((legs === undefined) !== (connection === undefined)) {
    throw new Error(
      `${questionText(question)} is ${legs === undefined ? 'not relayed' : `made of ${legs.length} connections: ask for each`}`,
    );
  }
  if (connection === undefined) return trace.flow;
  const leg = legs?.[connection - 1];
  if (leg === undefined) throw new Error(`${questionText(question)}: there is no such connection`);
  return leg.flow;
}

/** Returns the question in one line; also its key in recordings and in the ledger. */
export function questionText({ from, to, protocol, port, connection }: Question): string {
  const which = connection === undefined ? '' : ` connection ${connection}`;
  return `${protocol} ${from} to ${to}${port === null ? '' : ` port ${port}`}${which}`;
}
