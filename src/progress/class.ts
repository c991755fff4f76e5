/**
 * What a whole class has done, from the files that its learners exported: who is stuck, and where. Pure.
 * A stuck place is a lab that was begun and not finished, or a question that was wrong at the last check.
 */
import { err, ok, type Result } from '../model/result.ts';
import { fullTitle, questionAnchor, type CourseOutline } from './outline.ts';
import { formatProgressFileProblem, readProgressFile } from './progress-file.ts';
import { reviewStanding } from './review-standing.ts';
import { summaryOf, type Summary } from './summary.ts';

export interface Member {
  /** What the learner typed, or the file's name. */
  readonly name: string;
  /** The name of the file, without its ending. */
  readonly file: string;
  /** ISO 8601. */
  readonly exported: string;
  /** Of the course that exported it. */
  readonly version: string;
  readonly summary: Summary;
}

/** Reads one file of a class. The error is a sentence for the trainer. */
export function readMember(file: string, text: string, outline: CourseOutline): Result<Member, string> {
  const read = readProgressFile(text);
  if (!read.ok) return err(formatProgressFileProblem(read.error));
  const { learner, exported, course, entries } = read.value;
  const stem = file.replace(/\.json$/i, '');
  const name = learner?.trim() ?? '';
  return ok({
    name: name === '' ? stem : name,
    file: stem,
    exported: new Date(exported).toISOString(),
    version: course.version,
    summary: summaryOf(outline, new Map(Object.entries(entries))),
  });
}

/**
 * Returns the class with more members: of two exports with the same name in the same file the later counts.
 * The same name in files of other names may be another person, and stays. Sorted by name.
 */
export function withMembers(members: readonly Member[], more: readonly Member[]): readonly Member[] {
  const byFile = new Map<string, Member>();
  for (const member of [...members, ...more]) {
    const key = `${member.file}\n${member.name}`;
    const known = byFile.get(key);
    if (known === undefined || known.exported <= member.exported) byFile.set(key, member);
  }
  return [...byFile.values()].sort(
    (a, b) => a.name.localeCompare(b.name, 'en') || a.file.localeCompare(b.file, 'en'),
  );
}

/** Returns the name of a member, with the file where the name alone would fit several. */
export function shownName(member: Member, members: readonly Member[]): string {
  const same = members.filter(({ name }) => name === member.name).length;
  return same > 1 ? `${member.name} (${member.file})` : member.name;
}

export interface StuckPlace {
  /** Unique among all places. */
  readonly id: string;
  readonly kind: 'lab' | 'question';
  readonly title: string;
  /** How far a learner has come, for a lab. */
  readonly detail: string;
  /** Below the site's base. */
  readonly path: string;
}

/** Returns where somebody is stuck: labs first, then questions, in the order of the course. */
export function stuckPlaces({ modules }: Summary): readonly StuckPlace[] {
  const labs = modules.flatMap((module) =>
    module.labs
      .filter(({ state }) => state === 'begun')
      .map(({ lab, passed }): StuckPlace => ({
        id: `lab.${lab.id}`,
        kind: 'lab',
        title: `Lab: ${lab.title}`,
        detail: `${passed} of ${lab.tasks.length} tasks passed`,
        path: `labs/${lab.id}/`,
      })),
  );
  const questions = modules.flatMap((module) =>
    module.lessons.flatMap(({ lesson, questions: asked }) =>
      asked
        .filter(({ weakness }) => weakness === 'wrong')
        .map(({ question, wrongs }): StuckPlace => ({
          id: `quiz.${question.id}`,
          kind: 'question',
          title: `${fullTitle(lesson)}: ${question.prompt}`,
          detail: `wrong ${wrongs === 1 ? 'once' : `${wrongs} times`}`,
          path: `${lesson.slug}/#${questionAnchor(question.id)}`,
        })),
    ),
  );
  return [...labs, ...questions];
}

export interface SharedPlace {
  readonly place: StuckPlace;
  readonly members: readonly Member[];
}

/** Returns the places where people are stuck, the one of most people first. */
export function sharedPlaces(members: readonly Member[]): readonly SharedPlace[] {
  const shared = new Map<string, { readonly place: StuckPlace; readonly members: Member[] }>();
  for (const member of members) {
    for (const place of stuckPlaces(member.summary)) {
      const known = shared.get(place.id);
      if (known === undefined) shared.set(place.id, { place, members: [member] });
      else known.members.push(member);
    }
  }
  return [...shared.values()].sort((a, b) => b.members.length - a.members.length);
}

/** Returns the class as rows of a table, the head first. */
export function classTable(members: readonly Member[]): readonly (readonly (string | number)[])[] {
  return [
    [
      'learner',
      'file',
      'exported',
      'last active',
      'lessons done',
      'lessons',
      'questions answered',
      'questions right',
      'questions',
      'labs done',
      'labs',
      'labs begun, not finished',
      'questions wrong at the last check',
      'questions reviewed',
      'answers in reviews',
      'right in reviews',
      'last review',
      'incidents',
      'course version',
    ],
    ...members.map((member) => {
      const { lessons, questions, labs, incidents, last } = member.summary;
      const reviews = reviewStanding(member.summary, Date.parse(member.exported));
      const places = stuckPlaces(member.summary);
      const idsOf = (kind: StuckPlace['kind']): string =>
        places
          .filter((place) => place.kind === kind)
          .map(({ id }) => id.slice(id.indexOf('.') + 1))
          .join('; ');
      return [
        member.name,
        member.file,
        member.exported.slice(0, 10),
        dayOrNone(last),
        lessons.done,
        lessons.all,
        questions.done,
        questions.right,
        questions.all,
        labs.done,
        labs.all,
        idsOf('lab'),
        idsOf('question'),
        reviews.questions,
        reviews.answers,
        reviews.right,
        dayOrNone(reviews.last),
        incidents.length,
        member.version,
      ];
    }),
  ];
}

function dayOrNone(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString().slice(0, 10);
}
