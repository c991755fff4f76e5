import { useEffect, useRef } from 'preact/hooks';
import type { Catalogue } from '../../practice/catalogue.ts';
import type { Summary } from '../../practice/summary.ts';
import { SPACING_DAYS } from '../../progress/spacing.ts';
import { plainText } from '../../quiz/inline.ts';
import { pathTo } from '../course/base-path.ts';
import { NOT_KEPT } from '../memory/page-memory.ts';

interface EndProps {
  readonly summary: Summary;
  readonly catalogue: Catalogue;
  readonly base: string;
  readonly isKept: boolean;
  readonly onAgain: () => void;
}

export function ReviewEnd({ summary, catalogue, base, isKept, onAgain }: EndProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { asked, right, weak } = summary;
  const titleOf = (lesson: string): string =>
    catalogue.lessons.find(({ id }) => id === lesson)?.title ?? lesson;
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {asked === 0 ? 'Nothing was answered' : `${right} of ${asked} right`}
      </h2>
      {asked > 0 && weak.length === 0 && (
        <p>Nothing was weak. These questions rest for {SPACING_DAYS} days.</p>
      )}
      {weak.length > 0 && (
        <>
          <p>
            Read these again. What you got wrong comes first when it is due, in {SPACING_DAYS} days, and with
            other numbers where it can.
          </p>
          <ul class="weak">
            {weak.map(({ lesson, wrong, asked: of }) => (
              <li key={lesson}>
                <a href={pathTo(base, `${lesson}/`)}>{titleOf(lesson)}</a>
                <span>
                  {wrong.length} of {of} wrong
                </span>
                <ul>
                  {wrong.map(({ id, prompt }) => (
                    <li key={id}>
                      <a href={pathTo(base, `${lesson}/#question-${id.slice(lesson.length + 1)}`)}>
                        {plainText(prompt)}
                      </a>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </>
      )}
      <div class="row">
        <button type="button" class="button" onClick={onAgain}>
          Another review
        </button>
      </div>
      {!isKept && asked > 0 && <p class="not-kept">{NOT_KEPT}</p>}
    </>
  );
}
