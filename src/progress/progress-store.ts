/** All entries together: reset, export, import, and taking it back. */
import type { Result } from '../model/result.ts';
import { isKey, isLive, type Entry, type Stamped } from './entry.ts';
import { EntryStore } from './entry-store.ts';
import type { CanUndo, Ports } from './ports.ts';
import { mergedFile, progressFileOf, type ImportReport } from './merge-file.ts';
import {
  readProgressFile,
  type CourseStamp,
  type ProgressFile,
  type ProgressFileProblem,
} from './progress-file.ts';
import {
  IMPORT,
  RESET,
  RESET_STAMP,
  resetRecords,
  storedImport,
  undoneImport,
  undoneReset,
} from './snapshot.ts';
import { dropTexts } from './text-copies.ts';
import { raiseFloor } from './texts.ts';
import type { Decision, KeptIn } from './vault.ts';

export type Undone = 'undone' | 'nothing-to-undo' | 'refused';

export class ProgressStore extends EntryStore {
  /** Rejects if the vault cannot be read. */
  static async open(ports: Ports): Promise<ProgressStore> {
    const store = new ProgressStore(ports);
    await store.begin();
    return store;
  }

  /** Empties everything and keeps it aside until the next reset. `refused`: no room for that; nothing changed. */
  reset(): Promise<KeptIn | 'refused'> {
    return this.inTurn(async () => {
      const { vault, texts, now } = this.ports;
      if (!(await this.#caughtUp())) return 'refused';
      const stamp = await this.change('all', (found) => {
        const { there, stamp } = this.together(found);
        const entries = new Map<string, Entry>();
        for (const [key, record] of there) {
          if (isLive(record)) entries.set(key, { at: record.at, value: record.value });
        }
        // Nothing to empty is no reason to let go of what the last reset emptied.
        if (entries.size === 0) return { put: new Map(), drop: [], result: 0 };
        // Before the reset counts: a lesson that writes the moment after must come after it.
        if (texts !== null) raiseFloor(texts, stamp);
        return {
          put: new Map<string, unknown>(resetRecords({ stamp, at: now(), entries })),
          drop: [...found.keys()].filter((key) => isKey(key) || key === IMPORT),
          result: stamp,
        };
      });
      if (stamp === null) return 'refused';
      if (stamp === 0) return vault.name;
      this.unsaved.clear();
      if (texts !== null) dropTexts(texts, stamp, (key) => this.waiting.has(key));
      this.forget(stamp, 'this-tab');
      this.undoable({ reset: true, import: false }, { reset: stamp });
      return vault.name;
    });
  }

  /** Brings back what the last reset emptied; what was done since stays beside it. */
  async undoReset(): Promise<Undone> {
    return this.#undo('reset', (found) => {
      const { there, stamp } = this.together(found);
      return undoneReset(found.get(RESET), there, stamp);
    });
  }

  /** Merges a file into what is there: per entry the newest wins, histories of quizzes are united. */
  async importFile(text: string): Promise<Result<ImportReport, ProgressFileProblem>> {
    const file = readProgressFile(text);
    if (!file.ok) return file;
    return this.inTurn(async () => {
      const caughtUp = await this.#caughtUp();
      const at = this.ports.now();
      const keys = [...Object.keys(file.value.entries), RESET_STAMP];
      const done = !caughtUp
        ? null
        : await this.change(keys, (found) => {
            const { there, stamp } = this.together(found);
            const { changed, before, report } = mergedFile(file.value, there, at);
            const written = new Map<string, Stamped>();
            for (const [key, entry] of changed) written.set(key, { stamp, ...entry });
            const aside = new Map([[IMPORT, storedImport({ stamp, at, before })]]);
            return {
              put: new Map([...(written.size > 0 ? aside : []), ...written]),
              drop: [],
              result: { written, report },
            };
          });
      if (done === null) {
        const what = 'This browser has no room left for what is in the file; nothing was imported.';
        const todo = 'Free some space on this device, or import it in another browser.';
        return { ok: false, error: { kind: 'no-room', what, where: null, todo } };
      }
      if (done.written.size > 0) this.publish(done.written, { ...this.undoables, import: true });
      return { ok: true, value: done.report };
    });
  }

  /** Takes back what the last import changed, except where something was done since. */
  async undoImport(): Promise<Undone> {
    return this.#undo('import', (found) => {
      const { there, stamp } = this.together(found);
      return undoneImport(found.get(IMPORT), there, stamp);
    });
  }

  exportFile(course: CourseStamp): ProgressFile {
    this.takeTexts();
    return progressFileOf(this.entries(), course, this.ports.now());
  }

  /** What concerns everything begins with knowing everything. */
  #caughtUp(): Promise<boolean> {
    return this.read().then(
      () => true,
      () => false,
    );
  }

  #undo(
    what: keyof CanUndo,
    decide: (found: ReadonlyMap<string, unknown>) => Decision<ReadonlyMap<string, Stamped> | null>,
  ): Promise<Undone> {
    return this.inTurn(async () => {
      if (!(await this.#caughtUp())) return 'refused';
      const done = await this.change('all', (found) => {
        const decision = decide(found);
        return { ...decision, result: { written: decision.result } };
      });
      if (done === null) return 'refused';
      this.publish(done.written ?? new Map(), { ...this.undoables, [what]: false });
      return done.written === null ? 'nothing-to-undo' : 'undone';
    });
  }
}
