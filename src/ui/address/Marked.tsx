/** Text with its addresses marked by range, and one address in the colour, letter and line of its range. */
import type { NamedRange } from './range.ts';
import { textParts } from './text-parts.ts';

type RangeOf = (address: string) => NamedRange | null;

export function Chip({
  text,
  range,
  focus = 'no',
}: {
  readonly text: string;
  readonly range: NamedRange | null;
  /** `yes` makes it a stop of the Tab key. */
  readonly focus?: 'yes' | 'no';
}) {
  if (range === null)
    return (
      <span class="address" data-range="none" translate={false}>
        {text}
      </span>
    );
  return (
    <span
      class="address"
      data-range={range.letter}
      translate={false}
      data-name={range.name}
      tabIndex={focus === 'yes' ? 0 : undefined}
    >
      {text}
      <span class="visually-hidden"> ({range.name})</span>
    </span>
  );
}

export function Marked({ text, rangeOf }: { readonly text: string; readonly rangeOf: RangeOf }) {
  return (
    <>
      {textParts(text).map((part) => {
        const range = part.kind === 'address' ? rangeOf(part.text) : null;
        return range === null ? part.text : <Chip text={part.text} range={range} />;
      })}
    </>
  );
}
