import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ENDS, SUSPECTS } from '../../../lab/incident.ts';
import { NetworkPanel } from '../../lab/NetworkPanel.tsx';
import { TaskItem } from '../../lab/TaskPanel.tsx';
import { TerminalPanel } from '../../lab/TerminalPanel.tsx';
import { NOT_KEPT } from '../../memory/page-memory.ts';
import { FindingForm } from './FindingForm.tsx';
import { HypothesisForm } from './HypothesisForm.tsx';
import type { IncidentModel } from './incident-model.ts';
import { Ticket } from './Ticket.tsx';

type Part = 'tasks' | 'terminal' | 'network';

const PARTS: readonly { readonly part: Part; readonly label: string }[] = [
  { part: 'tasks', label: 'Incident' },
  { part: 'terminal', label: 'Terminal' },
  { part: 'network', label: 'Network' },
];

/** The work: ticket, hypothesis, finding and repair at one side, terminal and network at the other. */
export function IncidentWork({ model }: { readonly model: IncidentModel }) {
  const [part, setPart] = useState<Part>('tasks');
  const root = useRef<HTMLDivElement>(null);
  const { work } = model;
  useEffect(() => {
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') void work.catchUp();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, [work]);
  useSignalEffect(() => {
    root.current?.toggleAttribute('aria-busy', work.busy.value !== null);
  });
  return (
    <div
      class="workspace incident not-content"
      data-part={part}
      data-work="terminal"
      data-ready="ready"
      ref={root}
    >
      <h1 class="title-elsewhere visually-hidden">Incident {model.seed}</h1>
      <nav class="parts" aria-label="Parts of the incident">
        {PARTS.map((each) => (
          <button
            key={each.part}
            type="button"
            data-for={each.part}
            aria-pressed={part === each.part}
            onClick={() => setPart(each.part)}
          >
            {each.label}
          </button>
        ))}
      </nav>
      <IncidentPanel model={model} />
      <TerminalPanel
        model={work}
        shown
        elsewhere="untold"
        notice="A simulated subscription: nothing here is real, nothing costs money. What you run is your path to the diagnosis."
      />
      <NetworkPanel model={work} />
    </div>
  );
}

function IncidentPanel({ model }: { readonly model: IncidentModel }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { work, page } = model;
  const { page: lab } = page;
  const briefing = model.briefing.value;
  const { hypotheses, findings } = model.entry.value;
  const last = hypotheses.at(-1);
  const report = work.report.value;
  const busy = work.busy.value;
  const passed = new Set(work.progress.value.now.passed);
  const isMended = model.isMended();
  return (
    <section class="panel tasks" aria-labelledby="incident-title">
      <div class="scroll">
        <header>
          <p class="trail">Incident</p>
          <h1 id="incident-title" ref={heading} tabIndex={-1}>
            <code>{model.seed}</code>
          </h1>
        </header>
        {briefing !== null && <Ticket briefing={briefing} heading="h2" />}
        <h2>The place</h2>
        <div class="brief" dangerouslySetInnerHTML={{ __html: lab.brief }} />
        <h2>Your hypothesis</h2>
        {last !== undefined && (
          <p>
            {capital(SUSPECTS[last.suspect as keyof typeof SUSPECTS] ?? last.suspect)};{' '}
            <code>{last.end}</code>
            {last.end in ENDS && `: ${ENDS[last.end as keyof typeof ENDS]}`} You are {last.confidence} % sure
            {hypotheses.length > 1 && `; it is your hypothesis number ${hypotheses.length}`}.
          </p>
        )}
        {briefing !== null && (
          <details class="goals">
            <summary>Change it</summary>
            <HypothesisForm
              key={hypotheses.length}
              briefing={briefing}
              before={last ?? null}
              busy={busy !== null}
              onCommit={(hypothesis) => void model.commit(hypothesis)}
            />
          </details>
        )}
        <h2>Your finding</h2>
        <FindingForm model={model} />
        <h2>The repair</h2>
        <p>Mend it in the terminal. These checks prove it; they look at what is in the network now.</p>
        <ol class="task-list">
          {lab.tasks.map((task, index) => (
            <TaskItem
              key={task.id}
              model={work}
              task={task}
              number={index + 1}
              result={report?.tasks.find(({ id }) => id === task.id) ?? null}
              earlier={passed.has(task.id) ? 'passed' : 'open'}
            />
          ))}
        </ol>
        <details class="goals">
          <summary>Give up</summary>
          <p>It ends here: you see what it was, and how one finds it. What you did until now is scored.</p>
          <button
            type="button"
            class="button"
            disabled={busy !== null}
            onClick={() => void model.finish('gave-up')}
          >
            End it and show me
          </button>
        </details>
      </div>
      <footer class="check-bar">
        <button type="button" class="button" disabled={busy !== null} onClick={() => void work.check()}>
          Check the repair
        </button>
        <button
          type="button"
          class="button button-primary"
          disabled={busy !== null || !isMended || findings.length === 0}
          onClick={() => void model.finish('mended')}
        >
          Close the incident
        </button>
        <p role="status" class="status">
          {busy !== null ? <span class="busy">{busy}</span> : standing(model, isMended)}
        </p>
      </footer>
    </section>
  );
}

function standing(model: IncidentModel, isMended: boolean): string {
  const { tasks } = model.page.page;
  const passed = model.work.progress.value.now.passed;
  const count = tasks.filter(({ id }) => passed.includes(id)).length;
  const said = model.entry.value.findings.length > 0;
  const notKept = model.kept.value === 'memory' ? ` ${NOT_KEPT}` : '';
  if (model.work.report.value === null && count === 0) return `Nothing is checked yet.${notKept}`;
  if (isMended) return `${said ? 'Mended.' : 'Mended; submit a finding, too.'}${notKept}`;
  return `${count} of ${tasks.length} parts of the repair are proved.${notKept}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
