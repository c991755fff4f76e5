import type { Ranges } from './QuizText.tsx';

/** What a question shows beside its text. */
export interface Aids {
  readonly ranges: Ranges;
  /** What each offered run printed when the site was built, by its command line. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Of a question that stands in no scenario. */
export const NO_AIDS: Aids = { ranges: {}, outputs: {} };
