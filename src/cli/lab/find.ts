import { similarNames } from '../../lab/similar-names.ts';
import type { LabSource } from '../../lab/source.ts';
import { labIds, readLab } from './folder.ts';
import { UsageError } from './usage-error.ts';

/** Reads the lab that the person named. Throws `UsageError` that suggests close names. */
export async function findLab(name: string | undefined, command: string): Promise<LabSource> {
  const ids = labIds();
  if (name === undefined) {
    throw new UsageError(
      `Which lab? npm run -s lab -- ${command} LAB, where LAB is one of:\n  ${ids.join('\n  ')}`,
    );
  }
  if (ids.includes(name)) return readLab(name);
  const similar = similarNames(name, ids);
  const advice =
    similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : `The labs are:\n  ${ids.join('\n  ')}`;
  throw new UsageError(`There is no lab '${name}'. ${advice}`);
}
