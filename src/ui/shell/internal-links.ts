/** Links between the site's own pages: authors write `/errata/`, whatever path the site lives under. */

/** The page with every root-relative link below the base path; links that are there already stay. */
export function withBase(html: string, base: string): string {
  if (base === '/') return html;
  const prefix = base.replace(/\/$/, '');
  return html.replaceAll(/(<a\b[^>]*?\shref=")(\/(?!\/)[^"]*)"/g, (whole, start: string, link: string) =>
    link === prefix || link.startsWith(`${prefix}/`) ? whole : `${start}${prefix}${link}"`,
  );
}

/** Addresses that the page's links lead to inside the site, each once; anchors included. */
export function internalLinks(html: string): readonly string[] {
  const links = [...html.matchAll(/<a\b[^>]*?\shref="((?:\/(?!\/)|#)[^"]*)"/g)].map(([, link = '']) => link);
  return [...new Set(links)];
}

/**
 * Links that lead nowhere, as `PAGE: LINK`. `pages` are the site's pages by address (`/errata/`);
 * links to files other than pages are not looked at.
 */
export function brokenLinks(pages: ReadonlyMap<string, string>): readonly string[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (address: string): ReadonlySet<string> => {
    const known = anchors.get(address);
    if (known !== undefined) return known;
    const found = new Set(
      [...(pages.get(address) ?? '').matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id),
    );
    anchors.set(address, found);
    return found;
  };
  return [...pages].flatMap(([address, html]) =>
    internalLinks(html).flatMap((link) => {
      const { pathname, hash } = new URL(link, `http://site${address}`);
      if (/\.(?!html)\w+$/.test(pathname)) return [];
      if (!pages.has(pathname)) return [`${address}: ${link}`];
      const anchor = decodeURIComponent(hash.slice(1));
      return anchor === '' || anchorsOf(pathname).has(anchor) ? [] : [`${address}: ${link}`];
    }),
  );
}
