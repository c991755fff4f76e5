/**
 * The course's reading order, read off its folder: `01-network-plugins/02-kubenet/01-addresses.mdx`
 * is the page `/network-plugins/kubenet/addresses/`. Numbers give the order and never reach a URL.
 */

export type SidebarEntry =
  | { readonly kind: 'page'; readonly slug: string }
  | { readonly kind: 'group'; readonly label: string; readonly entries: readonly SidebarEntry[] };

/** The page's slug; an `index` page takes the slug of its folder. */
export function slugOf(file: string): string {
  const segments = file
    .replace(/\.mdx?$/, '')
    .split('/')
    .map((segment) => segment.replace(/^\d+-/, ''));
  if (segments.at(-1) === 'index') segments.pop();
  return segments.join('/');
}

/** Reports whether a file under `content/` is a page: not a guide for authors, not a draft with a leading underscore. */
export function isPage(file: string): boolean {
  return (
    /\.mdx?$/.test(file) &&
    file.split('/').every((segment) => !segment.startsWith('_') && !/^readme\.mdx?$/i.test(segment))
  );
}

/**
 * Pages and groups in reading order: an `index` page first, then numbered names by number, then the
 * others by name. `titles` names folders whose label cannot be guessed from the folder name; its keys
 * are folder paths as on disk.
 */
export function readingOrder(
  files: readonly string[],
  titles: ReadonlyMap<string, string> = new Map(),
): readonly SidebarEntry[] {
  return entriesOf(
    files.filter(isPage).map((file) => ({ file, segments: file.split('/') })),
    [],
    titles,
  );
}

/** The pages of a sidebar from the first to the last, whatever group they stand in. */
export function pagesOf(entries: readonly SidebarEntry[]): readonly string[] {
  return entries.flatMap((entry) => (entry.kind === 'page' ? [entry.slug] : pagesOf(entry.entries)));
}

export interface Place {
  readonly slug: string;
  /** Labels of the groups around the page, outermost first. */
  readonly groups: readonly string[];
}

/** The same pages, each with the groups that it stands in. */
export function placesOf(entries: readonly SidebarEntry[], groups: readonly string[] = []): readonly Place[] {
  return entries.flatMap((entry) =>
    entry.kind === 'page'
      ? [{ slug: entry.slug, groups }]
      : placesOf(entry.entries, [...groups, entry.label]),
  );
}

/** Folders of the modules: the numbered ones at the top, in no order. */
export function moduleFolders(files: readonly string[]): readonly string[] {
  return [...new Set(files.flatMap((file) => /^\d+-[^/]+(?=\/)/.exec(file)?.[0] ?? []))];
}

/** The slug of the module that an entry at the top is; null if it is a page or a group of other pages. */
export function moduleOf(entry: SidebarEntry, files: readonly string[]): string | null {
  const [first = ''] = pagesOf([entry])[0]?.split('/') ?? [];
  return entry.kind === 'group' && moduleFolders(files).some((folder) => slugOf(folder) === first)
    ? first
    : null;
}

interface Placed {
  readonly file: string;
  readonly segments: readonly string[];
}

function entriesOf(
  pages: readonly Placed[],
  folder: readonly string[],
  titles: ReadonlyMap<string, string>,
): readonly SidebarEntry[] {
  const byName = new Map<string, Placed[]>();
  for (const page of pages) {
    const name = page.segments[folder.length];
    if (name === undefined) continue;
    byName.set(name, [...(byName.get(name) ?? []), page]);
  }
  return [...byName.keys()].sort(inReadingOrder).flatMap((name): readonly SidebarEntry[] => {
    const inside = byName.get(name) ?? [];
    const path = [...folder, name];
    const [only] = inside;
    if (only !== undefined && only.segments.length === path.length) {
      return [{ kind: 'page', slug: slugOf(only.file) }];
    }
    const label = titles.get(path.join('/')) ?? labelOf(name);
    return [{ kind: 'group', label, entries: entriesOf(inside, path, titles) }];
  });
}

function inReadingOrder(left: string, right: string): number {
  const [leftRank, rightRank] = [rankOf(left), rankOf(right)];
  return leftRank - rightRank || left.localeCompare(right, 'en', { numeric: true });
}

function rankOf(name: string): number {
  if (/^index\.mdx?$/.test(name)) return -1;
  const number = /^(\d+)-/.exec(name)?.[1];
  return number === undefined ? Number.POSITIVE_INFINITY : Number(number);
}

/** `02-kubenet` reads `Kubenet`; a folder that needs other capitals has a title of its own. */
function labelOf(folder: string): string {
  const words = folder.replace(/^\d+-/, '').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A sidebar as Starlight hands it to a page, as far as finding the current page needs it. */
export type RenderedSidebar = readonly (
  | {
      readonly type: 'link';
      readonly label: string;
      readonly isCurrent: boolean;
      readonly href: string;
    }
  | { readonly type: 'group'; readonly label: string; readonly entries: RenderedSidebar }
)[];

/** Labels of the groups around the current page, outermost first; none for a page outside every group. */
export function groupsAround(sidebar: RenderedSidebar): readonly string[] {
  for (const entry of sidebar) {
    if (entry.type === 'link') continue;
    if (entry.entries.some((inner) => inner.type === 'link' && inner.isCurrent)) return [entry.label];
    const inner = groupsAround(entry.entries);
    if (inner.length > 0) return [entry.label, ...inner];
  }
  return [];
}

/** Where a group's own page is: the page of a module opens its group. Null for groups without one, and for links. */
export function openingOf(entry: RenderedSidebar[number] | undefined): string | null {
  const first = entry?.type === 'group' ? entry.entries[0] : undefined;
  return first?.type === 'link' && /\/modules\/[^/]+\/?$/.test(first.href) ? first.href : null;
}

/** The label of the group whose own page that is; null if it is none. */
export function groupOpenedBy(sidebar: RenderedSidebar, href: string): string | null {
  return sidebar.find((entry) => openingOf(entry) === href)?.label ?? null;
}

type RenderedLink = Extract<RenderedSidebar[number], { type: 'link' }>;

/** What is not reading, in the order of the sidebar: the course map and the links of its group "Practice". */
export function partsOfSite(sidebar: RenderedSidebar): readonly RenderedLink[] {
  return sidebar
    .flatMap((entry) => {
      if (entry.type === 'link') return /\/map\/$/.test(entry.href) ? [entry] : [];
      return entry.label === 'Practice' ? entry.entries : [];
    })
    .filter((entry) => entry.type === 'link');
}

/**
 * The link of the sidebar one step above a page that the sidebar does not list, and the group that the link
 * is in: a calculator is below the list of calculators. Null for a page that is listed, or has nothing above.
 */
export function listAbove(
  sidebar: RenderedSidebar,
  pathname: string,
): { readonly group: string; readonly link: RenderedLink } | null {
  const above = pathname.replace(/[^/]+\/?$/, '');
  for (const entry of sidebar) {
    if (entry.type === 'link') continue;
    const link = entry.entries.find(
      (each) => each.type === 'link' && each.href === above && each.href !== pathname,
    );
    if (link?.type === 'link') return { group: entry.label, link };
  }
  return null;
}
