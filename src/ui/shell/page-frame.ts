/**
 * How much room a page gives to its content. The head of a page says it: what stands in the content arrives later on a
 * slow connection, and the page would move.
 */
export type PageFrame = 'measure' | 'wide' | 'workspace';

const WIDE = /^\/(?:calculators(?:\/.*)?|tracer|labs)\/?$/;

/** By the pattern of a page's address, below the base path: `/labs/[lab]`. */
export function pageFrame(routePattern: string): PageFrame {
  if (/^\/labs\/\[lab\]\/?$/.test(routePattern)) return 'workspace';
  return WIDE.test(routePattern) ? 'wide' : 'measure';
}
