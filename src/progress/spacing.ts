/**
 * When a question is asked again. The spacing is even: the same time after each answer, right or wrong.
 * Expanding intervals were found to be no better (Latimier et al. 2021), and are harder to explain. Pure.
 */

/** A question is due again after so many days. */
export const SPACING_DAYS = 3;
/** Less half a day, for those who practise in the evening and then in the morning. */
const SPACING = (SPACING_DAYS - 0.5) * 24 * 3_600_000;

/** Reports whether a question that was answered at `last` may be asked again. */
export function isDue(last: number, now: number): boolean {
  // A clock that was set back must not keep a question away for years.
  return now - last >= SPACING || last > now;
}

/** From when on it is due. */
export function dueFrom(last: number): number {
  return last + SPACING;
}
