import { commentKey, enterKey, tabKey, type Edit } from './editor-keys.ts';
import { useRef } from 'preact/hooks';
import type { WorkspaceModel } from './workspace-model.ts';

interface Props {
  readonly model: WorkspaceModel;
  readonly onRun: () => void;
  readonly onChecked: () => void;
}

/** The learner's script: what is typed here is `lab.sh` in the terminal. */
export function ScriptPanel({ model, onRun, onChecked }: Props) {
  const leaving = useRef(false);
  const { script } = model.progress.value.now;
  const busy = model.busy.value !== null;

  function run(): void {
    onRun();
    void model.runScript();
  }

  function onKeyDown(event: KeyboardEvent & { readonly currentTarget: HTMLTextAreaElement }): void {
    const area = event.currentTarget;
    const selection = { text: area.value, start: area.selectionStart, end: area.selectionEnd };
    const withControl = event.ctrlKey || event.metaKey;
    if (withControl && event.key === 'Enter') {
      event.preventDefault();
      if (!busy) run();
      return;
    }
    if (event.key === 'Tab' && leaving.current) {
      leaving.current = false;
      return;
    }
    if (event.key !== 'Shift') leaving.current = event.key === 'Escape';
    const edit = editOf(event, withControl, selection);
    if (edit === null) return;
    event.preventDefault();
    apply(area, edit);
    model.setScript(area.value);
  }

  return (
    <section class="panel script" aria-label="Script">
      <div class="editor">
        <textarea
          aria-label="Your script, lab.sh. Escape, then Tab leaves it."
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          wrap="off"
          value={script}
          onKeyDown={onKeyDown}
          onInput={(event) => {
            model.setScript(event.currentTarget.value);
          }}
        />
      </div>
      <footer class="script-bar">
        <button type="button" class="button" disabled={busy} onClick={run}>
          Run here
        </button>
        <button
          type="button"
          class="button button-primary"
          disabled={busy}
          onClick={() => {
            onRun();
            void model.checkScript().then(onChecked);
          }}
        >
          Run from the start and check
        </button>
        <a
          class="button"
          download="lab.sh"
          href={`data:text/x-shellscript;charset=utf-8,${encodeURIComponent(script)}`}
        >
          Save lab.sh
        </a>
      </footer>
    </section>
  );
}

function editOf(
  event: KeyboardEvent,
  withControl: boolean,
  selection: { readonly text: string; readonly start: number; readonly end: number },
): Edit | null {
  if (event.isComposing) return null;
  if (event.key === 'Enter' && !withControl && !event.altKey) return enterKey(selection);
  if (event.key === 'Tab' && !withControl && !event.altKey)
    return tabKey(selection, event.shiftKey ? 'out' : 'in');
  if (withControl && event.key === '/') return commentKey(selection);
  return null;
}

/** Through the browser's own editing where it can, so that its undo knows of it. */
function apply(area: HTMLTextAreaElement, edit: Edit): void {
  area.setSelectionRange(edit.from, edit.to);
  // Deprecated, and yet nothing else keeps the undo history of a text area.
  const done = document.execCommand('insertText', false, edit.insert);
  if (!done) area.setRangeText(edit.insert, edit.from, edit.to, 'end');
  area.setSelectionRange(edit.start, edit.end);
}
