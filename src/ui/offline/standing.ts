/** How the copy for offline use stands, in words: pure. */
import type { FromServiceWorker } from './offline-list.ts';

export type Standing =
  | { readonly kind: 'saving' | 'updating'; readonly done: number; readonly of: number }
  | { readonly kind: 'offered'; readonly bytes: number }
  | { readonly kind: 'whole' | 'newer' | 'interrupted' | 'no-room' | 'refused' };

export function words(standing: Standing): string {
  switch (standing.kind) {
    case 'saving':
      return `Saving for offline use: ${percent(standing)} %`;
    case 'updating':
      return `Works offline. Saving a newer version: ${percent(standing)} %`;
    case 'offered':
      return `Can be saved for offline use (${Math.max(1, Math.round(standing.bytes / 1e6))} MB).`;
    case 'whole':
      return 'Works offline.';
    case 'newer':
      return 'Works offline. A newer version is saved.';
    case 'interrupted':
      return 'Not saved for offline use yet: the network was interrupted. The next page goes on.';
    case 'no-room':
      return 'Not saved for offline use: this browser gives it no room.';
    case 'refused':
      return 'Not saved for offline use: this browser does not allow it here.';
  }
}

/** Rounded down, so that 100 % is all. */
function percent({ done, of }: { readonly done: number; readonly of: number }): number {
  return of === 0 ? 100 : Math.floor((done / of) * 100);
}

/** Reports whether a message is from the service worker of this site, not of one beside it. */
export function isSaidHere(data: unknown, base: string): data is FromServiceWorker {
  if (typeof data !== 'object' || data === null) return false;
  return 'from' in data && data.from === 'workbook-offline' && 'base' in data && data.base === base;
}
