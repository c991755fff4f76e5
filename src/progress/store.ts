/** What a learner has done, kept on their machine: the one door for pages. */
export { openProgress } from './browser-progress.ts';
export type { CanUndo, Change } from './ports.ts';
export type { ProgressStore, Undone } from './progress-store.ts';
export type { Entry, Json } from './entry.ts';
export type { ImportReport } from './merge-file.ts';
export type { CourseStamp, ProgressFile, ProgressFileProblem } from './progress-file.ts';
export type { KeptIn } from './vault.ts';
export { formatProgressFileProblem } from './progress-file.ts';
export { progressFileText } from './merge-file.ts';
