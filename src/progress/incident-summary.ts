/** What is kept of incidents, as far as a summary counts it. Pure. */
import { isRecord, type Entry } from './entry.ts';

export interface IncidentSummary {
  /** What picks the broken network: whoever types it gets the same one. */
  readonly seed: string;
  /** When it was last worked on. */
  readonly at: number;
  /** Null until it was scored. */
  readonly score: Score | null;
}

export interface Score {
  readonly points: number;
  readonly of: number;
}

/** The incidents among entries, the last one first. Of several attempts at one the last that ended counts. */
export function incidentsIn(entries: ReadonlyMap<string, Entry>): readonly IncidentSummary[] {
  return [...entries]
    .flatMap(([key, { at, value }]): IncidentSummary[] =>
      key.startsWith('incident.') && isRecord(value)
        ? [{ seed: key.slice('incident.'.length), at, score: lastScore(value) }]
        : [],
    )
    .sort((a, b) => b.at - a.at || (a.seed < b.seed ? -1 : 1));
}

function lastScore({ outcome, earlier }: Readonly<Record<string, unknown>>): Score | null {
  const before: readonly unknown[] = Array.isArray(earlier) ? earlier : [];
  return scoreOf(outcome) ?? scoreOf(before.at(-1));
}

function scoreOf(outcome: unknown): Score | null {
  if (!isRecord(outcome)) return null;
  const { points, of } = outcome;
  if (typeof points !== 'number' || typeof of !== 'number') return null;
  return points >= 0 && points <= of ? { points, of } : null;
}
