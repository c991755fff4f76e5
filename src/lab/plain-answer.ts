/**
 * Returns an answer without what people copy along with it and what does not make it wrong: quotes, case, a
 * final dot, the kind before a name (`node/`), the rest of a resource id, the length of a single host, the
 * port after an address, dashes in a MAC address, `spec.` before a field and its value behind it.
 */
export function plainAnswer(answer: string): string {
  const text = answer
    .trim()
    .replace(/^(["'`])(.*)\1$/, '$2')
    .trim()
    .replace(/\.$/, '')
    .toLowerCase();
  if (/^\/subscriptions\/.+\/[^/]+$/.test(text)) return text.slice(text.lastIndexOf('/') + 1);
  if (/^([0-9a-f]{2}-){5}[0-9a-f]{2}$/.test(text)) return text.replaceAll('-', ':');
  const host = /^(\d+\.\d+\.\d+\.\d+)(?:\/32|:\d+)$/.exec(text);
  if (host?.[1] !== undefined) return host[1];
  return text
    .replace(/^(node|nodes|pod|pods)\//, '')
    .replace(/^\.?spec\./, '')
    .replace(/: true$/, '');
}
