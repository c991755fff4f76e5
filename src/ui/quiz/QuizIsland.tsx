import { useEffect, useState } from 'preact/hooks';
import { type Answer, grade, type Grade } from '../../quiz/grade.ts';
import type { Question, Quiz } from '../../quiz/question.ts';
import { quizHistory, withCheck, type QuizEntry } from '../../progress/quiz-entry.ts';
import { NOT_KEPT, recall, remember, whenRemembered } from '../memory/page-memory.ts';
import { type Aids, NO_AIDS } from './aids.ts';
import { AnswerFields } from './AnswerFields.tsx';
import { emptyAnswer, keptAnswer, seedOf } from './draft.ts';
import { keyText } from './key-text.ts';
import { QuestionFeedback } from './QuestionFeedback.tsx';
import { QuizText, type Ranges } from './QuizText.tsx';

interface QuizProps {
  readonly quiz: Quiz;
  /** By the question's id; a question without a scenario has none. */
  readonly aids: Readonly<Record<string, Aids>>;
}

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
        <QuestionFeedback question={question} feedback={result.feedback} ranges={ranges} outputs={outputs} />
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
