/** Opens the search dialog and fills it from Pagefind's index, which loads with the first opening. */

interface Hit {
  readonly url: string;
  readonly excerpt: string;
  readonly meta: { readonly title?: string };
}

interface Pagefind {
  readonly options: (options: { baseUrl: string; excerptLength: number }) => Promise<void>;
  readonly debouncedSearch: (
    query: string,
    options: object,
    milliseconds: number,
  ) => Promise<{ readonly results: readonly { readonly data: () => Promise<Hit> }[] } | null>;
}

const SHOWN = 8;

export function connectSearch(root: HTMLElement): void {
  const open = root.querySelector<HTMLButtonElement>('.open');
  const dialog = root.querySelector('dialog');
  const input = root.querySelector('input');
  const status = root.querySelector('.status');
  const results = root.querySelector('.results');
  if (!open || !dialog || !input || !status || !results) return;

  let index: Promise<Pagefind> | null = null;
  const load = (): Promise<Pagefind> => {
    index ??= (async () => {
      const pagefind = (await import(/* @vite-ignore */ root.dataset.bundle ?? '')) as Pagefind;
      await pagefind.options({ baseUrl: root.dataset.base ?? '/', excerptLength: 24 });
      return pagefind;
    })();
    return index;
  };

  const show = (): void => {
    if (dialog.open) return;
    dialog.showModal();
    input.focus();
    input.select();
    load().catch(() => {
      index = null;
      status.textContent = 'The search index could not be loaded. The sidebar lists every page.';
    });
  };

  const search = async (): Promise<void> => {
    const query = input.value.trim();
    if (query === '') {
      results.replaceChildren();
      status.textContent = '';
      return;
    }
    const found = await (await load()).debouncedSearch(query, {}, 120);
    if (found === null) return;
    const hits = await Promise.all(found.results.slice(0, SHOWN).map((result) => result.data()));
    if (input.value.trim() !== query) return;
    results.replaceChildren(...hits.map(listItem));
    status.textContent =
      found.results.length === 0
        ? `Nothing found for “${query}”. Try one word, or an address.`
        : `${found.results.length} ${found.results.length === 1 ? 'page' : 'pages'} found`;
  };

  open.hidden = false;
  open.addEventListener('click', show);
  input.addEventListener('input', () => {
    search().catch(() => {
      status.textContent = 'The search index could not be read.';
    });
  });
  // Enter follows the first hit. Escape closes at once: a search field would first only be emptied by it.
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    if (event.key === 'Escape') dialog.close();
    else results.querySelector('a')?.click();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  window.addEventListener('keydown', (event) => {
    const typing =
      event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
    const slash = event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const controlK = event.key === 'k' && (event.ctrlKey || event.metaKey);
    if (!slash && !controlK) return;
    event.preventDefault();
    show();
  });
}

function listItem(hit: Hit): HTMLLIElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = hit.url;
  const title = document.createElement('strong');
  title.textContent = hit.meta.title ?? hit.url;
  const excerpt = document.createElement('span');
  excerpt.append(...marked(hit.excerpt));
  link.append(title, excerpt);
  item.append(link);
  return item;
}

/** Pagefind's excerpt is text with `<mark>` around the words found; only those tags become elements. */
function marked(excerpt: string): readonly Node[] {
  return excerpt.split(/(<mark>.*?<\/mark>)/).map((part) => {
    const word = /^<mark>(.*)<\/mark>$/.exec(part)?.[1];
    if (word === undefined) return document.createTextNode(decoded(part));
    const mark = document.createElement('mark');
    mark.textContent = decoded(word);
    return mark;
  });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}
