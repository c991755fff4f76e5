import { fullTitle } from '../../progress/outline.ts';
import type { Summary } from '../../progress/summary.ts';
import { suggestionsOf, type Suggestion } from '../../progress/what-next.ts';

interface Props {
  readonly summary: Summary;
  readonly to: (path: string) => string;
}

export function NextSteps({ summary, to }: Props) {
  const suggestions = suggestionsOf(summary);
  return (
    <section aria-labelledby="next">
      <h2 id="next">What to do next</h2>
      {suggestions.length === 0 ? (
        <p>
          You have done every lesson and every lab, and nothing is weak.{' '}
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
          <span class="verb">Look again at</span> <a href="#weak">{module.title}</a>{' '}
          <span class="more">
            {weak.length} of its questions {weak.length === 1 ? 'is' : 'are'} weak
          </span>
        </>
      );
    }
  }
}
