/** The obviously right longest-prefix match: compare binary digits with every entry. */
export interface SlowEntry {
  /** `10.0.0.0/8` */
  readonly prefix: string;
  readonly value: number;
}

/** Returns the values of all entries that match, the longest prefix first, the later of two equal ones only. */
export function slowLookupAll(entries: readonly SlowEntry[], address: string): number[] {
  const digits = binary(address);
  const matches = new Map<number, number>();
  for (const { prefix, value } of entries) {
    const [start = '', length = ''] = prefix.split('/');
    if (binary(start).slice(0, Number(length)) === digits.slice(0, Number(length))) {
      matches.set(Number(length), value);
    }
  }
  return [...matches].sort(([a], [b]) => b - a).map(([, value]) => value);
}

function binary(address: string): string {
  return address
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
}
