/** Modules that a course leaves out: their lessons are not built, and nothing leads to them. */
import { similarNames } from '../lab/similar-names.ts';

/** The folder of a module without its number, as addresses have it. */
export function moduleName(folder: string): string {
  return folder.replace(/^\d+-/, '');
}

/** Reports whether a path below `content/`, or a slug, belongs to a module that is off. */
export function isOff(off: readonly string[], path: string): boolean {
  const [module = ''] = path.replace(/^\//, '').split(/[/?#]/);
  return off.some((each) => moduleName(each) === moduleName(module));
}

/** Returns what is wrong with a list of modules to leave out, given the folders that there are. */
export function moduleProblems(off: readonly string[], folders: readonly string[]): readonly string[] {
  const names = folders.map(moduleName);
  const unknown = off.flatMap((each, at) => {
    if (names.includes(moduleName(each))) return [];
    const similar = similarNames(moduleName(each), names);
    const advice =
      similar.length > 0 ? `did you mean ${similar.join(' or ')}?` : `they are ${names.join(', ')}`;
    return [`modules.off[${at}]: there is no module '${each}'; ${advice}`];
  });
  const left = folders.filter((folder) => !isOff(off, folder));
  return left.length > 0 ? unknown : [...unknown, 'modules.off: all modules are off; leave one on'];
}

/**
 * Returns the page without links to what is left out: lessons of modules that are off, and their labs and
 * comparisons, which have no page either. The text of such a link stays. `base` is the site's, `isBuilt` tells of `labs/x/`.
 */
export function withoutLinksTo(
  off: readonly string[],
  html: string,
  base: string,
  isBuilt: (path: string) => boolean,
): string {
  if (off.length === 0) return html;
  return html.replaceAll(
    /<a\b[^>]*?\shref="(\/(?!\/)[^"]*)"[^>]*>([\s\S]*?)<\/a>/g,
    (all, href: string, text: string) => {
      const path = (href.startsWith(base) ? href.slice(base.length) : href.slice(1)).replace(/[?#].*$/, '');
      const isGone = isOff(off, path) || (/^(?:labs|comparison)\/[^/]+/.test(path) && !isBuilt(path));
      return isGone ? `<span>${text}</span>` : all;
    },
  );
}
