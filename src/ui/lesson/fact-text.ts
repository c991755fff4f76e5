/** How a documented value and its source read in a sentence. */
export function factValue(value: unknown): string {
  if (typeof value === 'number') return value.toLocaleString('en');
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}$/.test(value) ? readableDate(value) : value;
  if (Array.isArray(value)) return value.map(factValue).join(', ');
  throw new Error(`A fact prints numbers, texts and lists of them, not ${JSON.stringify(value)}.`);
}

export interface Source {
  readonly title: string;
  readonly url: string | null;
}

/** A limit's source is a title and, behind a comma, the address of the page. */
export function readSource(source: string): Source {
  const found = /^(.*?)[,;:]?\s*\(?(https?:\/\/[^\s)]+)\)?\.?$/s.exec(source);
  return found === null
    ? { title: source, url: null }
    : { title: found[1]?.trim() ?? '', url: found[2] ?? null };
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** `2026-04-16` reads `16 April 2026`; anything else is an author's mistake and throws. */
export function readableDate(iso: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso) ?? [];
  const name = MONTHS[Number(month) - 1];
  if (year === undefined || day === undefined || name === undefined) {
    throw new Error(`"${iso}" is not a date like 2026-04-16.`);
  }
  return `${Number(day)} ${name} ${year}`;
}
