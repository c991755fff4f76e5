/** How well one colour stands out from another. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */

/** `#rrggbb`. */
export type Colour = string;

/** Returns the contrast of two colours, from 1 (the same) to 21 (black on white). */
export function contrast(one: Colour, other: Colour): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** Returns the colour that is `share` of the way from one to the other. */
export function mixed(from: Colour, to: Colour, share: number): Colour {
  const [start, end] = [channels(from), channels(to)];
  return `#${start
    .map((value, at) => Math.round(value + ((end[at] ?? 0) - value) * share))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = channels(colour)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: Colour): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
