/** What an import could not take over, in words, and what it may change. Nothing is dropped without one of these. */
import type { ArmKey } from '../../model/azure/resources.ts';

/**
 * `decides`: a flow through the object cannot be known without it. `may-matter`: it changes some flows, or
 * what is seen of them. `no-packets`: no packet of these networks is treated otherwise.
 */
export type Weight = 'decides' | 'may-matter' | 'no-packets';

export interface LeftOut {
  /** `missing` is a resource that others name and nobody pasted. */
  readonly kind: 'resource' | 'property' | 'missing' | 'text';
  /** Whose it is: `virtualNetworks/hub/subnets/apps`, `Pod default/web`, `text 2`. */
  readonly name: string;
  /** The property, the type of the resource, or what is wrong with the text. */
  readonly what: string;
  /** What it may change: a sentence. */
  readonly effect: string;
  readonly weight: Weight;
  /** The object that has it; null where that is none of the model's. */
  readonly on: ArmKey | null;
  /** Objects that it names, and so may touch. */
  readonly near: readonly ArmKey[];
  /** Addresses that are its own, as text. */
  readonly addresses: readonly string[];
  /** Only flows that leave the VNets, or come from outside them, are concerned. Absent: all. */
  readonly only?: 'internet';
}

/** How many of one kind are kept one by one: a paste of thousands is told by its count. */
const MOST = 2_000;

export class ImportLog {
  readonly #leftOut = new Map<string, LeftOut>();
  readonly #notes = new Set<string>();
  #more = 0;

  add(entry: Pick<LeftOut, 'kind' | 'name' | 'what' | 'effect' | 'weight'> & Partial<LeftOut>): void {
    const key = `${entry.kind} ${entry.name} ${entry.what}`;
    if (this.#leftOut.has(key)) return;
    if (this.#leftOut.size >= MOST) {
      this.#more++;
      return;
    }
    this.#leftOut.set(key, { on: null, near: [], addresses: [], ...entry });
  }

  /** An assumption that the answers rest on: a sentence. */
  note(text: string): void {
    this.#notes.add(text);
  }

  get leftOut(): readonly LeftOut[] {
    const rest: readonly LeftOut[] =
      this.#more === 0
        ? []
        : [
            {
              kind: 'text',
              name: `${this.#more} more`,
              what: 'left out',
              effect: 'Too many to name each: paste less at once.',
              weight: 'decides',
              on: null,
              near: [],
              addresses: [],
            },
          ];
    return [...this.#leftOut.values(), ...rest];
  }

  get notes(): readonly string[] {
    return [...this.#notes];
  }
}
