import { useState } from 'preact/hooks';
import { fullTitle, questionAnchor } from '../../progress/outline.ts';
import type { QuestionSummary } from '../../progress/question-summary.ts';
import { answeredIn, weakModules, type Summary } from '../../progress/summary.ts';

interface Props {
  readonly summary: Summary;
  readonly to: (path: string) => string;
}

/** So many questions stand there at first. */
const FIRST = 8;

export function WeakPoints({ summary, to }: Props) {
  const [shown, setShown] = useState<'first' | 'all'>('first');
  const { weak, questions } = summary;
  const modules = weakModules(summary);
  const visible = shown === 'all' ? weak : weak.slice(0, FIRST);
  return (
    <section aria-labelledby="weak">
      <h2 id="weak">What is weak</h2>
      {weak.length === 0 ? (
        <p>
          {questions.done === 0
            ? 'Nothing to say yet: answer the questions at the end of a lesson, and those that go wrong stand here.'
            : 'Nothing: no question was wrong at its last check.'}
        </p>
      ) : (
        <>
          <ul class="weak-modules">
            {modules.map((module) => (
              <li key={module.module.id}>
                <strong>{module.module.title}</strong>{' '}
                <span class="more">
                  {module.weak.length} of {answeredIn(module)} answered questions
                </span>
              </li>
            ))}
          </ul>
          <ol class="weak">
            {visible.map((each) => (
              <WeakQuestion key={each.question.id} summary={each} to={to} />
            ))}
          </ol>
          {weak.length > FIRST && (
            <button
              type="button"
              class="button"
              aria-expanded={shown === 'all'}
              onClick={() => setShown(shown === 'all' ? 'first' : 'all')}
            >
              {shown === 'all' ? `Show only ${FIRST}` : `Show all ${weak.length}`}
            </button>
          )}
        </>
      )}
    </section>
  );
}

function WeakQuestion({ summary, to }: { readonly summary: QuestionSummary; readonly to: Props['to'] }) {
  const { question, lesson, weakness, wrongs, checks, last, lastInLesson } = summary;
  const where = last === lastInLesson ? '' : ', in a review';
  return (
    <li>
      <a href={to(`${lesson.slug}/#${questionAnchor(question.id)}`)}>{question.prompt}</a>
      <span class="more">
        {fullTitle(lesson)}.{' '}
        {weakness === 'wrong'
          ? `Wrong at the last check${where}`
          : `Right at last${where}, wrong just before`}
        {checks > 1 && `; wrong ${wrongs} of ${checks} times`}.
      </span>
    </li>
  );
}
