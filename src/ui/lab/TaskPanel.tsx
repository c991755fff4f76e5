import type { TaskResult } from '../../lab/lab.ts';
import type { TaskPage } from './lab-page.ts';
import { Question } from './Question.tsx';
import type { WorkspaceModel } from './workspace-model.ts';

interface Props {
  readonly model: WorkspaceModel;
  /** The terminal should come to the front on a small screen. */
  readonly onWork: () => void;
}

const HINTS = ['Hint: the idea', 'Where to look', 'A worked step'] as const;

export function TaskPanel({ model, onWork }: Props) {
  const { page } = model;
  const report = model.report.value;
  const { now, before } = model.progress.value;
  const passed = new Set(now.passed);
  const busy = model.busy.value;
  return (
    <section class="panel tasks" aria-labelledby="lab-title">
      <div class="scroll">
        <header>
          <p class="trail">
            <a href="../">Labs</a> / about {page.minutes} minutes
            {page.seeds.length > 1 && <span>, variation {now.seed}</span>}
          </p>
          <h1 id="lab-title">{page.title}</h1>
        </header>
        <div class="brief" dangerouslySetInnerHTML={{ __html: page.brief }} />
        <details class="goals">
          <summary>What you will practise</summary>
          <ul>
            {page.objectives.map((objective) => (
              <li key={objective} dangerouslySetInnerHTML={{ __html: objective }} />
            ))}
          </ul>
        </details>
        <ol class="task-list">
          {page.tasks.map((task, index) => (
            <TaskItem
              key={task.id}
              model={model}
              task={task}
              number={index + 1}
              result={report?.tasks.find(({ id }) => id === task.id) ?? null}
              earlier={passed.has(task.id) ? 'passed' : 'open'}
            />
          ))}
        </ol>
        {page.solutions.length > 0 && (
          <details class="solutions">
            <summary>Reference solutions</summary>
            <p>Any way that passes the checks is right. These are ours.</p>
            {page.solutions.map(({ name, text }) => (
              <details key={name}>
                <summary>{name}</summary>
                <pre tabIndex={0}>{text}</pre>
              </details>
            ))}
          </details>
        )}
        <div class="again">
          <button type="button" class="button" disabled={busy !== null} onClick={() => void model.reset()}>
            Start over
          </button>
          {page.seeds.length > 1 && (
            <button
              type="button"
              class="button"
              disabled={busy !== null}
              onClick={() => void model.nextVariation()}
            >
              Another variation
            </button>
          )}
          {before !== null && (
            <button
              type="button"
              class="button"
              disabled={busy !== null}
              onClick={() => void model.undoReset()}
            >
              Take back
            </button>
          )}
        </div>
      </div>
      <footer class="check-bar">
        <button
          type="button"
          class="button button-primary"
          disabled={busy !== null}
          onClick={() => {
            void model.check();
          }}
        >
          Check
        </button>
        <p role="status" class="status">
          <Status model={model} />
        </p>
        <button type="button" class="button only-narrow" onClick={onWork}>
          Terminal
        </button>
      </footer>
    </section>
  );
}

function Status({ model }: { readonly model: WorkspaceModel }) {
  const { tasks } = model.page;
  const notice = model.notice.value;
  const report = model.report.value;
  if (model.problem.value !== null) return <span>The simulation could not start; see the terminal.</span>;
  if (report !== null && report.bugs.length > 0) {
    return <span>A simulated command broke, which is our fault: {report.bugs[0]?.split('\n')[0]}</span>;
  }
  if (model.busy.value !== null) return <span class="busy">{model.busy.value}</span>;
  if (notice !== null && report === null) {
    return (
      <span>
        {notice.text}{' '}
        {notice.action === 'undo' && model.progress.value.before !== null && (
          <button type="button" class="inline" onClick={() => void model.undoReset()}>
            Undo
          </button>
        )}
      </span>
    );
  }
  const passed = model.progress.value.now.passed.length;
  const text =
    passed === tasks.length
      ? `All ${tasks.length} tasks passed.`
      : `${passed} of ${tasks.length} tasks passed.`;
  const kept = model.kept.value;
  return (
    <span>
      {report === null && passed === 0 ? 'Checks what is in the terminal’s network now.' : text}
      {kept === 'memory' && (
        <strong> This browser keeps nothing when you close the tab: copy your script before.</strong>
      )}
    </span>
  );
}

interface TaskItemProps {
  readonly model: WorkspaceModel;
  readonly task: TaskPage;
  readonly number: number;
  readonly result: TaskResult | null;
  readonly earlier: 'passed' | 'open';
}

/** A task with what its checks say. */
export function TaskItem({ model, task, number, result, earlier }: TaskItemProps) {
  const state = result === null ? earlier : result.passed ? 'passed' : 'failed';
  const words = { passed: 'passed', failed: 'not yet', open: '' }[state];
  return (
    <li class="task" data-state={state}>
      <h2>
        <span class="number" aria-hidden="true">
          {number}
        </span>
        {task.title}
        {words !== '' && <span class="state">{words}</span>}
      </h2>
      <div dangerouslySetInnerHTML={{ __html: task.html }} />
      {task.questions.map(({ key, check, html }) => (
        <Question
          key={key}
          model={model}
          name={key}
          html={html}
          result={result?.checks.find(({ id }) => id === check) ?? null}
        />
      ))}
      <Results task={task} result={result} />
      {task.hints !== null && <Hint level={0} hints={task.hints} />}
    </li>
  );
}

/** A hint holds the next one, so that the worked step is two decisions away, and nobody counts. */
function Hint({
  level,
  hints,
}: {
  readonly level: 0 | 1 | 2;
  readonly hints: NonNullable<TaskPage['hints']>;
}) {
  return (
    <details class="hint">
      <summary>{HINTS[level]}</summary>
      <div dangerouslySetInnerHTML={{ __html: hints[level] }} />
      {level === 0 && <Hint level={1} hints={hints} />}
      {level === 1 && <Hint level={2} hints={hints} />}
    </details>
  );
}

function Results({ task, result }: { readonly task: TaskPage; readonly result: TaskResult | null }) {
  if (result === null) {
    return (
      <details class="results">
        <summary>What is checked</summary>
        <ul>
          {task.checks.map(({ id, html }) => (
            <li key={id} dangerouslySetInnerHTML={{ __html: html }} />
          ))}
        </ul>
      </details>
    );
  }
  const failed = result.checks.filter((check) => !check.passed).length;
  return (
    <details class="results" open={failed > 0}>
      <summary>
        {failed === 0
          ? `All ${result.checks.length} checks passed`
          : `${failed} of ${result.checks.length} checks failed`}
      </summary>
      <ul>
        {result.checks.map((check) => (
          <li key={check.id} data-state={check.passed ? 'passed' : 'failed'}>
            <span class="verdict">{check.passed ? 'pass' : 'fail'}</span>
            <span
              dangerouslySetInnerHTML={{ __html: task.checks.find(({ id }) => id === check.id)?.html ?? '' }}
            />
            {!check.passed && check.detail.length > 0 && (
              <ul class="detail">
                {check.detail.map((line, at) => (
                  <li key={at}>{line}</li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
