/** Configuration of Azure Static Web Apps: its own headers file, written with each build. */

/** The service reads no more of the file than this. */
const LARGEST_FILE = 20 * 1024;

/**
 * Returns `staticwebapp.config.json` for a site at `/`, the only place where the service can have it.
 * The service compresses by itself. Throws if the file would be larger than it reads.
 */
export function staticWebAppsConfig(headers: Readonly<Record<string, string>>): string {
  const { 'Content-Security-Policy': policy, ...others } = headers;
  const config = {
    // Folders are sent on to their address with a slash, as everywhere else.
    trailingSlash: 'auto',
    globalHeaders: {
      'Content-Security-Policy': policy,
      ...others,
      'Cache-Control': 'no-cache',
    },
    routes: [
      ...['/_headers', '/build.json', '/*.{br,gz}'].map((route) => ({ route, statusCode: 404 })),
      { route: '/_astro/*', headers: { 'Cache-Control': 'public, max-age=31536000, immutable' } },
    ],
    responseOverrides: { 404: { rewrite: '/404.html' } },
    mimeTypes: { '.webmanifest': 'application/manifest+json', '.woff2': 'font/woff2' },
  };
  const text = `${JSON.stringify(config, null, 2)}\n`;
  if (text.length > LARGEST_FILE) {
    throw new Error(
      `staticwebapp.config.json has ${text.length} bytes; Azure Static Web Apps reads ${LARGEST_FILE}.`,
    );
  }
  return text;
}
