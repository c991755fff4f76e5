import { fullTitle } from '../../progress/outline.ts';
import type { LabSummary, LessonSummary, ModuleSummary, State, Summary } from '../../progress/summary.ts';

interface Props {
  readonly summary: Summary;
  readonly to: (path: string) => string;
}

/** Every module with its lessons and labs; those that were begun stand open. */
export function ModuleList({ summary, to }: Props) {
  return (
    <section aria-labelledby="modules">
      <h2 id="modules">What is done</h2>
      <div class="modules">
        {summary.modules.map((module) => (
          <details key={module.module.id} open={module.state === 'begun'}>
            <summary>
              <span class="name">{module.module.title}</span>
              <StateMark state={module.state} />
              <span class="more">{counts(module)}</span>
            </summary>
            <ul>
              {module.lessons.map((lesson) => (
                <LessonRow key={lesson.lesson.slug} summary={lesson} to={to} />
              ))}
              {module.labs.map((lab) => (
                <LabRow key={lab.lab.id} summary={lab} to={to} />
              ))}
            </ul>
          </details>
        ))}
      </div>
    </section>
  );
}

function counts({ lessons, labs }: ModuleSummary): string {
  const done = (items: readonly { readonly state: State }[]): number =>
    items.filter(({ state }) => state === 'done').length;
  const parts = [`${done(lessons)} of ${lessons.length} ${lessons.length === 1 ? 'lesson' : 'lessons'}`];
  if (labs.length > 0) parts.push(`${done(labs)} of ${labs.length} ${labs.length === 1 ? 'lab' : 'labs'}`);
  return parts.join(', ');
}

const MARKS: Readonly<Record<State, string>> = { new: 'Not begun', begun: 'Begun', done: 'Done' };

function StateMark({ state }: { readonly state: State }) {
  return (
    <span class="state" data-state={state}>
      {MARKS[state]}
    </span>
  );
}

function LessonRow({ summary, to }: { readonly summary: LessonSummary; readonly to: Props['to'] }) {
  const { lesson, state, read, questions, predicted } = summary;
  const answered = questions.filter(({ standing }) => standing !== 'open').length;
  const right = questions.filter(({ standing }) => standing === 'right').length;
  const facts = [
    ...(read === null ? [] : [`read to the end in ${minutes(read.seconds)}`]),
    ...(predicted === 0 ? [] : [`${predicted} of ${lesson.predictions.length} predictions`]),
    ...(answered === 0 ? [] : [`${answered} of ${questions.length} questions answered, ${right} right`]),
  ];
  return (
    <li>
      <a href={to(`${lesson.slug}/`)}>{fullTitle(lesson)}</a>
      <StateMark state={state} />
      <span class="more">{facts.length === 0 ? `${lesson.minutes} minutes` : facts.join('; ')}</span>
    </li>
  );
}

function LabRow({ summary, to }: { readonly summary: LabSummary; readonly to: Props['to'] }) {
  const { lab, state, passed } = summary;
  return (
    <li>
      <a href={to(`labs/${lab.id}/`)}>Lab: {lab.title}</a>
      <StateMark state={state} />
      <span class="more">
        {state === 'new' ? `${lab.minutes} minutes` : `${passed} of ${lab.tasks.length} tasks passed`}
      </span>
    </li>
  );
}

function minutes(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds / 60));
  return `${whole} ${whole === 1 ? 'minute' : 'minutes'}`;
}
