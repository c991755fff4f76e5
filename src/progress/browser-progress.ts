/** The one store of a tab, on what this browser offers. Nothing here throws where storage is forbidden. */
import { REMEMBERED } from './browser-memory.ts';
import { readStamped } from './entry.ts';
import { browserVault } from './browser-vault.ts';
import type { Channel, Message } from './ports.ts';
import { ProgressStore } from './progress-store.ts';
import { V2, type Texts } from './texts.ts';
import { memoryVault, textVault } from './vault.ts';

const CHANNEL = 'aks-networking-workbook';

let opened: Promise<ProgressStore> | null = null;

/** The store; the first call opens it. */
export function openProgress(): Promise<ProgressStore> {
  opened ??= open();
  return opened;
}

async function open(): Promise<ProgressStore> {
  const texts = browserTexts();
  const others = [...(texts === null ? [] : [textVault(texts)]), memoryVault()];
  const channel = browserChannel();
  const now = (): number => Date.now();
  let store: ProgressStore | null = null;
  for (const vault of [await browserVault().catch(() => null), ...others]) {
    if (vault === null) continue;
    store = await ProgressStore.open({ vault, texts, channel, now }).catch(() => null);
    if (store !== null) break;
  }
  // A vault in memory refuses nothing.
  if (store === null) throw new Error('no vault could be opened');
  const found = store;
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) void found.refresh();
  });
  return found;
}

/** Null where the browser refuses. One that is full can still be read, and has what is to be taken over. */
function browserTexts(): Texts | null {
  try {
    const texts = localStorage;
    texts.getItem(V2);
    return texts;
  } catch {
    return null;
  }
}

/** Other tabs with a store post messages; a page that only writes texts is heard by them. */
function browserChannel(): Channel {
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(CHANNEL) : null;
  return {
    post: (message) => channel?.postMessage(message),
    listen: (hear) => {
      const onMessage = (event: MessageEvent<Message>): void => {
        hear(event.data);
      };
      const hearText = (name: string | null, text: string | null): void => {
        if (name?.startsWith(V2) !== true || text === null) return;
        const record = readStamped(parsed(text));
        if (record !== null) hear({ changed: [[name.slice(V2.length), record]] });
      };
      const onStorage = ({ key, newValue }: StorageEvent): void => {
        hearText(key, newValue);
      };
      const onRemembered = (event: Event): void => {
        const { detail } = event as CustomEvent<string>;
        hearText(detail, localStorage.getItem(detail));
      };
      channel?.addEventListener('message', onMessage);
      window.addEventListener('storage', onStorage);
      window.addEventListener(REMEMBERED, onRemembered);
      return () => {
        channel?.removeEventListener('message', onMessage);
        window.removeEventListener('storage', onStorage);
        window.removeEventListener(REMEMBERED, onRemembered);
      };
    },
    close: () => channel?.close(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
