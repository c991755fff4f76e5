/** Extensions of azure-cli: which ones there are, which commands they bring, and which are installed. */
import type { AzFiles } from './command.ts';

export interface Extension {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly preview: boolean;
  /** The words that its commands begin with; none where nothing of it needs it here. */
  readonly commands: readonly string[];
}

/**
 * Those whose commands the workbook has. Versions: azure-firewall 1.2.3 is the newest that documentation names
 * (https://learn.microsoft.com/azure/firewall-manager/draft-deploy-policy…, 2025); the others are of 2025 too.
 * What a command takes is held to the reference of 2026-08 instead (tests/fixtures/az-extensions.json).
 */
export const EXTENSIONS: readonly Extension[] = [
  {
    name: 'aks-preview',
    version: '18.0.0b1',
    summary: 'Provides a preview for upcoming AKS features',
    preview: true,
    commands: [],
  },
  {
    name: 'azure-firewall',
    version: '1.2.3',
    summary: 'Manage Azure Firewall resources.',
    preview: false,
    commands: ['network firewall'],
  },
  {
    name: 'ip-group',
    version: '1.0.1',
    summary: 'Microsoft Azure Command-Line Tools IpGroup Extension',
    preview: false,
    commands: ['network ip-group'],
  },
];

/** What is installed, one name in a line: the workbook's stand-in for the folder of that name. */
export const INSTALLED_PATH = '~/.azure/cliextensions/installed';

export function findExtension(name: string): Extension | null {
  return EXTENSIONS.find((one) => one.name === name) ?? null;
}

/** Returns the extension that a command belongs to, or null. */
export function extensionOf(path: readonly string[]): Extension | null {
  const words = `${path.join(' ')} `;
  return EXTENSIONS.find(({ commands }) => commands.some((one) => words.startsWith(`${one} `))) ?? null;
}

/** Returns the names of the installed extensions, in order of their names, from the text of the file. */
export function installedIn(text: string | null): readonly string[] {
  return (text ?? '').split('\n').filter((name) => findExtension(name) !== null);
}

export function installedText(names: readonly string[]): string {
  return [...new Set(names)]
    .sort()
    .map((name) => `${name}\n`)
    .join('');
}

export function installed(files: AzFiles): readonly string[] {
  return installedIn(files.read(INSTALLED_PATH));
}
