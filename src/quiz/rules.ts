/** What makes a question fair, as far as a program can tell. The content tests hold every quiz to it. */
import type { Question, Quiz, QuizOption } from './question.ts';

export interface BrokenRule {
  readonly question: string;
  readonly message: string;
}

/** Words that turn a question around; readers miss them. */
const NEGATIVE =
  /\b(not|never|except|cannot|isn['’]t|doesn['’]t|don['’]t|can['’]t|won['’]t|incorrect|false|untrue)\b/i;
/** Options that stand for other options, or for a place that shuffling changes. */
const ABOUT_OPTIONS =
  /\b(all|none|both|neither|any) of (the above|these|them)\b|\b(first|last|previous|following) (option|answer)\b|\boption [A-F]\b/i;

/** Returns every rule that a question of the quiz breaks. */
export function brokenRules(quiz: Quiz): readonly BrokenRule[] {
  return quiz.questions.flatMap((question) =>
    messages(question).map((message) => ({ question: `${quiz.id}#${question.id}`, message })),
  );
}

function messages(question: Question): readonly string[] {
  const options = optionsOf(question);
  const feedback = feedbackOf(question).map((text) => text.trim().toLowerCase());
  const found: string[] = [];
  const negative = NEGATIVE.exec(question.prompt.replaceAll(/`[^`]*`/g, ''));
  if (negative !== null) found.push(`the prompt turns on "${negative[0]}"; ask what is, not what is not`);
  for (const option of options) {
    const about = ABOUT_OPTIONS.exec(option.text);
    if (about !== null) found.push(`option ${option.id} says "${about[0]}"; each option stands for itself`);
  }
  for (const text of new Set(feedback.filter((each, index) => feedback.indexOf(each) !== index))) {
    found.push(`the feedback "${text}" is used twice`);
  }
  for (const option of options) {
    // Who guessed right learns nothing from "Yes."
    if (option.feedback.length < 20) {
      found.push(`option ${option.id}: "${option.feedback}" does not say why it is ${option.verdict}`);
    }
  }
  return found;
}

/** The options one chooses from, of all parts of a question; none where one types or sorts. */
export function optionsOf(question: Question): readonly QuizOption[] {
  switch (question.kind) {
    case 'choice':
    case 'multi':
      return question.options;
    case 'trace':
      return question.parts.flatMap((part) => (part.kind === 'seen-source' ? [] : part.options));
    case 'address':
    case 'number':
    case 'order':
      return [];
  }
}

function feedbackOf(question: Question): readonly string[] {
  switch (question.kind) {
    case 'choice':
    case 'multi':
      return question.options.map((option) => option.feedback);
    case 'address':
    case 'number':
      return [...question.misreadings.map((each) => each.feedback), question.otherwise];
    case 'order':
      return question.items.map((item) => item.feedback);
    case 'trace':
      return question.parts.flatMap((part) =>
        part.kind === 'seen-source'
          ? [...part.misreadings.map((each) => each.feedback), part.otherwise]
          : part.options.map((option) => option.feedback),
      );
  }
}

/** Returns how many keys of these quizzes the model computed, and how many questions there are. */
export function computedShare(quizzes: readonly Quiz[]): { readonly computed: number; readonly all: number } {
  const questions = quizzes.flatMap((quiz) => quiz.questions);
  return {
    computed: questions.filter((each) => each.origin.kind === 'computed').length,
    all: questions.length,
  };
}
