import { useEffect, useRef, useState } from 'preact/hooks';
import type { LabTerminal } from './terminal.ts';
import type { WorkspaceModel } from './workspace-model.ts';

interface Props {
  readonly model: WorkspaceModel;
  readonly shown: boolean;
  /** What the terminal says of itself at first. */
  readonly notice?: string;
  /** Whether one may be told how to do the same in a terminal of one's own. */
  readonly elsewhere?: 'told' | 'untold';
}

const NOTICE =
  'A simulated subscription: nothing here is real, nothing costs money. Also here: check, answer, calc.';

const KEYS: readonly { readonly label: string; readonly name: string; readonly data: string }[] = [
  { label: 'Tab', name: 'Tab: complete', data: '\t' },
  { label: '↑', name: 'Earlier line', data: '\x1b[A' },
  { label: '↓', name: 'Later line', data: '\x1b[B' },
  { label: '←', name: 'Left', data: '\x1b[D' },
  { label: '→', name: 'Right', data: '\x1b[C' },
  { label: 'Ctrl-C', name: 'Ctrl-C: stop', data: '\x03' },
];

/** The terminal. Its program and the simulation are fetched when the learner opens it, not before. */
export function TerminalPanel({ model, shown, notice = NOTICE, elsewhere = 'told' }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const terminal = useRef<LabTerminal | null>(null);
  const [state, setState] = useState<'closed' | 'opening' | 'open'>('closed');
  const { log } = model.progress.value.now;

  async function open(): Promise<void> {
    const element = host.current;
    if (element === null || terminal.current !== null) return;
    setState('opening');
    // The simulation starts while the terminal's program is on its way.
    void model.open(null);
    const { LabTerminal } = await import('./terminal.ts');
    const created = new LabTerminal(element, {
      run: (line) => model.runLine(line),
      complete: (line) => model.complete(line),
      interrupt: () => {
        model.interrupt();
      },
    });
    terminal.current = created;
    setState('open');
    created.notice(notice);
    await model.open(created);
    created.fit();
    created.focus();
  }

  useEffect(() => {
    if (shown) terminal.current?.fit();
  }, [shown]);
  useEffect(
    () => () => {
      terminal.current?.dispose();
    },
    [],
  );

  const problem = model.problem.value;
  return (
    <section class="panel terminal" aria-label="Terminal">
      {state !== 'open' && (
        <div class="closed">
          <p>
            <code>az</code>, <code>kubectl</code>, <code>netpath</code> and a bash with the usual tools, on a
            simulated subscription in this page.
          </p>
          <button
            type="button"
            class="button button-primary"
            disabled={!shown || state === 'opening'}
            onClick={() => void open()}
          >
            {state === 'opening'
              ? 'Opening'
              : log.length > 0
                ? 'Open the terminal and go on'
                : 'Open the terminal'}
          </button>
          {elsewhere === 'told' && (
            <p class="elsewhere">
              With your own editor and terminal: <code>npm run -s lab -- start {model.page.id}</code>
            </p>
          )}
        </div>
      )}
      {problem !== null && (
        <div class="failed" role="alert">
          <p>
            The simulation could not start. Your work is kept. Reload the page, or start over; please report
            this text:
          </p>
          <pre>{problem}</pre>
        </div>
      )}
      <div class="xterm-host" hidden={state === 'closed'} ref={host} />
      {state === 'open' && (
        <div class="keys" role="group" aria-label="Keys">
          {KEYS.map(({ label, name, data }) => (
            <button
              key={label}
              type="button"
              aria-label={name}
              onClick={() => {
                terminal.current?.press(data);
              }}
            >
              {label}
            </button>
          ))}
          <p class="leave">Escape, then Tab leaves the terminal.</p>
        </div>
      )}
    </section>
  );
}
