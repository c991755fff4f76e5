/** The store of progress for a component: opened once, and drawn again after each change. */
import { useEffect, useState } from 'preact/hooks';
import { openProgress, type Entry, type ProgressStore } from '../../progress/store.ts';

export type Opened =
  | { readonly kind: 'opening' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'open'; readonly store: ProgressStore; readonly entries: ReadonlyMap<string, Entry> };

export function useProgress(): Opened {
  const [opened, setOpened] = useState<Opened>({ kind: 'opening' });
  useEffect(() => {
    let end: () => void = () => undefined;
    let isGone = false;
    openProgress().then(
      (store) => {
        if (isGone) return;
        const show = (): void => {
          setOpened({ kind: 'open', store, entries: store.entries() });
        };
        end = store.subscribe(show);
        show();
      },
      () => {
        setOpened({ kind: 'failed' });
      },
    );
    return () => {
      isGone = true;
      end();
    };
  }, []);
  return opened;
}
