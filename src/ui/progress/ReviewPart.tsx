import { reviewStanding, type ReviewStanding } from '../../progress/review-standing.ts';
import { SPACING_DAYS } from '../../progress/spacing.ts';
import type { Summary } from '../../progress/summary.ts';
import { dayOf } from './course-in-page.ts';

interface Props {
  readonly summary: Summary;
  readonly now: number;
  readonly to: (path: string) => string;
}

/** What was asked again in reviews, and when the next is due. */
export function ReviewPart({ summary, now, to }: Props) {
  const standing = reviewStanding(summary, now);
  return (
    <section aria-labelledby="reviews">
      <h2 id="reviews">Reviews</h2>
      <p>
        {reviewed(standing)} {dueText(standing)}{' '}
        <a href={to('practice/')}>
          {standing.due === 0
            ? 'To the practice page.'
            : standing.due === 1
              ? 'Review it now.'
              : 'Review them now.'}
        </a>
      </p>
    </section>
  );
}

function reviewed({ answers, questions, right, last }: ReviewStanding): string {
  if (last === null) return 'You have not reviewed anything yet.';
  const given = answers === 1 ? 'One answer' : `${answers} answers`;
  return `${given} to ${questions === 1 ? 'one question' : `${questions} questions`} in reviews, ${right} right; the last on ${dayOf(last)}.`;
}

function dueText({ due, next }: ReviewStanding): string {
  if (next === null) return `What you answer in lessons is due again after ${SPACING_DAYS} days.`;
  if (due > 0) return due === 1 ? 'One question is due.' : `${due} questions are due.`;
  return `Nothing is due before ${dayOf(next)}.`;
}
