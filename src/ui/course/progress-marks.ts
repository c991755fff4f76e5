/**
 * Marks what the reader has begun and done in the lists of lessons and labs. Without a store, or with
 * nothing in it, the lists stay as they were built.
 */
import { labMark, lessonMark, moduleMark, type Mark } from '../../progress/marks.ts';
import { openProgress } from '../../progress/store.ts';
import { summaryOf } from '../../progress/summary.ts';
import { courseInPage } from '../progress/course-in-page.ts';

/** Marks the rows below `root` now, and again after each change, here or in another tab. */
export async function markProgress(root: ParentNode): Promise<void> {
  const { outline } = courseInPage();
  const store = await openProgress();
  const show = (): void => {
    for (const module of summaryOf(outline, store.entries()).modules) {
      mark(root, `module.${module.module.id}`, moduleMark(module));
      for (const lesson of module.lessons) mark(root, `lesson.${lesson.lesson.slug}`, lessonMark(lesson));
      for (const lab of module.labs) mark(root, `lab.${lab.lab.id}`, labMark(lab));
    }
  };
  show();
  store.subscribe(show);
}

/** The place for the mark is in the list already, and empty. */
function mark(root: ParentNode, of: string, is: Mark | null): void {
  for (const place of root.querySelectorAll<HTMLElement>(`[data-mark="${CSS.escape(of)}"]`)) {
    place.textContent = is?.text ?? '';
    if (is === null) delete place.dataset.state;
    else place.dataset.state = is.state;
  }
}
