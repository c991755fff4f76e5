/** Command lines in running text: browsers break behind the hyphens of an option, and nobody reads that. */

/** The text with breaks only between its words. */
export function unbrokenWords(text: string) {
  return text.split(/( )/).map((word, index) => (word === ' ' ? word : <span key={index}>{word}</span>));
}

/** A sentence in which only options stay whole. */
export function unbrokenOptions(text: string) {
  return text.split(/(--[a-z-]+)/).map((part, index) =>
    part.startsWith('--') ? (
      <span key={index} class="calc-option">
        {part}
      </span>
    ) : (
      part
    ),
  );
}
