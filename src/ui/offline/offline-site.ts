/** Astro integration: the service worker of the finished site. */
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { writeOfflineCopy } from './offline-copy.ts';

export function offlineSite(base: string): AstroIntegration {
  return {
    name: 'offline-site',
    hooks: {
      'astro:build:done': ({ dir, logger }) => {
        const { list, size } = writeOfflineCopy(fileURLToPath(dir), base);
        const megabytes = (size.bytes / 1e6).toFixed(1);
        logger.info(`version ${list.version} for offline use: ${size.files} files, ${megabytes} MB as sent`);
      },
    },
  };
}
