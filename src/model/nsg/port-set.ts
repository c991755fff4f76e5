/** Sets of ports, 0 to 65535. */

export interface PortRange {
  readonly from: number;
  /** Included. */
  readonly to: number;
}

/** In order, with a gap after each range: one set has one list. */
export type PortSet = readonly PortRange[];

const LAST_PORT = 65_535;

export const everyPort: PortSet = [{ from: 0, to: LAST_PORT }];

/** Returns the set of all ports in any of the ranges, which may overlap; a range that ends before it starts is empty. */
export function portSet(ranges: readonly PortRange[]): PortSet {
  const merged: PortRange[] = [];
  for (const range of ranges.filter(({ from, to }) => from <= to).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}

/** Reads ARM's `80`, `1-1024` or `*`; null where the text is none of them or beyond 65535. */
export function parsePortRange(text: string): PortRange | null {
  if (text === '*') return { from: 0, to: LAST_PORT };
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return null;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from <= to && to <= LAST_PORT ? { from, to } : null;
}

export function portsContain(set: PortSet, port: number): boolean {
  return set.some(({ from, to }) => from <= port && port <= to);
}

export function portsIntersect(a: PortSet, b: PortSet): PortSet {
  if (a === everyPort) return b;
  if (b === everyPort) return a;
  const common: PortRange[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const one = a[i];
    const other = b[j];
    if (one === undefined || other === undefined) return common;
    const from = Math.max(one.from, other.from);
    const to = Math.min(one.to, other.to);
    if (from <= to) common.push({ from, to });
    if (one.to < other.to) i++;
    else j++;
  }
}

/** Returns the ports of `a` that are not in `b`. */
export function portsSubtract(a: PortSet, b: PortSet): PortSet {
  const gaps: PortRange[] = [];
  let next = 0;
  for (const { from, to } of b) {
    if (from > next) gaps.push({ from: next, to: from - 1 });
    next = to + 1;
  }
  if (next <= LAST_PORT) gaps.push({ from: next, to: LAST_PORT });
  return portsIntersect(a, gaps);
}

export function portsAreAll(set: PortSet): boolean {
  const [only] = set;
  return only !== undefined && only.from === 0 && only.to === LAST_PORT;
}

export function portCount(set: PortSet): number {
  return set.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

export function samePorts(a: PortSet, b: PortSet): boolean {
  return (
    a.length === b.length &&
    a.every(({ from, to }, at) => {
      const other = b[at];
      return other?.from === from && other.to === to;
    })
  );
}

/** As ARM writes it: `80`, `1-1024`; `*` for all. */
export function portTexts(set: PortSet): readonly string[] {
  if (portsAreAll(set)) return ['*'];
  return set.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`));
}
