/** Kubernetes quantities: `100m`, `2`, `128Mi`, `1G` (apimachinery pkg/api/resource). */

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Returns the number a quantity stands for (cores, bytes or pieces); null if it is not one. */
export function parseQuantity(text: string): number | null {
  const parts = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(
    text,
  );
  const factor = FACTORS[parts?.[2] ?? ''];
  if (parts === null || factor === undefined) return null;
  return Number(parts[1]) * factor;
}
