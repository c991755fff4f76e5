import { UsageError } from './usage-error.ts';

/** Throws `UsageError` if the course has switched this off: its trainer's decision, not a mistake. */
export function requireOn(state: 'on' | 'off', what: 'hints' | 'solutions'): void {
  if (state === 'off') {
    throw new UsageError(`This course shows no ${what} (course.config.ts). Ask whoever runs it.`);
  }
}
