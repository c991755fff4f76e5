/** Response times of a run: the round trip of the path, with a spread that is the same each time. */

/** At most so many are worked out; the others are like them. */
const MOST = 100_000;

export interface Latencies {
  /** Seconds, lowest first; a sample if there were very many. */
  readonly sorted: Float64Array;
  /** How many there were. */
  readonly count: number;
}

/** A few answers are late, most are not: share `u` of them (0 to 1) takes at most so many times the shortest. */
function spread(u: number): number {
  return 1 + 0.08 * u + 0.35 * u ** 12;
}

/** Returns the times of `count` requests of which `dialled` had to wait for the handshake as well. */
export function latencies(count: number, dialled: number, request: number, handshake: number): Latencies {
  const size = Math.min(count, MOST);
  const first = count === 0 ? 0 : Math.round((dialled / count) * size);
  const sorted = new Float64Array(size);
  for (let at = 0; at < size; at++) {
    const [index, total, base] =
      at < first ? [at, first, request + handshake] : [at - first, size - first, request];
    sorted[at] = base * spread(total < 2 ? 0 : index / (total - 1));
  }
  sorted.sort();
  return { sorted, count };
}

export function meanOf({ sorted }: Latencies): number {
  return sorted.length === 0 ? Number.NaN : sorted.reduce((sum, each) => sum + each, 0) / sorted.length;
}
