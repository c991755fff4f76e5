/** What is kept of an incident under `incident.SEED`: what was said and done, and how each attempt ended. Pure. */
import { isRecord, isTime } from './entry.ts';
import { labProgressOf, type LabProgress } from './lab-progress.ts';

export interface Hypothesis {
  /** As `src/lab/incident.ts` names it. */
  readonly end: string;
  readonly suspect: string;
  /** In percent. */
  readonly confidence: number;
  /** So many entries of the log stood before it. */
  readonly after: number;
}

export interface Finding {
  readonly right: number;
  readonly of: number;
  readonly after: number;
}

/** One line of a score. */
export interface ScoreLine {
  readonly what: string;
  readonly points: number;
  readonly of: number;
  readonly words: string;
}

export interface Outcome {
  readonly at: number;
  readonly minutes: number;
  readonly how: 'mended' | 'gave-up';
  readonly points: number;
  readonly of: number;
  /** What it was, in words. */
  readonly cause: string;
  readonly lines: readonly ScoreLine[];
}

/** Earlier outcomes that are kept; older ones give way. */
const MOST_OUTCOMES = 10;

export interface IncidentEntry {
  readonly version: 1;
  readonly lab: string;
  readonly variation: string;
  readonly module: string;
  readonly started: number;
  readonly hypotheses: readonly Hypothesis[];
  readonly findings: readonly Finding[];
  /** As a lab keeps it: what ran in the terminal. */
  readonly work: LabProgress | null;
  /** Null while it is open. */
  readonly outcome: Outcome | null;
  /** Of attempts before this one, oldest first. */
  readonly earlier: readonly Outcome[];
}

export function newIncident(
  { lab, variation, module }: Pick<IncidentEntry, 'lab' | 'variation' | 'module'>,
  started: number,
  before: IncidentEntry | null,
): IncidentEntry {
  const ended = before === null || before.outcome === null ? [] : [before.outcome];
  return {
    version: 1,
    lab,
    variation,
    module,
    started,
    hypotheses: [],
    findings: [],
    work: null,
    outcome: null,
    earlier: [...(before?.earlier ?? []), ...ended].slice(-MOST_OUTCOMES),
  };
}

/** Reads an entry; null where it is none. */
export function readIncident(value: unknown): IncidentEntry | null {
  if (!isRecord(value) || value['version'] !== 1) return null;
  const { lab, variation, module, started } = value;
  if (typeof lab !== 'string' || typeof variation !== 'string' || typeof module !== 'string') return null;
  if (!isTime(started)) return null;
  const hypotheses = listOf(value['hypotheses'], readHypothesis);
  const findings = listOf(value['findings'], readFinding);
  const earlier = listOf(value['earlier'], readOutcome);
  const outcome = value['outcome'] === null ? null : readOutcome(value['outcome']);
  const work = value['work'] === null ? null : labProgressOf(value['work'], lab);
  if (hypotheses === null || findings === null || earlier === null) return null;
  if (value['outcome'] !== null && outcome === null) return null;
  if (value['work'] !== null && work === null) return null;
  return {
    version: 1,
    lab,
    variation,
    module,
    started,
    hypotheses,
    findings,
    work,
    outcome,
    earlier: earlier.slice(-MOST_OUTCOMES),
  };
}

function listOf<T>(value: unknown, read: (item: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value) || value.length > 1000) return null;
  const items = value.map(read);
  const valid = items.filter((item) => item !== null);
  return valid.length === items.length ? valid : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function readHypothesis(value: unknown): Hypothesis | null {
  if (!isRecord(value)) return null;
  const { end, suspect, confidence, after } = value;
  if (typeof end !== 'string' || typeof suspect !== 'string') return null;
  return isCount(confidence) && confidence <= 100 && isCount(after)
    ? { end, suspect, confidence, after }
    : null;
}

function readFinding(value: unknown): Finding | null {
  if (!isRecord(value)) return null;
  const { right, of, after } = value;
  return isCount(right) && isCount(of) && right <= of && isCount(after) ? { right, of, after } : null;
}

function readOutcome(value: unknown): Outcome | null {
  if (!isRecord(value)) return null;
  const { at, minutes, how, points, of, cause } = value;
  const lines = listOf(value['lines'], readLine);
  if (!isTime(at) || !isCount(minutes) || !isCount(points) || !isCount(of)) return null;
  if ((how !== 'mended' && how !== 'gave-up') || typeof cause !== 'string' || lines === null) return null;
  return points <= of ? { at, minutes, how, points, of, cause, lines } : null;
}

function readLine(value: unknown): ScoreLine | null {
  if (!isRecord(value)) return null;
  const { what, points, of, words } = value;
  if (typeof what !== 'string' || typeof words !== 'string') return null;
  return isCount(points) && isCount(of) && points <= of ? { what, points, of, words } : null;
}

export interface DoneIncident {
  readonly seed: string;
  readonly last: Outcome;
  readonly attempts: number;
}

/** Every incident among entries that was brought to an end, the latest first. */
export function doneIncidents(
  entries: ReadonlyMap<string, { readonly value: unknown }>,
): readonly DoneIncident[] {
  const done: DoneIncident[] = [];
  for (const [key, { value }] of entries) {
    if (!key.startsWith('incident.')) continue;
    const incident = readIncident(value);
    const last = incident?.outcome ?? incident?.earlier.at(-1);
    if (incident === null || last === undefined || last === null) continue;
    const attempts = incident.earlier.length + (incident.outcome === null ? 0 : 1);
    done.push({ seed: key.slice('incident.'.length), last, attempts });
  }
  return done.sort((one, other) => other.last.at - one.last.at);
}
