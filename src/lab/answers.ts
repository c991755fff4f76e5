import type { Cloud } from '../model/cloud.ts';
import type { CommandResult, SimulatedCommand } from '../shell/command.ts';

/** What the learner answered so far, by key, and the command that writes it. */
export interface AnswerBook {
  readonly command: SimulatedCommand;
  readonly answers: () => ReadonlyMap<string, string>;
  /** The world in which each of them was given; saying the same again changes nothing. */
  readonly answered: () => ReadonlyMap<string, Cloud>;
}

export interface Question {
  readonly key: string;
  readonly question: string;
}

const USAGE = `usage: answer                 lists the questions and what you answered
       answer KEY VALUE       answers one; a later answer replaces it
       answer --clear KEY     takes an answer back
`;

/** Returns an empty answer book with the command `answer`, for one lab's questions. */
export function createAnswerBook(questions: readonly Question[]): AnswerBook {
  const given = new Map<string, string>();
  const worlds = new Map<string, Cloud>();
  return {
    answers: () => given,
    answered: () => worlds,
    command: {
      name: 'answer',
      places: ['workstation', 'pod', 'node', 'vm', 'on-premises'],
      run: ({ args, cloud }) => {
        const before = new Map(given);
        const result = runAnswer(args, questions, given);
        for (const { key } of questions) {
          const now = given.get(key);
          if (now === undefined) worlds.delete(key);
          else if (now !== before.get(key)) worlds.set(key, cloud);
        }
        return result;
      },
    },
  };
}

function runAnswer(
  args: readonly string[],
  questions: readonly Question[],
  given: Map<string, string>,
): CommandResult {
  const [first, ...rest] = args;
  if (first === undefined) return said(list(questions, given));
  if (first === '--help' || first === '-h') return said(USAGE);
  if (first === '--clear') {
    const key = rest[0];
    if (key === undefined || rest.length > 1) return refused(USAGE);
    if (!isQuestion(questions, key)) return refused(unknownKey(questions, key));
    given.delete(key);
    return said(`${key}: no answer\n`);
  }
  if (first.startsWith('-')) return refused(`answer: unknown option ${first}\n${USAGE}`);
  if (!isQuestion(questions, first)) return refused(unknownKey(questions, first));
  // Several words are one answer, so that nobody fails for want of quotes.
  const value = rest.join(' ').trim();
  if (value === '') {
    return refused(`answer: no value for ${first}. Did the command between $( ) print anything?\n`);
  }
  given.set(first, value);
  return said(`${first}: ${value}\n`);
}

function list(questions: readonly Question[], given: ReadonlyMap<string, string>): string {
  if (questions.length === 0) return 'This lab asks no questions; its checks look at what you built.\n';
  return questions
    .map(({ key, question }) => `${key}: ${given.get(key) ?? '(no answer)'}\n    ${question}\n`)
    .join('');
}

function isQuestion(questions: readonly Question[], key: string): boolean {
  return questions.some((question) => question.key === key);
}

function unknownKey(questions: readonly Question[], key: string): string {
  const keys = questions.map((question) => question.key).join(', ');
  return `answer: this lab has no question '${key}'. Its questions: ${keys === '' ? 'none' : keys}\n`;
}

function said(stdout: string): CommandResult {
  return { stdout, stderr: '', exitCode: 0 };
}

function refused(stderr: string): CommandResult {
  return { stdout: '', stderr, exitCode: 2 };
}
