import { inlineParts } from '../../quiz/inline.ts';
import type { NamedRange } from '../address/range.ts';
import { textParts } from '../address/text-parts.ts';

/** Ranges of the addresses that occur in a quiz, by the address as written. */
export type Ranges = Readonly<Record<string, NamedRange>>;

/** A quiz text: its little markup, and its addresses in the colours of their ranges. */
export function QuizText({ text, ranges }: { readonly text: string; readonly ranges: Ranges }) {
  return (
    <>
      {inlineParts(text).map((part, index) => {
        const inner = <Marked text={part.text} ranges={ranges} />;
        switch (part.kind) {
          case 'text':
            return <span key={index}>{inner}</span>;
          case 'strong':
            return <strong key={index}>{inner}</strong>;
          case 'code':
            return ranges[part.text] === undefined ? (
              <code key={index}>{inner}</code>
            ) : (
              <span key={index}>{inner}</span>
            );
        }
      })}
    </>
  );
}

function Marked({ text, ranges }: { readonly text: string; readonly ranges: Ranges }) {
  return (
    <>
      {textParts(text).map((part, index) => {
        const range = part.kind === 'address' ? ranges[part.text] : undefined;
        return range === undefined ? (
          part.text
        ) : (
          <span
            key={index}
            class="address"
            data-range={range.letter}
            data-name={range.name}
            translate={false}
          >
            {part.text}
          </span>
        );
      })}
    </>
  );
}
