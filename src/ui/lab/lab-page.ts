/** What the page of a lab shows before any script runs: texts only, made while the site is built. */
import type { Lab } from '../../lab/lab.ts';
import type { LabScript, LabSource } from '../../lab/source.ts';
import { inlineToHtml, markdownToHtml } from './markdown.ts';

export interface TaskPage {
  readonly id: string;
  readonly title: string;
  readonly html: string;
  /** Null where the course shows none. */
  readonly hints: readonly [string, string, string] | null;
  /** `check` is the id of the check that grades the answer to `key`. */
  readonly questions: readonly { readonly key: string; readonly check: string; readonly html: string }[];
  readonly checks: readonly { readonly id: string; readonly html: string }[];
}

export interface LabPage {
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  readonly seeds: Lab['seeds'];
  readonly brief: string;
  readonly objectives: readonly string[];
  readonly tasks: readonly TaskPage[];
  readonly template: string;
  readonly solutions: readonly LabScript[];
}

/** What of a lab the course shows; everything by default. */
export interface Shown {
  readonly hints: 'on' | 'off';
  readonly solutions: 'on' | 'off';
}

export function labPage(
  { lab, template, solutions }: LabSource,
  shown: Shown = { hints: 'on', solutions: 'on' },
): LabPage {
  return {
    id: lab.id,
    title: lab.title,
    minutes: lab.minutes,
    seeds: lab.seeds,
    brief: markdownToHtml(lab.brief),
    objectives: lab.objectives.map(inlineToHtml),
    tasks: lab.tasks.map((task) => ({
      id: task.id,
      title: task.title,
      html: markdownToHtml(task.text),
      hints:
        shown.hints === 'off'
          ? null
          : [markdownToHtml(task.hints[0]), markdownToHtml(task.hints[1]), markdownToHtml(task.hints[2])],
      questions: task.checks.flatMap((check) =>
        check.kind === 'answer'
          ? [{ key: check.key, check: check.id, html: inlineToHtml(check.question) }]
          : [],
      ),
      checks: task.checks.map(({ id, evidence }) => ({ id, html: inlineToHtml(evidence) })),
    })),
    template,
    solutions: shown.solutions === 'off' ? [] : solutions,
  };
}
