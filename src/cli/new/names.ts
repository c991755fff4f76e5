/** Names that authors give: they become folders and addresses, and stay. */
import { UsageError } from '../lab/usage-error.ts';

const LONGEST = 50;

/** Returns the name if it can be a folder and an address. Throws `UsageError` that shows one that can. */
export function goodName(name: string): string {
  if (/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) && name.length <= LONGEST) return name;
  const better = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-\d]+|-+$/g, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  const advice = better === '' ? '' : ` How about '${better}'?`;
  throw new UsageError(
    `'${name}' cannot be a name: small letters, digits and single dashes, a letter first, at most ${LONGEST} characters.${advice}`,
  );
}

/** `route-tables` as people write it: `Route tables`. */
export function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A title goes into YAML and TypeScript, in single quotes. */
export function goodTitle(title: string): string {
  const trimmed = title.trim();
  if (trimmed === '' || trimmed.length > 100 || /[\p{Cc}{}<>\\'`]/u.test(trimmed)) {
    throw new UsageError(
      `'${title}' cannot be a title: one line of at most 100 characters, without { } < > \\ ' and \`. Write another, and change it in the file afterwards.`,
    );
  }
  return trimmed;
}

export const numberless = (segment: string): string => segment.replace(/^\d+-/, '');
