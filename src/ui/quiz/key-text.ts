/** The key of a question in words, for readers without script. */
import type { Question, QuizOption } from '../../quiz/question.ts';

export function keyText(question: Question): string {
  switch (question.kind) {
    case 'choice':
    case 'multi':
      return rightTexts(question.options);
    case 'address':
      return question.key;
    case 'number':
      return `${question.key} ${question.unit}`;
    case 'order':
      return question.items.map((item, index) => `${index + 1}. ${item.text}`).join(' ');
    case 'trace':
      return question.parts
        .map((part) => {
          const key =
            part.kind === 'seen-source' ? (part.key ?? 'nobody sees one') : rightTexts(part.options);
          return `${part.label}${part.label.endsWith('?') ? '' : ':'} ${key}`;
        })
        .join('; ');
  }
}

function rightTexts(options: readonly QuizOption[]): string {
  return options
    .filter((option) => option.verdict === 'right')
    .map((option) => option.text)
    .join('; ');
}
