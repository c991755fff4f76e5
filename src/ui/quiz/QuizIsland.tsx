import { useEffect, useState } from 'preact/hooks';
import { type Answer, type Feedback, grade, type Grade } from '../../quiz/grade.ts';
import type { Question, Quiz } from '../../quiz/question.ts';
import { quizHistory, withCheck, type QuizEntry } from '../../progress/quiz-entry.ts';
import { NOT_KEPT, recall, remember, whenRemembered } from '../memory/page-memory.ts';
import { AnswerFields } from './AnswerFields.tsx';
import { emptyAnswer, keptAnswer, seedOf } from './draft.ts';
import { keyText } from './key-text.ts';
import { QuizText, type Ranges } from './QuizText.tsx';
import { runLine } from './run-line.ts';

export interface Aids {
  readonly ranges: Ranges;
  /** What each offered run printed when the site was built, by its command line. */
  readonly outputs: Readonly<Record<string, string>>;
}

interface QuizProps {
  readonly quiz: Quiz;
  /** By the question's id; a question without a scenario has none. */
  readonly aids: Readonly<Record<string, Aids>>;
}

const NO_AIDS: Aids = { ranges: {}, outputs: {} };

export default function QuizIsland({ quiz, aids }: QuizProps) {
  return (
    <ol class="questions">
      {quiz.questions.map((question) => (
        <li key={question.id} id={`question-${question.id}`}>
          <QuestionForm quizId={quiz.id} question={question} {...(aids[question.id] ?? NO_AIDS)} />
        </li>
      ))}
    </ol>
  );
}

interface QuestionProps {
  readonly quizId: string;
  readonly question: Question;
  readonly ranges: Ranges;
  readonly outputs: Aids['outputs'];
}

function QuestionForm({ quizId, question, ranges, outputs }: QuestionProps) {
  const name = seedOf(quizId, question);
  const [answer, setAnswer] = useState<Answer>(() => emptyAnswer(quizId, question));
  const [result, setResult] = useState<Grade | null>(null);
  /** Feedback of an earlier visit stays folded: what the reader came for must not move. */
  const [feedback, setFeedback] = useState<'shown' | 'folded'>('shown');
  const [memory, setMemory] = useState<'kept' | 'not-kept'>('kept');

  useEffect(() => {
    const take = (stored: unknown): void => {
      const kept = keptAnswer(question, stored);
      if (kept === null) return;
      setAnswer(kept.answer);
      setFeedback('folded');
      setResult(kept.state === 'checked' ? grade(question, kept.answer) : null);
    };
    take(recall('quiz', name));
    return whenRemembered('quiz', name, take);
  }, []);

  const history = (): QuizEntry['history'] => quizHistory(recall('quiz', name));
  const keepDraft = (draft: Answer): void => {
    setAnswer(draft);
    setResult(null);
    void remember('quiz', name, { answer: draft, state: 'draft', history: history() });
  };
  const check = (event: Event): void => {
    event.preventDefault();
    const graded = grade(question, answer);
    setFeedback('shown');
    setResult(graded);
    if (graded.kind !== 'graded') return;
    const { verdict } = graded;
    const checks = withCheck(history(), { at: Date.now(), verdict });
    void remember('quiz', name, { answer, state: 'checked', verdict, history: checks }).then(setMemory);
  };
  const verdictId = `${name}-verdict`;
  const isGraded = result?.kind === 'graded';

  return (
    <form class="question" onSubmit={check}>
      <fieldset>
        <legend>
          <QuizText text={question.prompt} ranges={ranges} />
        </legend>
        <AnswerFields
          question={question}
          answer={answer}
          name={name}
          ranges={ranges}
          issueId={result?.kind === 'unreadable' ? verdictId : null}
          onAnswer={keepDraft}
        />
      </fieldset>
      <div class="row needs-script">
        {isGraded ? (
          <button type="button" class="button" onClick={() => keepDraft(emptyAnswer(quizId, question))}>
            Answer again
          </button>
        ) : (
          <button type="submit" class="button">
            Check
          </button>
        )}
        <p class="verdict" role="status" id={verdictId}>
          {result?.kind === 'unreadable' && result.message}
          {isGraded && (result.verdict === 'right' ? 'Right.' : 'Not yet.')}
          {isGraded && memory === 'not-kept' && ` ${NOT_KEPT}`}
        </p>
        {isGraded && feedback === 'folded' && (
          <button type="button" class="button" onClick={() => setFeedback('shown')}>
            Show why
          </button>
        )}
      </div>
      {isGraded && feedback === 'shown' && (
        <div class="feedback">
          {result.feedback.map((each) => (
            <FeedbackItem
              key={each.about ?? 'answer'}
              feedback={each}
              about={nameOf(question, each.about)}
              ranges={ranges}
              outputs={outputs}
            />
          ))}
          {!result.feedback.some((each) => each.text === question.why) && (
            <p class="why">
              <QuizText text={question.why} ranges={ranges} />
            </p>
          )}
          {question.origin.kind === 'computed' && (
            <p class="origin">
              Key computed by the model: <code>{question.origin.how}</code>
            </p>
          )}
        </div>
      )}
      <details class="without-script">
        <summary>Answer</summary>
        <p>
          <strong>
            <QuizText text={keyText(question)} ranges={ranges} />
          </strong>
        </p>
        <p>
          <QuizText text={question.why} ranges={ranges} />
        </p>
      </details>
    </form>
  );
}

interface FeedbackProps {
  readonly feedback: Feedback;
  readonly about: string | null;
  readonly ranges: Ranges;
  readonly outputs: Aids['outputs'];
}

function FeedbackItem({ feedback, about, ranges, outputs }: FeedbackProps) {
  const [ran, setRan] = useState(false);
  const line = feedback.run === null ? null : runLine(feedback.run);
  const output = line === null ? undefined : outputs[line];
  return (
    <div class="item" data-verdict={feedback.verdict}>
      <p>
        <span class="mark">{feedback.verdict === 'right' ? 'Right' : 'Wrong'}</span>
        {about !== null && (
          <span class="about">
            <QuizText text={about} ranges={ranges} />
          </span>
        )}
      </p>
      <p>
        <QuizText text={feedback.text} ranges={ranges} />
      </p>
      {line !== null && output !== undefined && (
        <>
          <button type="button" class="button" onClick={() => setRan(true)} disabled={ran}>
            {/* One part of the button, or a long line squeezes the words before it. */}
            <span>
              Run it: <code>{line}</code>
            </span>
          </button>
          {ran && (
            <pre tabIndex={0} aria-label={`Output of ${line}`}>
              <QuizText text={output} ranges={ranges} />
            </pre>
          )}
        </>
      )}
    </div>
  );
}

/** What a piece of feedback is about, where the reader would not know from the place. */
function nameOf(question: Question, about: string | null): string | null {
  if (about === null) return null;
  switch (question.kind) {
    case 'choice':
      return null;
    case 'multi':
      return question.options.find((option) => option.id === about)?.text ?? null;
    case 'order':
      return question.items.find((item) => item.id === about)?.text ?? null;
    case 'trace':
      return question.parts.find((part) => part.id === about)?.label ?? null;
    case 'address':
    case 'number':
      return null;
  }
}
