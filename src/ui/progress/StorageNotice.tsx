import type { ProgressStore } from '../../progress/store.ts';
import type { Opened } from './use-progress.ts';

/** What stands before the store is open, and the plain warning where nothing is kept. */
export function StorageNotice({ opened }: { readonly opened: Opened }) {
  switch (opened.kind) {
    case 'opening':
      return <p role="status">Reading what this browser has kept of your work.</p>;
    case 'failed':
      return (
        <p class="warning" role="alert">
          <strong>What this browser has kept could not be read.</strong> Nothing was changed. Reload the page;
          if that does not help, close the other tabs of this site and try again.
        </p>
      );
    case 'open':
      return <Kept state={opened.store.state} />;
  }
}

function Kept({ state }: { readonly state: ProgressStore['state'] }) {
  switch (state) {
    case 'kept':
      return null;
    case 'full':
      return (
        <p class="warning" role="alert">
          <strong>Your browser has no room for what you do now.</strong> What it kept before is safe, and
          every page works, but what you did last is gone when you leave this page. Export it as a file, or
          free some room on this device; then it is stored with the next thing you do.
        </p>
      );
    case 'memory':
      return (
        <p class="warning" role="alert">
          <strong>Your browser keeps nothing of this.</strong> It refuses to store anything for this site.
          Every page works, but what you do on it is gone when you leave it. Allow storage for this site
          (private windows often refuse it), then reload the page.
        </p>
      );
  }
}
