/** About how long a question takes, from its words and from what has to be done. Pure. */
import { plainText } from '../quiz/inline.ts';
import type { Question } from '../quiz/question.ts';

/** A technical text, read to be understood. */
const WORDS_A_MINUTE = 180;
/** Feedback is read too: about so many words of it. */
const FEEDBACK_WORDS = 35;

/** Seconds to think and to enter the answer. */
const THINKING: Readonly<Record<Question['kind'], number>> = {
  choice: 12,
  multi: 25,
  address: 25,
  number: 30,
  order: 35,
  trace: 35,
};

export function answerSeconds(question: Question): number {
  const words = plainText([question.prompt, ...offered(question)].join(' ')).split(/\s+/).length;
  return Math.round(((words + FEEDBACK_WORDS) * 60) / WORDS_A_MINUTE + THINKING[question.kind]);
}

function offered(question: Question): readonly string[] {
  switch (question.kind) {
    case 'choice':
    case 'multi':
      return question.options.map(({ text }) => text);
    case 'order':
      return question.items.map(({ text }) => text);
    case 'trace':
      return question.parts.flatMap((part) =>
        part.kind === 'seen-source' ? [part.label] : [part.label, ...part.options.map(({ text }) => text)],
      );
    case 'address':
    case 'number':
      return [];
  }
}
