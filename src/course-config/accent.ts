/** The one accent of the site: everything that depends on it follows, and it stays readable in both themes. */
import { contrast, mixed, type Colour } from './contrast.ts';

export type Theme = 'light' | 'dark';

export interface AccentTokens {
  readonly accent: Colour;
  /** The ground of a selection and of a highlighted word. */
  readonly tint: Colour;
  /** Text on the accent. */
  readonly onAccent: Colour;
}

/** What the accent stands on, and what stands on its tint; tests/unit/course-config compares with theme.css. */
export const GROUNDS = {
  light: { paper: '#fbfaf7', panel: '#f3f1eb', ink: '#171a21' },
  dark: { paper: '#12151b', panel: '#1a1e26', ink: '#f3f4f6' },
} as const satisfies Record<Theme, Record<string, Colour>>;

/** WCAG AA for text. */
const LEAST = 4.5;

/** Returns what is wrong with an accent in a theme, with the nearest colour that would do; null if nothing is. */
export function accentProblem(accent: Colour, theme: Theme): string | null {
  const ratio = leastContrast(accent, theme);
  if (ratio >= LEAST) return null;
  const toward = theme === 'light' ? '#000000' : '#ffffff';
  const better = Array.from({ length: 100 }, (_, step) => mixed(accent, toward, (step + 1) / 100)).find(
    (colour) => leastContrast(colour, theme) >= LEAST,
  );
  // Two digits, never rounded up to what is needed.
  const shown = Math.floor(ratio * 100) / 100;
  return `${accent} has a contrast of ${shown} on the ${theme} page, and text needs ${LEAST}; the nearest that has it is ${better ?? toward}`;
}

function leastContrast(accent: Colour, theme: Theme): number {
  const { paper, panel } = GROUNDS[theme];
  return Math.min(contrast(accent, paper), contrast(accent, panel));
}

/** Returns the colours that follow from an accent without `accentProblem`. */
export function accentTokens(accent: Colour, theme: Theme): AccentTokens {
  const { paper, ink } = GROUNDS[theme];
  const shares = Array.from({ length: 40 }, (_, step) => 0.2 - step * 0.005);
  const tint =
    shares
      .map((share) => mixed(paper, accent, share))
      .find((colour) => contrast(accent, colour) >= LEAST && contrast(ink, colour) >= LEAST) ?? paper;
  const onAccent = contrast('#ffffff', accent) >= contrast('#0c0e12', accent) ? '#ffffff' : '#0c0e12';
  return { accent, tint, onAccent };
}

/** Returns the style that puts an accent in the place of the site's own; print takes the light one. */
export function accentStyle(light: AccentTokens, dark: AccentTokens): string {
  const tokens = ({ accent, tint, onAccent }: AccentTokens): string =>
    `--accent:${accent};--accent-tint:${tint};--on-accent:${onAccent}`;
  // `:root:root` counts more than theme.css, whichever of them comes first.
  return `:root:root{${tokens(light)}}@media not print{:root:root:not([data-theme='light']){${tokens(dark)}}}`;
}
