import { useMemo } from 'preact/hooks';
import { entryNames } from '../../progress/entry-names.ts';
import { summaryOf, type Summary } from '../../progress/summary.ts';
import { courseInPage, linkTo } from './course-in-page.ts';
import { DataPanel } from './DataPanel.tsx';
import { ModuleList } from './ModuleList.tsx';
import { NextSteps } from './NextSteps.tsx';
import { StorageNotice } from './StorageNotice.tsx';
import { useProgress } from './use-progress.ts';
import { WeakPoints } from './WeakPoints.tsx';

/** The page of progress: what to do next, what is weak, what is done, and the data itself. */
export default function Dashboard() {
  const { course, base, outline } = useMemo(courseInPage, []);
  const nameOf = useMemo(() => entryNames(outline), [outline]);
  const opened = useProgress();
  const to = linkTo(base);
  if (opened.kind !== 'open') return <StorageNotice opened={opened} />;
  const summary = summaryOf(outline, opened.entries);
  return (
    <div class="progress" data-ready>
      <StorageNotice opened={opened} />
      <Figures summary={summary} />
      <NextSteps summary={summary} to={to} />
      <WeakPoints summary={summary} to={to} />
      <ModuleList summary={summary} to={to} />
      <DataPanel store={opened.store} entries={opened.entries} course={course} nameOf={nameOf} to={to} />
    </div>
  );
}

function Figures({ summary: { lessons, questions, labs, strays } }: { readonly summary: Summary }) {
  return (
    <>
      <dl class="figures">
        <Figure name="Lessons done" done={lessons.done} all={lessons.all} />
        <Figure
          name="Questions answered"
          done={questions.done}
          all={questions.all}
          more={questions.done === 0 ? null : `${questions.right} right at the last check`}
        />
        <Figure name="Labs done" done={labs.done} all={labs.all} />
      </dl>
      {strays > 0 && (
        <p class="note">
          The course has changed since: {strays === 1 ? 'one entry belongs' : `${strays} entries belong`} to
          lessons, questions or labs that it no longer has. What was done there is kept and exported, and not
          counted here.
        </p>
      )}
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly done: number;
  readonly all: number;
  readonly more?: string | null;
}

function Figure({ name, done, all, more = null }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="number">{done}</span> of {all}
        {/* The words say it; the bar is for the eye. */}
        <span class="bar" aria-hidden="true">
          <span style={{ inlineSize: `${all === 0 ? 0 : (100 * done) / all}%` }} />
        </span>
        {more !== null && <span class="more">{more}</span>}
      </dd>
    </div>
  );
}
