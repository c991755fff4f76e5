/** What axe finds on a page, and whether the page fits its window. */
import type { Page } from '@playwright/test';
import axe from 'axe-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules that look at colours. What others find in a document they find in it in either theme. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
/** Only violations are wanted in words, and no page has frames: without these it takes three times as long. */
const QUICKLY = { resultTypes: ['violations'], preload: false, iframes: false } satisfies axe.RunOptions;

/** Axe in a page, as much of it as is used here. */
type AxeInPage = Pick<typeof axe, 'configure' | 'run'> & {
  readonly commons: { readonly color: { readonly Color: { readonly prototype: AxeColour } } };
};
interface AxeColour {
  r: number;
  g: number;
  b: number;
  alpha: number;
  parseString(text: string): AxeColour;
}
type AxeWindow = Window & { readonly axe: AxeInPage };

/**
 * Axe comes compiled for browsers without private fields: each one of a colour is an entry in a map of all
 * colours that holds them weakly, and filling these takes a third of its time. A property does the same.
 */
const SOURCE = axe.source.replaceAll(
  /(_\w+) = new Weak(?:Map|Set)\(\)/g,
  (_, name: string) =>
    `${name} = { get: (it) => it.$${name}, set: (it, value) => { it.$${name} = value; }, ` +
    `has: (it) => '$${name}' in it, add: (it) => { it.$${name} = true; } }`,
);

/**
 * Axe reads the colours of every text and of all it stands in, and spends a third of its time on reading
 * the same few words, such as `rgb(28, 33, 43)`, again and again; now it remembers them.
 */
function rememberColours(): void {
  const { axe: inPage } = window as unknown as AxeWindow;
  inPage.configure({ noHtml: true });
  const colour = inPage.commons.color.Color.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the colour it belongs to
  const { parseString } = colour;
  const read = new Map<string, readonly [r: number, g: number, b: number, alpha: number]>();
  colour.parseString = function (text) {
    const known = read.get(text);
    if (known === undefined) {
      parseString.call(this, text);
      read.set(text, [this.r, this.g, this.b, this.alpha]);
    } else [this.r, this.g, this.b, this.alpha] = known;
    return this;
  };
}

/** What axe finds against WCAG 2.2 AA and its own best practices, one line per element. */
export async function accessibilityIssues(
  page: Page,
  asked: 'everything' | 'colours' = 'everything',
): Promise<readonly string[]> {
  // Axe is half a megabyte; a document needs it once.
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(SOURCE);
    await page.evaluate(rememberColours);
  }
  const runOnly =
    asked === 'everything'
      ? ({ type: 'tag', values: TAGS } satisfies axe.RunOnly)
      : ({ type: 'rule', values: COLOUR_RULES } satisfies axe.RunOnly);
  return page.evaluate(
    async (options) => {
      const { violations } = await (window as unknown as AxeWindow).axe.run(document, options);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
      );
    },
    { ...QUICKLY, runOnly },
  );
}

export type Theme = 'light' | 'dark';

/** What axe finds in a theme, one line per element; the page stays in it. */
export async function issuesIn(
  page: Page,
  theme: Theme,
  asked: 'everything' | 'colours' = 'everything',
): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction((wanted) => document.documentElement.dataset['theme'] === wanted, theme);
  return (await accessibilityIssues(page, asked)).map((issue) => `${theme}: ${issue}`);
}

/** What axe finds in both themes, one line per element; the page is in the dark one at the end. */
export async function issuesInBothThemes(page: Page): Promise<readonly string[]> {
  return [...(await issuesIn(page, 'light')), ...(await issuesIn(page, 'dark', 'colours'))];
}

/** What is wrong with how a page fits its window: more or less than one title, or scrolling sideways. */
export function misfits(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const wrong: string[] = [];
    const titles = [...document.querySelectorAll('h1')].filter((title) =>
      title.checkVisibility({ visibilityProperty: true }),
    ).length;
    if (titles !== 1) wrong.push(`${titles} titles of the first level`);
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over > 0) wrong.push(`${over} px wider than the window`);
    return wrong;
  });
}
