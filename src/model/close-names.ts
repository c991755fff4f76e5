/** Returns up to three of the candidates that look most like what was typed, the closest first. */
export function closeNames(typed: string, candidates: Iterable<string>): readonly string[] {
  const wanted = typed.toLowerCase();
  const scored: { readonly name: string; readonly distance: number }[] = [];
  for (const name of new Set(candidates)) {
    const lower = name.toLowerCase();
    const contains = wanted.length >= 2 && lower.includes(wanted);
    const shared = sharedStart(wanted, lower);
    // Generated names differ at the end: `web-6d4b75cb6d-hx9bt` is close to its successor.
    const alike = shared >= Math.max(3, wanted.length / 2);
    const furthest = Math.max(2, Math.floor(wanted.length / 3));
    // No fewer edits than the lengths differ by.
    if (!contains && !alike && Math.abs(lower.length - wanted.length) > furthest) continue;
    const distance = contains
      ? 0
      : Math.min(editDistance(wanted, lower), alike ? wanted.length - shared : Infinity);
    if (contains || alike || distance <= furthest) {
      scored.push({ name, distance });
    }
  }
  return scored
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((each) => each.name);
}

function sharedStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charAt(at) === b.charAt(at)) at++;
  return at;
}

/** Levenshtein's distance: how many characters to insert, drop or replace. */
export function editDistance(a: string, b: string): number {
  // One row of the usual table: of the row before only the field to the left above is kept.
  const row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    let above = row[0] ?? 0;
    let left = i;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const swap = above + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1);
      above = row[j] ?? 0;
      left = Math.min(above + 1, left + 1, swap);
      row[j] = left;
    }
  }
  return row[b.length] ?? 0;
}
