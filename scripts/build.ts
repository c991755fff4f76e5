/**
 * `npm run build [-- --out FOLDER]`: the site into `dist/` or another folder of this repository (the
 * build looks for its packages above the folder), with the Node of this repository.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DIST, buildSite } from './built-site.ts';

const { values } = parseArgs({ options: { out: { type: 'string', default: DIST } } });
process.exitCode = await buildSite(resolve(values.out));
