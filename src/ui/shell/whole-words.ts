/** Commands in running text: browsers break behind the hyphens of an option, and nobody reads that. */

/** Words longer than this may break: on a phone with large text they would be wider than the page. */
const LONGEST = 20;

/** Escaped text of a `code` element, with words that have hyphens in one piece. */
export function wholeWords(escaped: string): string {
  return escaped.replaceAll(/\S*-\S*/g, (word) =>
    word.length > LONGEST ? word : `<span class="whole">${word}</span>`,
  );
}

/** The page with the inline code of its prose kept whole; what a script takes over stays as it was rendered. */
export function withWholeWords(html: string): string {
  return html
    .split(/(<astro-island\b[\s\S]*?<\/astro-island>)/)
    .map((part) =>
      part.startsWith('<astro-island')
        ? part
        : part.replaceAll(
            /(<pre\b[^>]*>)?<code>([^<]*)<\/code>/g,
            (all, block: string | undefined, text: string) =>
              block === undefined ? `<code>${wholeWords(text)}</code>` : all,
          ),
    )
    .join('');
}
