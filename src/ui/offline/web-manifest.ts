/** What an installed copy of the course is called and looks like. */

/** The paper of src/ui/style/theme.css: what shows before the first page does. */
const PAPER = '#fbfaf7';

export const ICONS = [
  { src: 'icons/192.png', sizes: '192x192', purpose: 'any' },
  { src: 'icons/512.png', sizes: '512x512', purpose: 'any' },
  { src: 'icons/maskable-512.png', sizes: '512x512', purpose: 'maskable' },
] as const;

/** Returns the manifest as text. Every address in it is relative, so that it holds below any base path. */
export function webManifest(name: string, shortName: string): string {
  const manifest = {
    id: './',
    name,
    short_name: shortName,
    description: 'Learn how networking works in Azure Kubernetes Service, online or offline.',
    lang: 'en',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: PAPER,
    theme_color: PAPER,
    icons: [
      { src: 'favicon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
      ...ICONS.map((icon) => ({ ...icon, type: 'image/png' })),
    ],
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
