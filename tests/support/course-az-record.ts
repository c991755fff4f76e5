/** What the real azure-cli's parser said of the course's `az` lines, as `scripts/record-course-az-lines.ts` wrote it. */
import record from '../fixtures/course-az-lines.json' with { type: 'json' };
import { shapeKey, shapeOf } from './az-line-shape.ts';

export interface RecordedLine {
  readonly words: readonly string[];
  /** 0 if the line parses; null if this azure-cli cannot load the command offline. */
  readonly exit: number | null;
  readonly error: string | null;
}

export const RECORDED_WITH = record.azureCli;
export const RECORDED_ON = record.recorded;
export const RECORDED_LINES: readonly RecordedLine[] = record.lines;

export const RECORDED_BY_SHAPE: ReadonlyMap<string, RecordedLine> = new Map(
  RECORDED_LINES.map((line) => [shapeKey(shapeOf(line.words)), line]),
);
