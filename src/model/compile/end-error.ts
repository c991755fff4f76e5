import { err } from '../result.ts';
import type { Result } from '../result.ts';

/** Why a text names no end: what was given, what is wrong, and what could be meant. */
export interface EndError {
  readonly end: string;
  /** A whole sentence. */
  readonly message: string;
  readonly suggestions: readonly string[];
}

export function fail(
  end: string,
  message: string,
  suggestions: readonly string[] = [],
): Result<never, EndError> {
  return err({ end, message, suggestions });
}

/** Returns the error on one line, with what to write instead. */
export function formatEndError(error: EndError): string {
  return error.suggestions.length === 0
    ? error.message
    : `${error.message} Did you mean ${error.suggestions.join(', or ')}?`;
}
