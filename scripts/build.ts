/** `npm run build`: the site into `dist/`, with the Node of this repository. */
import { buildSite } from './built-site.ts';

process.exitCode = await buildSite();
