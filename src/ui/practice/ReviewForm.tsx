import { useEffect, useRef, useState } from 'preact/hooks';
import type { CatalogueLesson } from '../../practice/catalogue.ts';
import { type Answer, grade, type Grade } from '../../quiz/grade.ts';
import { pathTo } from '../course/base-path.ts';
import { NOT_KEPT } from '../memory/page-memory.ts';
import { AnswerFields } from '../quiz/AnswerFields.tsx';
import { emptyAnswer } from '../quiz/draft.ts';
import { keyText } from '../quiz/key-text.ts';
import { QuestionFeedback } from '../quiz/QuestionFeedback.tsx';
import { QuizText } from '../quiz/QuizText.tsx';
import type { AskedQuestion } from './fetch-questions.ts';

interface FormProps {
  readonly asked: AskedQuestion;
  readonly place: { readonly at: number; readonly of: number };
  readonly lesson: CatalogueLesson | null;
  readonly base: string;
  readonly isKept: boolean;
  readonly onChecked: (verdict: 'right' | 'wrong') => void;
  readonly onNext: () => void;
  readonly onEnd: () => void;
}

/** One question of a review: answered once, with the feedback at once. Enter checks, and goes on. */
export function ReviewForm({ asked, place, lesson, base, isKept, onChecked, onNext, onEnd }: FormProps) {
  const { question, aids, candidate } = asked;
  // Another order each time, or the place of the right option would be what is remembered.
  const name = `review-${candidate.id}-${candidate.row}-${candidate.last}`;
  const [answer, setAnswer] = useState<Answer>(() => emptyAnswer(name, question));
  const [result, setResult] = useState<Grade | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  // Whoever works by keyboard goes on at the new question, not at the top of the page.
  useEffect(() => heading.current?.focus(), []);

  const graded = result?.kind === 'graded' ? result : null;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (graded !== null) {
      onNext();
      return;
    }
    const next = grade(question, answer);
    setResult(next);
    if (next.kind !== 'graded') return;
    // The field that Enter was pressed in is about to be disabled, and would take the focus with it.
    button.current?.focus();
    onChecked(next.verdict);
  };
  const verdictId = `${name}-verdict`;

  return (
    <form class="question" onSubmit={submit}>
      <div class="review-place">
        <div>
          <h2 ref={heading} tabIndex={-1}>
            Question {place.at} of {place.of}
          </h2>
          {/* A question speaks of the world of its lesson, so the lesson has to be known. */}
          {lesson !== null && (
            <p>
              From <a href={pathTo(base, `${lesson.id}/`)}>{lesson.title}</a>
            </p>
          )}
        </div>
        <button type="button" class="button" onClick={onEnd}>
          End here
        </button>
      </div>
      <fieldset>
        <legend>
          <QuizText text={question.prompt} ranges={aids.ranges} />
        </legend>
        {/* An answer that was graded stands. */}
        <fieldset class="given" disabled={graded !== null}>
          <legend class="visually-hidden">Your answer</legend>
          <AnswerFields
            question={question}
            answer={answer}
            name={name}
            ranges={aids.ranges}
            issueId={result?.kind === 'unreadable' ? verdictId : null}
            onAnswer={(next) => {
              setAnswer(next);
              setResult(null);
            }}
          />
        </fieldset>
      </fieldset>
      <div class="row">
        <button ref={button} type="submit" class="button button-primary">
          {graded === null ? 'Check' : place.at === place.of ? 'See how it went' : 'Next question'}
        </button>
        <p class="verdict" role="status" id={verdictId}>
          {result?.kind === 'unreadable' && result.message}
          {graded?.verdict === 'right' && 'Right.'}
          {graded?.verdict === 'wrong' && 'Not yet.'}
          {graded !== null && !isKept && ` ${NOT_KEPT}`}
        </p>
      </div>
      {graded !== null && (
        <>
          <QuestionFeedback
            question={question}
            feedback={graded.feedback}
            ranges={aids.ranges}
            outputs={aids.outputs}
          />
          {graded.verdict === 'wrong' && (
            <p class="review-key">
              <strong>
                Answer: <QuizText text={keyText(question)} ranges={aids.ranges} />
              </strong>
            </p>
          )}
        </>
      )}
    </form>
  );
}
