import { useState } from 'preact/hooks';
import type { Feedback } from '../../quiz/grade.ts';
import type { Question } from '../../quiz/question.ts';
import type { Aids } from './aids.ts';
import { QuizText, type Ranges } from './QuizText.tsx';
import { runLine } from './run-line.ts';

interface QuestionFeedbackProps {
  readonly question: Question;
  readonly feedback: readonly Feedback[];
  readonly ranges: Ranges;
  readonly outputs: Aids['outputs'];
}

/** What is said to a graded answer: of each part of it, why the key is the key, and who computed it. */
export function QuestionFeedback({ question, feedback, ranges, outputs }: QuestionFeedbackProps) {
  return (
    <div class="feedback">
      {feedback.map((each) => (
        <FeedbackItem
          key={each.about ?? 'answer'}
          feedback={each}
          about={nameOf(question, each.about)}
          ranges={ranges}
          outputs={outputs}
        />
      ))}
      {!feedback.some((each) => each.text === question.why) && (
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
