/**
 * Orders in which options and items are shown. They follow from a seed, so that the server-rendered
 * page and the island agree, and so that a learner who comes back finds the page as it was.
 */

/** Returns the same elements in an order drawn from `seed`. */
export function shuffled<T>(elements: readonly T[], seed: string): readonly T[] {
  const order = [...elements];
  const draw = drawer(seed);
  for (let last = order.length - 1; last > 0; last--) {
    const at = draw() % (last + 1);
    const [a, b] = [order[last], order[at]];
    if (a === undefined || b === undefined) throw new Error('shuffle index outside the array');
    order[last] = b;
    order[at] = a;
  }
  return order;
}

/**
 * Returns the items of an order question, never in the right order (with two or more items), so that
 * nobody is right by leaving everything where it is.
 */
export function shuffledItems<T>(items: readonly T[], seed: string): readonly T[] {
  const order = shuffled(items, seed);
  const isRight = order.every((item, index) => item === items[index]);
  const [first, ...rest] = order;
  return isRight && first !== undefined && rest.length > 0 ? [...rest, first] : order;
}

/** FNV-1a over the text, then splitmix32. */
function drawer(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
