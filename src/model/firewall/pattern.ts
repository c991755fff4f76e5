/** Reports whether a name fits a pattern in which `*` stands for any characters, also dots. Both in small letters. */
export function matchesPattern(pattern: string, name: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === name;
  const head = pattern.slice(0, star);
  const tail = pattern.slice(star + 1);
  return name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail);
}

/** Reports whether every name that fits `inner` also fits `outer`. */
export function patternCovers(outer: string, inner: string): boolean {
  if (!inner.includes('*')) return matchesPattern(outer, inner);
  const star = outer.indexOf('*');
  if (star < 0) return false;
  const from = inner.indexOf('*');
  return (
    inner.slice(0, from).startsWith(outer.slice(0, star)) &&
    inner.slice(from + 1).endsWith(outer.slice(star + 1))
  );
}
