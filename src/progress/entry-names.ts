/** What entries are called when a page tells the learner about them. Pure. */
import { kindOf } from './entry.ts';
import { fullTitle, type CourseOutline } from './outline.ts';

/** Names entries by their keys in the words of the course; a key it does not know is named as it is. */
export function entryNames(outline: CourseOutline): (key: string) => string {
  const names = new Map<string, string>([['learner', 'Your name']]);
  for (const { lessons, labs } of outline.modules) {
    for (const lesson of lessons) {
      const title = fullTitle(lesson);
      names.set(`read.${lesson.slug}`, `Lesson read: ${title}`);
      lesson.predictions.forEach((id, index) => {
        names.set(`prediction.${id}`, `Prediction ${index + 1} of ${title}`);
      });
      for (const { id, prompt } of lesson.questions) {
        names.set(`quiz.${id}`, `Question: ${prompt}`);
        names.set(`review.${id}`, `Reviewed: ${prompt}`);
      }
    }
    for (const lab of labs) names.set(`lab.${lab.id}`, `Lab: ${lab.title}`);
  }
  return (key) => names.get(key) ?? unknownName(key);
}

function unknownName(key: string): string {
  const id = key.slice(kindOf(key).length + 1);
  switch (kindOf(key)) {
    case 'incident':
      return `Incident ${id}`;
    case 'unreadable':
      return `Kept aside, unreadable: ${id}`;
    default:
      return `Not in this version of the course: ${strayName(key)}`;
  }
}

const STRAYS: Readonly<Record<string, string>> = {
  lab: 'lab',
  prediction: 'prediction',
  quiz: 'question',
  read: 'lesson',
  review: 'review of question',
};

/** What an entry was about that the course no longer has: only its address is left. */
export function strayName(key: string): string {
  const kind = STRAYS[kindOf(key)];
  return kind === undefined ? key : `${kind} ${key.slice(kindOf(key).length + 1)}`;
}
