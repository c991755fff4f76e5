/** A documented number: its value, where it was read, and when. Every such number lives once, in this folder. */
export interface Limit<T = number> {
  readonly value: T;
  readonly unit?: string;
  /** Title and address of the page or source file. */
  readonly source: string;
  /** Date of the page that was read, ISO 8601. */
  readonly read: string;
  /** How a contradiction between sources was decided, or what the number does not cover. */
  readonly note?: string;
}
