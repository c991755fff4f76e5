/**
 * Forms of jq that just-bash 3.4 answers otherwise than jq 1.7, as others that both answer alike: `@csv` quotes its
 * strings, a list has entries too, and `del` takes several places.
 */

const CSV =
  '(map(if type == "string" then "\\"" + gsub("\\""; "\\"\\"") + "\\"" elif . == null then "" else tostring end) | join(","))';
const ENTRIES =
  '(if type == "array" then [range(length) as $at | {key: $at, value: .[$at]}] else to_entries end)';
/** Places that stay where they are, whichever of them is deleted first: no elements of lists. */
const KEYS = /^\s*(?:\.(?:[A-Za-z_]\w*|"[^"]*"|\["[^"]*"\])|\["[^"]*"\])+\s*$/;
const FORM = /@csv\b(?!\s*")|(?<![\w.$])to_entries\b|(?<![\w.$])del\(([^()]*)\)/g;

/** Returns the filter to ask just-bash for. */
export function rewrittenJq(filter: string): string {
  let rewritten = '';
  let from = 0;
  for (const match of masked(filter).matchAll(FORM)) {
    const [form, places] = match;
    const to = match.index + form.length;
    rewritten += filter.slice(from, match.index);
    if (places === undefined) rewritten += form === '@csv' ? CSV : ENTRIES;
    else rewritten += deletions(filter.slice(match.index, to), places);
    from = to;
  }
  return rewritten + filter.slice(from);
}

function deletions(form: string, places: string): string {
  const parts: string[] = [];
  let at = 'del('.length;
  for (const part of places.split(',')) {
    parts.push(form.slice(at, at + part.length));
    at += part.length + 1;
  }
  return parts.length > 1 && parts.every((part) => KEYS.test(part))
    ? `(${parts.map((part) => `del(${part.trim()})`).join(' | ')})`
    : form;
}

/** What stands in strings is no syntax. */
export function masked(filter: string): string {
  return filter.replaceAll(/"(?:[^"\\]|\\.)*"/g, (string) => `"${'x'.repeat(string.length - 2)}"`);
}
