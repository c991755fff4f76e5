import { useMemo } from 'preact/hooks';
import { entryNames } from '../../progress/entry-names.ts';
import { summaryOf, type Summary } from '../../progress/summary.ts';
import { courseInPage, linkTo } from './course-in-page.ts';
import { DataPanel } from './DataPanel.tsx';
import { IncidentList } from './IncidentList.tsx';
import { ModuleList } from './ModuleList.tsx';
import { LeftOver } from './LeftOver.tsx';
import { NextSteps } from './NextSteps.tsx';
import { ReviewPart } from './ReviewPart.tsx';
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
  const { entries } = opened;
  const summary = summaryOf(outline, entries);
  const now = Date.now();
  return (
    <div class="progress" data-ready>
      <StorageNotice opened={opened} />
      <Figures summary={summary} />
      <NextSteps summary={summary} now={now} to={to} />
      <WeakPoints summary={summary} to={to} />
      <ReviewPart summary={summary} now={now} to={to} />
      <ModuleList summary={summary} to={to} />
      <IncidentList entries={entries} to={to} />
      <LeftOver keys={summary.strays} entries={entries} />
      <DataPanel store={opened.store} entries={entries} course={course} nameOf={nameOf} to={to} />
      <Teaching to={to} />
    </div>
  );
}

function Teaching({ to }: { readonly to: (path: string) => string }) {
  return (
    <section aria-labelledby="teaching">
      <h2 id="teaching">Do you teach?</h2>
      <p>
        The <a href={to('trainer/')}>trainer’s page</a> reads the files that a class has exported, in your
        browser only, and shows who is stuck and where.
      </p>
    </section>
  );
}

function Figures({ summary: { lessons, questions, labs } }: { readonly summary: Summary }) {
  return (
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
