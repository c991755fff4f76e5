import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import mdx from '@astrojs/mdx';
import preact from '@astrojs/preact';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { sourcesDigest } from './scripts/built-site.ts';
import { accentStyle, accentTokens } from './src/course-config/accent.ts';
import { checkCourse, course as settings } from './src/course-config/course.ts';
import { courseVersion } from './src/course-version.ts';
import { basePath } from './src/ui/course/base-path.ts';
import { readCourseFolder } from './src/ui/course/folder.ts';
import { moduleOf, readingOrder } from './src/ui/course/reading-order.ts';
import { offlineSite } from './src/ui/offline/offline-site.ts';
import { finishedPages } from './src/ui/shell/finished-pages.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const { title, brand, modules, links, solutions } = checkCourse(settings, root);
const base = basePath(settings.base);
const course = readCourseFolder(`${root}content`);

/** @param {import('./src/ui/course/reading-order.ts').SidebarEntry} entry */
const sidebarItem = (entry) =>
  entry.kind === 'page'
    ? { slug: entry.slug }
    : { label: entry.label, items: entry.entries.map(sidebarItem) };

/**
 * A module's group begins with its own page. Groups are open only around the page that is read: sixty
 * lessons at once are a list in which nobody finds the labs. @param {import('./src/ui/course/reading-order.ts').SidebarEntry} entry */
const sidebarGroup = (entry) => {
  const item = sidebarItem(entry);
  if (entry.kind === 'group') item.collapsed = true;
  const module = moduleOf(entry, course.files);
  return module === null
    ? item
    : { ...item, items: [{ label: 'About this module', link: `/modules/${module}/` }, ...item.items] };
};

const practice = [
  { label: 'Review', link: '/practice/', page: 'practice' },
  { label: 'Incident', link: '/practice/incident/', page: 'practice/incident' },
  { label: 'Labs', link: '/labs/', page: 'labs' },
  { label: 'Calculators', link: '/calculators/', page: 'calculators' },
  { label: 'Packet tracer', link: '/tracer/', page: 'tracer' },
  { label: 'Progress', link: '/progress/', page: 'progress' },
].filter(
  ({ page }) => existsSync(`${root}src/pages/${page}`) || existsSync(`${root}src/pages/${page}.astro`),
);

/**
 * The browser bundle of just-bash imports node:zlib, which no browser has. Only in workers: the build
 * itself runs labs in Node, where zlib is there.
 * @returns {import('vite').Plugin}
 */
const withoutZlib = () => ({
  name: 'without-zlib',
  enforce: 'pre',
  resolveId: (id) =>
    id === 'node:zlib' ? fileURLToPath(new URL('./src/ui/lab/no-zlib.ts', import.meta.url)) : null,
});

/**
 * Reference solutions that are off are in no file of the site either.
 * @returns {import('vite').Plugin}
 */
const withoutSolutions = () => ({
  name: 'without-solutions',
  enforce: 'pre',
  load: (id) => (/\/labs\/[^/]+\/solution[^/]*\.sh\?raw$/.test(id) ? 'export default "";' : null),
});

/**
 * Starlight asks of a list whether it has blocks in it, to give room to any last element of its items. With
 * `:has()` before any element, a browser styles the whole page anew whenever a script puts something anywhere:
 * for each key in a terminal, four times the work. A last element that is a block answers the question itself; it
 * stands only before lists in lists. (What Starlight does about scripts at the end of items, no item of ours needs.)
 * @returns {import('vite').Plugin}
 */
