import { useState } from 'preact/hooks';
import { LARGEST_BYTES } from '../../progress/progress-file.ts';
import {
  formatProgressFileProblem,
  progressFileText,
  type CourseStamp,
  type Entry,
  type ImportReport,
  type ProgressStore,
  type Undone,
} from '../../progress/store.ts';
import { dayOf } from './course-in-page.ts';
import { ImportResult } from './ImportResult.tsx';
import { NameField } from './NameField.tsx';
import { saveFile } from './save-file.ts';

interface Props {
  readonly store: ProgressStore;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly course: CourseStamp;
  readonly nameOf: (key: string) => string;
  readonly to: (path: string) => string;
}

type Outcome =
  | { readonly kind: 'imported'; readonly report: ImportReport }
  | { readonly kind: 'problem'; readonly text: string }
  | { readonly kind: 'said'; readonly text: string };

const UNDONE: Readonly<Record<Undone, string>> = {
  undone: 'Undone.',
  'nothing-to-undo': 'There is nothing to undo any more: another tab has done it.',
  refused:
    'The browser has no room to undo it; nothing was changed. Close other tabs of this site or free some room, and try again.',
};

/** What the browser keeps, as the learner's own: take it along, bring it in, empty it, and go back. */
export function DataPanel({ store, entries, course, nameOf, to }: Props) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [busy, setBusy] = useState(false);
  const { canUndo } = store;

  const exportAll = (): void => {
    const name = `aks-networking-progress-${dayOf(Date.now())}.json`;
    saveFile(name, 'application/json', progressFileText(store.exportFile(course)));
    setOutcome({ kind: 'said', text: `${counted(entries.size)} exported as ${name}.` });
  };
  /** One thing at a time; whatever goes wrong is said. */
  const during = async (work: () => Promise<Outcome>): Promise<void> => {
    setBusy(true);
    setOutcome(null);
    const ended = await work().catch((reason: unknown): Outcome => ({
      kind: 'problem',
      text: `It did not work, and nothing was changed (${String(reason).slice(0, 200)}). Reload the page and try again.`,
    }));
    setBusy(false);
    setOutcome(ended);
  };
  const importFile = async (file: File): Promise<Outcome> => {
    // Before it is read: nobody's export is that large, and reading it could stop the page.
    if (file.size > LARGEST_BYTES) {
      return {
        kind: 'problem',
        text: `${file.name} has more than ${LARGEST_BYTES / 1024 / 1024} MB, so it is no export of this course. Nothing was changed. Choose a file that this page exported.`,
      };
    }
    const result = await store.importFile(await file.text());
    return result.ok
      ? { kind: 'imported', report: result.value }
      : {
          kind: 'problem',
          text: `${file.name} was not imported, and nothing was changed. ${formatProgressFileProblem(result.error)}`,
        };
  };
  const undo = async (what: 'import' | 'reset'): Promise<Outcome> => {
    const ended = await (what === 'import' ? store.undoImport() : store.undoReset());
    return { kind: ended === 'refused' ? 'problem' : 'said', text: UNDONE[ended] };
  };
  const reset = async (): Promise<Outcome> => {
    const ended = await store.reset();
    return ended === 'refused'
      ? {
          kind: 'problem',
          text: 'The browser has no room to keep your work aside for undoing, so nothing was emptied. Free some room, or export first and clear this site’s data in the browser’s settings.',
        }
      : { kind: 'said', text: 'Everything is empty. Undo brings it back, until the next reset.' };
  };

  return (
    <section class="data" aria-labelledby="data">
      <h2 id="data">Your data</h2>
      <p>
        What you do is kept in this browser only, and sent nowhere. To take it to another browser, to give it
        to a trainer, or to be safe, export it as a file. An import adds to what is here: of each answer the
        later one wins, and nothing is removed.
      </p>
      <NameField store={store} entries={entries} />
      <div class="actions">
        <button type="button" class="button button-primary" onClick={exportAll} disabled={busy}>
          Export as a file
        </button>
        <label class="button file">
          <span>Import a file</span>
          <input
            type="file"
            accept=".json,application/json"
            disabled={busy}
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              // The same file may be chosen again.
              if (file !== undefined)
                void during(() => importFile(file)).then(() => (currentTarget.value = ''));
            }}
          />
        </label>
        {canUndo.import && (
          <button
            type="button"
            class="button"
            disabled={busy}
            onClick={() => void during(() => undo('import'))}
          >
            Undo the last import
          </button>
        )}
        {canUndo.reset && (
          <button
            type="button"
            class="button"
            disabled={busy}
            onClick={() => void during(() => undo('reset'))}
          >
            Undo the last reset
          </button>
        )}
        <a class="button" href={to('record/')}>
          Record of your work
        </a>
      </div>
      <div class="outcome" role="status">
        {busy && <p>Working.</p>}
        {outcome?.kind === 'said' && <p>{outcome.text}</p>}
        {outcome?.kind === 'problem' && <p class="warning">{outcome.text}</p>}
        {outcome?.kind === 'imported' && <ImportResult report={outcome.report} nameOf={nameOf} />}
      </div>
      <details class="reset">
        <summary>Empty everything</summary>
        <p>
          {entries.size === 0
            ? 'Nothing is kept yet, so there is nothing to empty.'
            : `This empties all ${counted(entries.size)}: answers, predictions, lessons read, and what you typed in labs. You can undo it here until the next time.`}
        </p>
        <button
          type="button"
          class="button"
          disabled={busy || entries.size === 0}
          onClick={() => void during(reset)}
        >
          Empty all of it
        </button>
      </details>
    </section>
  );
}

function counted(entries: number): string {
  return `${entries} ${entries === 1 ? 'entry' : 'entries'}`;
}
