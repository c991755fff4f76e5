import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCourseFolder } from '../../../src/ui/course/folder.ts';
import { outlineOf, readOutline } from '../../../src/ui/course/outline.ts';
import { isPage } from '../../../src/ui/course/reading-order.ts';
import { isKey } from '../../../src/progress/entry.ts';

const ROOT = join(import.meta.dirname, '../../..');
const QUIZ = `title: Q
questions:
  - id: one
    kind: choice
    prompt: Is \`a\` **it**?
    why: Yes.
    answer: yes-it-is
    options:
      - { id: yes-it-is, text: 'Yes', feedback: Right. }
      - { id: not-at-all, text: 'No', feedback: Wrong. }
`;
const FILES: Readonly<Record<string, string>> = {
  '00-how.mdx': '---\ntitle: How\nminutes: 4\n---\n\nText.\n',
  '01-plugins/module.yaml': 'title: Plugins',
  '01-plugins/02-kubenet/01-addresses.mdx':
    '---\ntitle: Addresses\nminutes: 10\n---\n\n<Predict\n  id="first"\n  question="a > b?"\n>\n\nSo.\n\n</Predict>\n\n<Quiz file="01-addresses.quiz.yaml" />\n',
  '01-plugins/02-kubenet/01-addresses.quiz.yaml': QUIZ,
  'errata.mdx': '---\ntitle: Errata\nminutes: 26\n---\n\nText.\n',
};

function outline(change: Readonly<Record<string, string>> = {}) {
  const files = { ...FILES, ...change };
  const folder = { files: Object.keys(files), titles: new Map([['01-plugins', 'Plugins']]) };
  return outlineOf(folder, (file) => files[file] ?? '', []);
}

describe('the outline of a course', () => {
  test('has modules, lessons in their parts, predictions, and questions without their markup', () => {
    expect(outline().modules).toEqual([
      {
        id: '',
        title: 'Before you begin',
        labs: [],
        lessons: [{ slug: 'how', title: 'How', part: null, minutes: 4, predictions: [], questions: [] }],
      },
      {
        id: '01-plugins',
        title: 'Plugins',
        labs: [],
        lessons: [
          {
            slug: 'plugins/kubenet/addresses',
            title: 'Addresses',
            part: 'Kubenet',
            minutes: 10,
            predictions: ['plugins/kubenet/addresses#first'],
            questions: [{ id: 'plugins/kubenet/addresses#one', prompt: 'Is a it?' }],
          },
        ],
      },
    ]);
  });

  test('a prediction without an id that can be read is an error that names the file', () => {
    expect(() => outline({ '00-how.mdx': '---\ntitle: How\n---\n\n<Predict question="?" />\n' })).toThrow(
      '00-how.mdx: Predict needs id=',
    );
  });

  test('of this course: every numbered page is in it, and every id can be the key of an entry', () => {
    const root = join(ROOT, 'content');
    const { modules } = readOutline(root, []);
    const lessons = modules.flatMap((module) => module.lessons);
    const pages = readCourseFolder(root).files.filter((file) => isPage(file) && /^\d/.test(file));
    expect(lessons.length).toBe(pages.length);
    const texts = pages.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    const predictions = lessons.flatMap((lesson) => lesson.predictions);
    expect(predictions.length).toBe(texts.match(/<Predict$/gm)?.length ?? 0);
    const questions = lessons.flatMap((lesson) => lesson.questions);
    expect(questions.length).toBeGreaterThan(400);
    for (const id of [...predictions, ...questions.map((question) => question.id)]) {
      expect(isKey(`quiz.${id}`), id).toBe(true);
    }
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    expect(modules.every(({ title }) => !/^\d/.test(title))).toBe(true);
  });
});