const blocksInLists = () => ({
  name: 'blocks-in-lists',
  enforce: 'pre',
  transform: (code, id) => {
    if (!/starlight\/dist\/style\/markdown\.css$/.test(id)) return null;
    const inline = 'a, strong, em, del, span, input, code, br, script';
    const rule =
      /:is\(ol, ul\)(:has\(> li > :not\(([^()]*), ol, ul\)\))\s*> li\s*> :is\(\s*:last-child[^{]*\{/;
    const [, hasBlocks, named] = rule.exec(code) ?? [];
    if (named !== inline) throw new Error('Starlight has another rule for blocks in lists.');
    const last = ':last-child:not(:where(.not-content *))';
    const selectors =
      `:is(:is(ol, ul) > li > ${last}:not(${inline}, ol, ul), ` +
      `:is(ol, ul)${hasBlocks} > li > :is(ol, ul)${last}) {`;
    return { code: code.replace(rule, selectors), map: null };
  },
});

/**
 * Islands whose script waits for the reader.
 * @returns {import('astro').AstroIntegration}
 */
const touchedIslands = () => ({
  name: 'touched-islands',
  hooks: {
    'astro:config:setup': ({ addClientDirective }) =>
      addClientDirective({ name: 'touched', entrypoint: './src/ui/calc/client-touched.ts' }),
  },
});

/** @type {import('@astrojs/starlight/types').StarlightUserConfig['head']} */
const accent =
  brand.accent === undefined
    ? []
    : [
        {
          tag: 'style',
          content: accentStyle(
            accentTokens(brand.accent.light, 'light'),
            accentTokens(brand.accent.dark, 'dark'),
          ),
        },
      ];

export default defineConfig({
  base,
  trailingSlash: 'ignore',
  build: { inlineStylesheets: 'never' },
  prefetch: { prefetchAll: true, defaultStrategy: 'hover' },
  markdown: {
    shikiConfig: {
      themes: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
      defaultColor: false,
    },
  },
  integrations: [
    starlight({
      title,
      head: accent,
      description:
        'Learn how networking works in Azure Kubernetes Service: read, predict, watch the packet, and work on a simulated subscription.',
      favicon: '/favicon.svg',
      customCss: [
        './src/ui/style/fonts.css',
        './src/ui/style/theme.css',
        './src/ui/style/address-range.css',
        './src/ui/style/prose.css',
      ],
      expressiveCode: false,
      credits: false,
      disable404Route: true,
      routeMiddleware: './src/ui/shell/module-names.ts',
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
      components: {
        Head: './src/ui/shell/Head.astro',
        Search: './src/ui/shell/Search.astro',
        ThemeProvider: './src/ui/shell/ThemeProvider.astro',
        ThemeSelect: './src/ui/shell/ThemeSelect.astro',
        SiteTitle: './src/ui/shell/SiteTitle.astro',
        SocialIcons: './src/ui/shell/SiteParts.astro',
        PageTitle: './src/ui/shell/PageTitle.astro',
        Footer: './src/ui/shell/Footer.astro',
        Hero: './src/ui/home/Hero.astro',
      },
      sidebar: [
        { label: 'Course map', link: '/map/' },
        ...readingOrder(course.files, course.titles).map(sidebarGroup),
        ...(practice.length > 0
          ? [{ label: 'Practice', items: practice.map(({ label, link }) => ({ label, link })) }]
          : []),
        ...(links.length > 0
          ? [{ label: 'Links', items: links.map(({ label, href }) => ({ label, link: href })) }]
          : []),
      ],
    }),
    mdx({ optimize: true }),
    // Its Babel reads what it is given, and only these files have anything for it.
    preact({ include: ['**/*.tsx'] }),
    touchedIslands(),
    finishedPages(base, modules.off),
    // Last: what is kept for offline use is what the others have written.
    offlineSite(base),
  ],
  vite: {
    define: {
      'import.meta.env.COURSE_VERSION': JSON.stringify(courseVersion(root, () => sourcesDigest(base))),
    },
    build: {
      rolldownOptions: {
        // Pure by rule: what a page asks nothing of stays out of its script, tables included.
        treeshake: { moduleSideEffects: [{ test: /\/src\/(model|planner)\//, sideEffects: false }] },
        // Astro's own marker directives in MDX: rolldown warns of each page, and nobody can act on it.
        onLog: (level, log, handle) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
        },
      },
    },
    resolve: {
      alias: {
        '@lesson': fileURLToPath(new URL('./src/ui/lesson/index.ts', import.meta.url)),
        '@plan-figure': fileURLToPath(new URL('./src/ui/calc/PlanFigure.astro', import.meta.url)),
        '@wire': fileURLToPath(new URL('./src/ui/wire/Wire.astro', import.meta.url)),
        '@service-objects': fileURLToPath(
          new URL('./src/ui/load-balancer/ServiceObjects.astro', import.meta.url),
        ),
      },
    },
    plugins: [blocksInLists(), ...(solutions === 'off' ? [withoutSolutions()] : [])],
    worker: {
      format: 'es',
      plugins: () => [withoutZlib(), ...(solutions === 'off' ? [withoutSolutions()] : [])],
    },
  },
});
