/** The command line with which a reader repeats what a choice claims. */
import { netpathLine } from '../../quiz/key.ts';
import type { Question, QuizOption, Run } from '../../quiz/question.ts';

export function runLine(run: Run): string {
  return run.kind === 'command' ? run.command : netpathLine(run.flow);
}

/** Every run that a question can offer. */
export function runsOf(question: Question): readonly Run[] {
  const ofOptions = (options: readonly QuizOption[]): readonly Run[] =>
    options.flatMap((option) => (option.run === null ? [] : [option.run]));
  const ofMisreadings = (misreadings: readonly { readonly run: Run | null }[]): readonly Run[] =>
    misreadings.flatMap((misreading) => (misreading.run === null ? [] : [misreading.run]));
  switch (question.kind) {
    case 'choice':
    case 'multi':
      return ofOptions(question.options);
    case 'address':
    case 'number':
      return ofMisreadings(question.misreadings);
    case 'order':
      return [];
    case 'trace':
      return question.parts.flatMap((part) =>
        part.kind === 'seen-source' ? ofMisreadings(part.misreadings) : ofOptions(part.options),
      );
  }
}
