/** What the copy for offline use consists of: pure, shared by the build, the worker and the pages. */

export interface OfflineList {
  /** Names the content: two builds with the same files have the same one. */
  readonly version: string;
  /** The path the site lives under, with a leading and a trailing slash. */
  readonly base: string;
  /** Each file's path below the base, and the SHA-256 of its content in base64. */
  readonly files: readonly (readonly [path: string, digest: string])[];
}

/** What the service worker tells open pages of the course. */
export type FromServiceWorker = { readonly from: 'workbook-offline'; readonly base: string } & (
  | { readonly kind: 'saving'; readonly done: number; readonly of: number }
  | { readonly kind: 'whole' }
  /** Nothing of it is kept any more. */
  | { readonly kind: 'removed' }
  | { readonly kind: 'stopped'; readonly why: 'no-room' | 'network' }
);

/**
 * What a page tells the service worker: whether the copy is whole, that the reader wants the new version, or
 * none at all.
 */
export type ToServiceWorker = 'is-it-whole' | 'switch' | 'remove';

/** Whoever saves data is told how much this is before it is fetched. */
export interface OfflineSize {
  readonly files: number;
  /** As sent by a server that compresses. */
  readonly bytes: number;
}

/** The path of a file as browsers ask for it, below the base: encoded as they do it, and pages by their folder. */
export function offlinePath(file: string): string {
  return file
    .replace(/(^|\/)index\.html$/, '$1')
    .split('/')
    .map((name) => encodeURI(name).replaceAll(/[?#]/g, encodeURIComponent))
    .join('/');
}
