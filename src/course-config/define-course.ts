/** What `course.config.ts` may say. Everything is checked at once; nothing has to be said. */
import { z } from 'zod';
import { accentProblem } from './accent.ts';

const LINE = 'one line of 1 to 80 characters';
const line = z
  .string({ error: LINE })
  .trim()
  .regex(/^[^\p{Cc}]{1,80}$/u, { error: LINE });

const COLOUR = 'a colour such as #0b57a4: # and six of 0-9 and a-f';
const IS_COLOUR = /^#[0-9a-f]{6}$/i;
const colour = z
  .string({ error: COLOUR })
  .regex(IS_COLOUR, { error: COLOUR })
  .transform((text) => text.toLowerCase());

const accent = z
  .strictObject({ light: colour, dark: colour }, { error: 'an object with the colours light and dark' })
  .superRefine((pair, context) => {
    for (const theme of ['light', 'dark'] as const) {
      // What is no colour is complained of already.
      const problem = IS_COLOUR.test(pair[theme]) ? accentProblem(pair[theme], theme) : null;
      if (problem !== null) context.addIssue({ code: 'custom', path: [theme], message: problem });
    }
  });

const LOGO = 'a picture in public/, such as /logo.svg (svg, png or webp), without spaces';
const OFF = "'on' or 'off'";
const MODULE = 'the name of a folder in content/, such as snat or 08-snat';
const HREF = 'an address that begins with https://, http://, mailto: or / (a page of this site)';

const link = z.strictObject(
  {
    label: line,
    href: z
      .string({ error: HREF })
      .regex(/^(?:https?:\/\/[^\s/]|mailto:[^\s]|\/(?!\/))\S*$/, { error: HREF }),
  },
  { error: 'an object with label and href' },
);

const course = z.strictObject(
  {
    /** In the title of every page, and in exported progress. */
    title: line.default('AKS networking workbook'),
    brand: z
      .strictObject(
        {
          /** Beside the logo at the top of every page; the title if absent. */
          name: line.optional(),
          logo: z
            .string({ error: LOGO })
            .regex(/^\/(?!\/)(?!.*\.\.)[\w./-]+\.(?:svg|png|webp)$/, { error: LOGO })
            .optional(),
          accent: accent.optional(),
        },
        { error: 'an object with name, logo or accent' },
      )
      .default({}),
    modules: z
      .strictObject(
        {
          off: z.array(z.string({ error: MODULE }).regex(/^[a-z0-9-]+$/, { error: MODULE }), {
            error: `a list: each ${MODULE}`,
          }),
        },
        { error: 'an object with the list off' },
      )
      .default({ off: [] }),
    hints: z.enum(['on', 'off'], { error: OFF }).default('on'),
    solutions: z.enum(['on', 'off'], { error: OFF }).default('on'),
    base: z
      .string({ error: 'a path such as /workbook/' })
      .regex(/^\/?(?:(?!\.\.?(?:\/|$))[\w.~-]+\/)*(?:(?!\.\.?$)[\w.~-]+)?\/?$/, {
        error: 'a path such as /workbook/, of letters, digits, ".", "-", "_" and "~"',
      })
      .default('/'),
    links: z
      .array(link, { error: 'a list of links, each with label and href' })
      .max(20, { error: 'at most 20 links' })
      .default([]),
  },
  { error: 'an object; see course.config.ts of the repository' },
);

export type CourseInput = z.input<typeof course>;
export type Course = z.output<typeof course>;

/** `course.config.ts` says something that cannot be: its author's to mend. */
export class CourseConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`course.config.ts:\n  ${problems.join('\n  ')}`);
    this.name = 'CourseConfigError';
    // Whoever wrote the file needs its lines, not ours.
    this.stack = this.message;
  }
}

/** Returns the course that a configuration describes. Throws `CourseConfigError` with all that is wrong. */
export function defineCourse(input: CourseInput): Course {
  const parsed = course.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new CourseConfigError(parsed.error.issues.flatMap(wordsOf));
}

function wordsOf(issue: z.core.$ZodIssue): readonly string[] {
  const at = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${at === '' ? '' : `${at}.`}${key}: there is no such setting`);
  }
  const where = at === '' ? '' : `${at}: `;
  return [issue.code === 'custom' ? `${where}${issue.message}` : `${where}expected ${issue.message}`];
}
