import { fullTitle } from '../../progress/outline.ts';
import { SPACING_DAYS } from '../../progress/spacing.ts';
import type { Summary } from '../../progress/summary.ts';
import { suggestionsOf, type Suggestion } from '../../progress/what-next.ts';

/** So many lessons of one module are named. */
const WEAK_LESSONS = 3;

interface Props {
  readonly summary: Summary;
  readonly now: number;
  readonly to: (path: string) => string;
}

export function NextSteps({ summary, now, to }: Props) {
  const suggestions = suggestionsOf(summary, now);
  return (
    <section aria-labelledby="next">
      <h2 id="next">What to do next</h2>
      {suggestions.length === 0 ? (
        <p>
          You have done every lesson and every lab, nothing is weak, and nothing is due for review.{' '}
          <a href={to('record/')}>Get the record of your work.</a>
        </p>
      ) : (
        <ol class="steps">
          {suggestions.map((suggestion) => (
            <li key={suggestion.kind + ('why' in suggestion ? suggestion.why : '')}>
              <Step suggestion={suggestion} isFresh={summary.last === null} to={to} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

interface StepProps {
  readonly suggestion: Suggestion;
  readonly isFresh: boolean;
  readonly to: (path: string) => string;
}

function Step({ suggestion, isFresh, to }: StepProps) {
  switch (suggestion.kind) {
    case 'lesson': {
      const { lesson, questions, read } = suggestion.lesson;
      const open = questions.filter(({ standing }) => standing === 'open').length;
      const rest = `${open} of ${questions.length} questions are open`;
      const begun = read === null ? rest : `read to the end; ${rest}`;
      return (
        <>
          <span class="verb">
            {suggestion.why === 'begun' ? 'Go on with' : isFresh ? 'Begin with' : 'Then'}
          </span>{' '}
          <a href={to(`${lesson.slug}/${suggestion.why === 'begun' && read !== null ? '#quiz' : ''}`)}>
            {fullTitle(lesson)}
          </a>{' '}
          <span class="more">
            {suggestion.why === 'begun' && questions.length > 0 ? begun : `lesson, ${lesson.minutes} minutes`}
          </span>
        </>
      );
    }
    case 'lab': {
      const { lab, passed } = suggestion.lab;
      return (
        <>
          <span class="verb">{suggestion.why === 'begun' ? 'Go on with' : 'Then'}</span>{' '}
          <a href={to(`labs/${lab.id}/`)}>{lab.title}</a>{' '}
          <span class="more">
            lab of {suggestion.module.module.title},{' '}
            {passed > 0 ? `${passed} of ${lab.tasks.length} tasks passed` : `${lab.minutes} minutes`}
          </span>
        </>
      );
    }
    case 'weak': {
      const { module, weak } = suggestion.module;
      return (
        <>
          <span class="verb">Read again</span>{' '}
          {suggestion.lessons.slice(0, WEAK_LESSONS).map(({ lesson }, index) => (
            <>
              {index > 0 && ', '}
              <a href={to(`${lesson.slug}/`)}>{fullTitle(lesson)}</a>
            </>
          ))}{' '}
          <span class="more">
            {weak.length} {weak.length === 1 ? 'question' : 'questions'} of {module.title}{' '}
            {weak.length === 1 ? 'is' : 'are'} weak: <a href="#weak">which</a>
          </span>
        </>
      );
    }
    case 'review':
      return (
        <>
          <span class="verb">Review</span> <a href={to('practice/')}>ten minutes of questions</a>{' '}
          <span class="more">
            {suggestion.due === 1 ? 'one that you answered is' : `${suggestion.due} that you answered are`}{' '}
            due, {SPACING_DAYS} days after the last time
          </span>
        </>
      );
  }
}
