/** What the page of a lab shows before any script runs: texts only, made while the site is built. */
import type { Lab } from '../../lab/lab.ts';
import type { LabScript, LabSource } from '../../lab/source.ts';
import { inlineToHtml, markdownToHtml } from './markdown.ts';

export interface TaskPage {
  readonly id: string;
  readonly title: string;
  readonly html: string;
  readonly hints: readonly [string, string, string];
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

export function labPage({ lab, template, solutions }: LabSource): LabPage {
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
      hints: [markdownToHtml(task.hints[0]), markdownToHtml(task.hints[1]), markdownToHtml(task.hints[2])],
      questions: task.checks.flatMap((check) =>
        check.kind === 'answer'
          ? [{ key: check.key, check: check.id, html: inlineToHtml(check.question) }]
          : [],
      ),
      checks: task.checks.map(({ id, evidence }) => ({ id, html: inlineToHtml(evidence) })),
    })),
    template,
    solutions,
  };
}
