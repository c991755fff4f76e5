/** Python's `difflib.get_close_matches`, which azure-cli asks for "Did you mean". */

/** Returns the candidates whose similarity reaches `cutoff`, most similar first, at most three. */
export function closeMatches(word: string, candidates: Iterable<string>, cutoff: number): readonly string[] {
  const scored: { readonly candidate: string; readonly score: number }[] = [];
  for (const candidate of candidates) {
    const score = similarity(candidate, word);
    if (score >= cutoff) scored.push({ candidate, score });
  }
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map((one) => one.candidate);
}

/** Ratcliff and Obershelp: twice the matched characters over all characters. */
function similarity(a: string, b: string): number {
  const total = a.length + b.length;
  return total === 0 ? 1 : (2 * matchedCharacters(a, b)) / total;
}

function matchedCharacters(a: string, b: string): number {
  let best = { a: 0, b: 0, length: 0 };
  let previous: number[] = [];
  for (let i = 0; i < a.length; i++) {
    const current: number[] = [];
    for (let j = 0; j < b.length; j++) {
      if (a[i] !== b[j]) continue;
      const length = (previous[j - 1] ?? 0) + 1;
      current[j] = length;
      if (length > best.length) best = { a: i - length + 1, b: j - length + 1, length };
    }
    previous = current;
  }
  if (best.length === 0) return 0;
  return (
    best.length +
    matchedCharacters(a.slice(0, best.a), b.slice(0, best.b)) +
    matchedCharacters(a.slice(best.a + best.length), b.slice(best.b + best.length))
  );
}
