/** Where the characters of a line stand in a terminal that wraps. */

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Returns the cell of the character at `index`, counted from where the prompt begins. */
export function cursorAt(index: number, columns: number): Cell {
  return { row: Math.floor(index / columns), column: index % columns };
}
