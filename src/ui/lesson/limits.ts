/** Finds a documented number by the name a lesson writes: the file in `src/model/limits` and its export. */
import type { Limit } from '../../model/limits/limit.ts';

type AnyLimit = Limit<unknown>;

const modules = import.meta.glob<Readonly<Record<string, unknown>>>('../../model/limits/*.ts', {
  eager: true,
});

/** The limit called `azure-network.RESERVED_ADDRESSES_PER_SUBNET`, or null if there is none of that name. */
export function limitNamed(name: string): AnyLimit | null {
  const [file = '', constant = ''] = name.split('.');
  const found = modules[`../../model/limits/${file}.ts`]?.[constant];
  return isLimit(found) ? found : null;
}

/** Names that `limitNamed` knows, for the message an author reads. */
export function limitNames(): readonly string[] {
  return Object.entries(modules).flatMap(([path, constants]) => {
    const file = path.replace(/^.*\/|\.ts$/g, '');
    return Object.entries(constants).flatMap(([name, value]) => (isLimit(value) ? [`${file}.${name}`] : []));
  });
}

function isLimit(value: unknown): value is AnyLimit {
  return (
    typeof value === 'object' &&
    value !== null &&
    'value' in value &&
    'source' in value &&
    'read' in value &&
    typeof value.source === 'string' &&
    typeof value.read === 'string'
  );
}
