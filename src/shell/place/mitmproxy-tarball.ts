/** mitmproxy's standalone programs, as downloads.mitmproxy.org has them and as tar unpacks them. */

export const DOWNLOADS = 'downloads.mitmproxy.org';

/** The releases with a file named after its architecture, as https://mitmproxy.org/downloads lists them (2026-08). */
const RELEASES = [
  ...['10.2.3', '10.2.4', '10.3.0', '10.3.1', '10.4.0', '10.4.1', '10.4.2', '11.0.0', '11.0.1', '11.0.2'],
  ...['11.1.0', '11.1.1', '11.1.2', '11.1.3', '12.0.0', '12.0.1', '12.1.0', '12.1.1', '12.1.2', '12.2.0'],
  ...['12.2.1', '12.2.2', '12.2.3'],
];

/** The programs in it. */
export const TARBALL_PROGRAMS = ['mitmdump', 'mitmproxy', 'mitmweb'] as const;

const HEAD = 'mitmproxy standalone programs for linux-x86_64, version ';

/** Returns the file at a path of the download site, or null where it has none. */
export function downloadAt(path: string): string | null {
  const [, folder, version] = /^\/([\d.]+)\/mitmproxy-([\d.]+)-linux-x86_64\.tar\.gz$/.exec(path) ?? [];
  return version !== undefined && folder === version && RELEASES.includes(version)
    ? `${HEAD}${version}\n`
    : null;
}

/** Returns the version of the programs in a file, or null for any other file. */
export function tarballVersion(text: string): string | null {
  return text.startsWith(HEAD) ? text.slice(HEAD.length).trim() : null;
}
