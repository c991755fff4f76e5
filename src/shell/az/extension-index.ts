/** Extensions of azure-cli: which ones there are, which commands they bring, and which are installed. */
import type { Cloud, Resource } from '../../model/cloud.ts';
import type { AzFiles } from './command.ts';

export interface Extension {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly preview: boolean;
  /** The words that its commands begin with; none where nothing of it needs it here. */
  readonly commands: readonly string[];
  /** What only its commands make. */
  readonly types: readonly Resource['type'][];
}

/**
 * Those whose commands the workbook has. Versions: azure-firewall 1.2.3 is the newest that documentation names
 * (https://learn.microsoft.com/azure/firewall-manager/draft-deploy-policy…, 2025); the others are of 2025 too (ssh: after 2.0.4, which the reference of `az ssh vm` asks for).
 * What a command takes is held to the reference of 2026-08 instead (tests/fixtures/az-extensions.json).
 */
export const EXTENSIONS: readonly Extension[] = [
  {
    name: 'aks-preview',
    version: '18.0.0b1',
    summary: 'Provides a preview for upcoming AKS features',
    preview: true,
    commands: [],
    types: [],
  },
  {
    name: 'azure-firewall',
    version: '1.2.3',
    summary: 'Manage Azure Firewall resources.',
    preview: false,
    commands: ['network firewall'],
    types: ['Microsoft.Network/azureFirewalls', 'Microsoft.Network/firewallPolicies'],
  },
  {
    name: 'ip-group',
    version: '1.0.1',
    summary: 'Microsoft Azure Command-Line Tools IpGroup Extension',
    preview: false,
    commands: ['network ip-group'],
    types: ['Microsoft.Network/ipGroups'],
  },
  {
    name: 'ssh',
    version: '2.0.6',
    summary: 'SSH into Azure VMs or Arc Servers using AAD issued openssh certificates',
    preview: false,
    commands: ['ssh'],
    types: [],
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

/**
 * Returns the names of the installed extensions, in order of their names, from the text of the file. What a
 * lab or a scenario begins with was made from this workstation, so what made it is installed too.
 */
export function installedIn(cloud: Cloud, text: string | null): readonly string[] {
  const types = new Set(Object.values(cloud.resources).map(({ type }) => type));
  const listed = new Set((text ?? '').split('\n'));
  return EXTENSIONS.filter((one) => listed.has(one.name) || one.types.some((type) => types.has(type))).map(
    ({ name }) => name,
  );
}

export function installedText(names: readonly string[]): string {
  return [...new Set(names)]
    .sort()
    .map((name) => `${name}\n`)
    .join('');
}

export function installed(cloud: Cloud, files: AzFiles): readonly string[] {
  return installedIn(cloud, files.read(INSTALLED_PATH));
}
