/**
 * The path the site lives under, with a leading and a trailing slash: `/` by default, `/workbook/` for
 * `workbook`, `/workbook` or `/workbook/`. Throws on anything that is not a plain path.
 */
export function basePath(setting: string | undefined): string {
  const segments = (setting ?? '').split('/').filter((segment) => segment !== '');
  for (const segment of segments) {
    if (!/^[\w.~-]+$/.test(segment) || segment === '.' || segment === '..') {
      throw new Error(
        `BASE_PATH is "${setting}"; expected a path like "/workbook/" of letters, digits, ".", "-", "_" and "~".`,
      );
    }
  }
  return segments.length === 0 ? '/' : `/${segments.join('/')}/`;
}

/** A root-relative address of the site, below its base path. */
export function pathTo(base: string, path: string): string {
  return `${base.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
}
