/**
 * Astro integration for the finished pages: authors' links follow the base path, and those to modules
 * that are off become text; every page carries
 * its content security policy, `_headers` has the site's, and no worker goes without; Azure Static Web Apps has a file of its own.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { withoutLinksTo } from '../../course-config/modules.ts';
import { withBase } from './internal-links.ts';
import {
  headersFile,
  inlineScriptSources,
  securityHeaders,
  withPolicy,
  workersWithoutPolicy,
} from './security-policy.ts';
import { staticWebAppsConfig } from './static-web-apps.ts';
import { withWholeWords } from './whole-words.ts';

export function finishedPages(base: string, modulesOff: readonly string[]): AstroIntegration {
  return {
    name: 'finished-pages',
    hooks: {
      'astro:build:done': ({ dir, logger }) => {
        const root = fileURLToPath(dir);
        const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
          file.endsWith('.html'),
        );
        const isBuilt = (path: string): boolean => existsSync(join(root, path, 'index.html'));
        const sources = new Set<string>();
        for (const page of pages) {
          const file = join(root, page);
          const linked = withBase(readFileSync(file, 'utf8'), base);
          const html = withWholeWords(withoutLinksTo(modulesOff, linked, base, isBuilt));
          for (const source of inlineScriptSources(html)) sources.add(source);
          writeFileSync(file, withPolicy(html));
        }
        const headers = securityHeaders([...sources].sort());
        writeFileSync(join(root, '_headers'), headersFile(headers));
        if (base === '/') writeFileSync(join(root, 'staticwebapp.config.json'), staticWebAppsConfig(headers));
        const scripts = readdirSync(join(root, '_astro')).filter((file) => file.endsWith('.js'));
        const free = scripts.flatMap((file) =>
          workersWithoutPolicy(readFileSync(join(root, '_astro', file), 'utf8')),
        );
        if (free.length > 0) throw new Error(`Workers would run without a policy: ${free.join(', ')}.`);
        logger.info(`${pages.length} pages, ${sources.size} inline scripts allowed by hash`);
      },
    },
  };
}
