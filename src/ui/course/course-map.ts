/** The course as a map: its modules in reading order, what is in each, how long it takes and what it stands on. */
import type { CourseFolder } from './folder.ts';
import {
  moduleFolders,
  moduleOf,
  pagesOf,
  placesOf,
  readingOrder,
  slugOf,
  type SidebarEntry,
} from './reading-order.ts';

/** A page as its front matter and its text tell it. */
export interface LessonFacts {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  /** Null for pages that are no reading, such as a licence. */
  readonly minutes: number | null;
  readonly outcomes: readonly string[];
  /** MDX without front matter: links and sums are read off it. */
  readonly body: string;
}

export interface LabFacts {
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  /** Folder of its module. */
  readonly module: string;
}

export interface CalculatorFacts {
  readonly name: string;
  readonly title: string;
  /** Path of its page. */
  readonly page: string;
}

export interface MappedLesson extends LessonFacts {
  /** Earlier lessons of other modules that its text points back to, in reading order. */
  readonly looksBackTo: readonly { readonly slug: string; readonly title: string }[];
}

/** Lessons under one heading; null where they stand directly in the module. */
export interface Part {
  readonly label: string | null;
  readonly lessons: readonly MappedLesson[];
}

export interface Module {
  readonly slug: string;
  /** From 1, in reading order. */
  readonly number: number;
  readonly title: string;
  readonly description: string;
  readonly parts: readonly Part[];
  readonly labs: readonly LabFacts[];
  readonly calculators: readonly CalculatorFacts[];
  readonly minutes: { readonly lessons: number; readonly labs: number };
  /** Modules it stands on, and modules that stand on it: direct ones only. */
  readonly needs: readonly ModuleLink[];
  readonly leadsTo: readonly ModuleLink[];
}

export interface ModuleLink {
  readonly slug: string;
  readonly title: string;
}

export interface CourseMap {
  /** Pages before the first module, and after the last. */
  readonly before: readonly LessonFacts[];
  readonly modules: readonly Module[];
  readonly behind: readonly LessonFacts[];
}

/**
 * Labs and calculators come in the order in which they are given. A module that is needed but not in the
 * folder (a team may leave modules out) is left out. Throws if a page of the folder is not among the lessons.
 */
export function courseMap(
  folder: CourseFolder,
  lessons: readonly LessonFacts[],
  labs: readonly LabFacts[],
  calculators: readonly CalculatorFacts[],
): CourseMap {
  const bySlug = new Map(lessons.map((lesson) => [lesson.slug, lesson]));
  const lessonAt = (slug: string): LessonFacts => {
    const lesson = bySlug.get(slug);
    if (lesson === undefined)
      throw new Error(`content/: the page "${slug}" is in the folder, but was not read.`);
    return lesson;
  };
  const folders = new Map(moduleFolders(folder.files).map((name) => [slugOf(name), name] as const));
  const order = readingOrder(folder.files, folder.titles);
  const reading = pagesOf(order);
  const groups = order.flatMap((entry) => {
    const slug = moduleOf(entry, folder.files);
    return slug === null || entry.kind === 'page' ? [] : [{ slug, entry }];
  });
  const links = new Map(groups.map(({ slug, entry }) => [slug, { slug, title: entry.label }]));
  const needsOf = (slug: string): readonly string[] =>
    (folder.about.get(folders.get(slug) ?? '')?.needs ?? []).filter((need) => links.has(need));

  const modules = groups.map(({ slug, entry }, index): Module => {
    const path = folders.get(slug) ?? '';
    const parts = partsOf(entry).map(({ label, slugs }) => ({
      label,
      lessons: slugs.map((page) => ({
        ...lessonAt(page),
        looksBackTo: linkedPages(lessonAt(page).body)
          .filter((target) => !target.startsWith(`${slug}/`) && links.has(target.split('/')[0] ?? ''))
          .filter((target) => bySlug.has(target) && reading.indexOf(target) < reading.indexOf(page))
          .sort((one, other) => reading.indexOf(one) - reading.indexOf(other))
          .map((target) => ({ slug: target, title: lessonAt(target).title })),
      })),
    }));
    const ownLessons = parts.flatMap((part) => part.lessons);
    const ownLabs = labs.filter((lab) => lab.module === path);
    const used = new Set(ownLessons.flatMap(({ body }) => calculatorsIn(body)));
    return {
      slug,
      number: index + 1,
      title: entry.label,
      description: folder.about.get(path)?.description ?? '',
      parts,
      labs: ownLabs,
      calculators: calculators.filter(({ name }) => used.has(name)),
      minutes: {
        lessons: sum(ownLessons.map(({ minutes }) => minutes ?? 0)),
        labs: sum(ownLabs.map(({ minutes }) => minutes)),
      },
      needs: needsOf(slug).flatMap((need) => links.get(need) ?? []),
      leadsTo: groups
        .filter((other) => needsOf(other.slug).includes(slug))
        .flatMap((other) => links.get(other.slug) ?? []),
    };
  });
  const isModule = (entry: SidebarEntry): boolean => moduleOf(entry, folder.files) !== null;
  const [first, last] = [order.findIndex(isModule), order.findLastIndex(isModule)];
  return {
    before: pagesOf(order.slice(0, Math.max(first, 0))).map(lessonAt),
    modules,
    behind: pagesOf(order.slice(last + 1)).map(lessonAt),
  };
}

/** All lessons of a module, in reading order. */
export function lessonsOf(module: Module): readonly MappedLesson[] {
  return module.parts.flatMap((part) => part.lessons);
}

/** Names of the calculators that a text asks or points to. */
export function calculatorsIn(body: string): readonly string[] {
  const found = [
    ...[...body.matchAll(/\]\(\/calculators\/([\w-]+)/g)].map(([, name]) => name ?? ''),
    ...[...body.matchAll(/<Calc\s+line="([\w-]+)/g)].map(([, name]) => name ?? ''),
    ...(body.includes('<PlanFigure') ? ['ip-plan'] : []),
    ...(body.includes('](/tracer/') ? ['packet-tracer'] : []),
  ];
  return [...new Set(found)];
}

/** Slugs of the pages that a text links to, each once. */
function linkedPages(body: string): readonly string[] {
  const targets = [...body.matchAll(/\]\(\/([^)#?]*?)\/?(?:[#?][^)]*)?\)/g)].map(
    ([, target]) => target ?? '',
  );
  return [...new Set(targets)];
}

/** "Addresses" says little without the plugin whose they are, so groups inside a module keep their heading. */
function partsOf(
  group: Extract<SidebarEntry, { kind: 'group' }>,
): readonly { readonly label: string | null; readonly slugs: readonly string[] }[] {
  const parts = new Map<string | null, string[]>([[null, []]]);
  for (const { slug, groups } of placesOf(group.entries)) {
    const label = groups.at(-1) ?? null;
    parts.set(label, [...(parts.get(label) ?? []), slug]);
  }
  return [...parts].filter(([, slugs]) => slugs.length > 0).map(([label, slugs]) => ({ label, slugs }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
