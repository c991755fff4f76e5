/** What a learner has done in one lab: what they typed and ran, so that a reload brings it all back. */

/** One thing that ran in the terminal. The session is deterministic: running them again restores it. */
export type LogEntry =
  | { readonly kind: 'line'; readonly text: string }
  /** The editor's script, as it was when it ran. */
  | { readonly kind: 'script'; readonly text: string }
  /** The editor's script, written to the simulated home folder without running it. */
  | { readonly kind: 'save'; readonly text: string };

export interface LabState {
  readonly seed: string;
  /** The text in the script editor. */
  readonly script: string;
  readonly log: readonly LogEntry[];
  /** Ids of the tasks that passed at the last check. */
  readonly passed: readonly string[];
}

export interface LabProgress {
  readonly version: 1;
  readonly lab: string;
  readonly now: LabState;
  /** What a reset put aside, until the next reset. */
  readonly before: LabState | null;
}

export function newLabProgress(lab: string, seed: string, template: string): LabProgress {
  return { version: 1, lab, now: { seed, script: template, log: [], passed: [] }, before: null };
}

/** Starts over with a seed. What was there can be taken back with `undoReset`. */
export function resetLab(progress: LabProgress, seed: string, template: string): LabProgress {
  const fresh = newLabProgress(progress.lab, seed, template);
  return { ...fresh, before: progress.now };
}

/** Swaps the state before the last reset with the present one, so that undoing can be undone too. */
export function undoReset(progress: LabProgress): LabProgress {
  return progress.before === null ? progress : { ...progress, now: progress.before, before: progress.now };
}

export function withState(progress: LabProgress, change: Partial<LabState>): LabProgress {
  return { ...progress, now: { ...progress.now, ...change } };
}

/** Adds an entry to the log. */
export function logged(progress: LabProgress, entry: LogEntry): LabProgress {
  return withState(progress, { log: [...progress.now.log, entry] });
}

/**
 * The progress of a lab as it was kept, by this version or an older one; null if it is none that can
 * be read: the caller keeps it aside and never overwrites it silently.
 */
export function labProgressOf(data: unknown, lab: string): LabProgress | null {
  if (!isRecord(data) || data['version'] !== 1 || data['lab'] !== lab) return null;
  const now = readState(data['now']);
  if (now === null) return null;
  return { version: 1, lab, now, before: readState(data['before']) };
}

function readState(data: unknown): LabState | null {
  if (!isRecord(data)) return null;
  const { seed, script, log, passed } = data;
  if (typeof seed !== 'string' || typeof script !== 'string') return null;
  if (!Array.isArray(log) || !Array.isArray(passed)) return null;
  const entries = log.map(readEntry);
  const valid = entries.filter((entry) => entry !== null);
  if (valid.length !== entries.length) return null;
  return { seed, script, log: valid, passed: passed.filter((id): id is string => typeof id === 'string') };
}

function readEntry(data: unknown): LogEntry | null {
  if (!isRecord(data) || typeof data['text'] !== 'string') return null;
  const { kind, text } = data;
  return kind === 'line' || kind === 'script' || kind === 'save' ? { kind, text } : null;
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/** Reports whether two states came about by the same commands in the same variation of the lab. */
export function isSameSession(one: LabState, other: LabState): boolean {
  return (
    one.seed === other.seed &&
    one.log.length === other.log.length &&
    one.log.every(({ kind, text }, i) => kind === other.log[i]?.kind && text === other.log[i].text)
  );
}
