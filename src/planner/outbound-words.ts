/** Names of outbound types and VNets: the words that people have for them, and how they are read. */
import { ALL_MIGRATION_TYPES } from '../model/aks/outbound-migration.ts';
import type { MigrationType, NetworkKind } from '../model/aks/outbound-migration.ts';
import type { CalculatorFlag } from './calculator.ts';
import { choiceNamed } from './choice.ts';
import type { InputReader } from './input.ts';

/** What `az aks create` and `update` take for each type. */
export const TYPE_OPTIONS: Readonly<Record<MigrationType, string>> = {
  loadBalancer: '--outbound-type loadBalancer',
  managedNATGateway: '--outbound-type managedNATGateway',
  managedNATGatewayV2: '--outbound-type managedNATGateway --outbound-type-sku StandardV2',
  userAssignedNATGateway: '--outbound-type userAssignedNATGateway',
  userDefinedRouting: '--outbound-type userDefinedRouting',
  none: '--outbound-type none',
  block: '--outbound-type block',
};

export const VNET_NAMES: Readonly<Record<NetworkKind, string>> = {
  managed: 'a VNet that AKS makes',
  brought: 'a VNet of your own',
};

/** Short ways to say a type. */
const TYPE_WORDS: Readonly<Record<string, MigrationType>> = {
  lb: 'loadBalancer',
  slb: 'loadBalancer',
  'managed-nat': 'managedNATGateway',
  'managed-nat-gw': 'managedNATGateway',
  'managed-nat-v2': 'managedNATGatewayV2',
  'standard-v2': 'managedNATGatewayV2',
  'user-assigned-nat': 'userAssignedNATGateway',
  'user-nat': 'userAssignedNATGateway',
  'byo-nat': 'userAssignedNATGateway',
  udr: 'userDefinedRouting',
  'user-defined-routes': 'userDefinedRouting',
  isolated: 'none',
  blocked: 'block',
};

export const TYPE_CHOICES = ALL_MIGRATION_TYPES.map((type) => ({
  value: type,
  label: type === 'managedNATGatewayV2' ? 'managedNATGateway, SKU StandardV2' : type,
}));

/** What a flag that takes a type has in common with others. */
export const TYPE_FLAG = {
  takes: 'one',
  placeholder: 'TYPE',
  choices: TYPE_CHOICES,
  words: TYPE_WORDS,
} as const satisfies Partial<CalculatorFlag>;

export const VNET_FLAG: CalculatorFlag = {
  name: 'vnet',
  aliases: ['network', 'vnet-kind', 'virtual-network', 'vnet-type'],
  takes: 'one',
  placeholder: 'managed|brought',
  label: 'Virtual network',
  help: 'managed: AKS makes the VNet. brought: the cluster is put into a subnet of yours, by --vnet-subnet-id.',
  choices: [
    { value: 'managed', label: 'made by AKS' },
    { value: 'brought', label: 'your own' },
  ],
  words: {
    aks: 'managed',
    'aks-managed': 'managed',
    byo: 'brought',
    'byo-vnet': 'brought',
    byovnet: 'brought',
    own: 'brought',
    custom: 'brought',
    bring: 'brought',
    'bring-your-own': 'brought',
  },
};

/** Returns the type that a flag names, or null with an issue; null without one where it is not given. */
export function readType(reader: InputReader, flag: string): MigrationType | null {
  const text = reader.single(flag);
  if (text === null) return null;
  const named = choiceNamed(TYPE_FLAG, text);
  const found = ALL_MIGRATION_TYPES.find((each) => each === named);
  if (found !== undefined) return found;
  if (/nat/i.test(text)) {
    const both = 'managedNATGateway (AKS makes it) or userAssignedNATGateway (you bring it).';
    return reader.refuse(flag, text, `"${text}" does not say whose NAT gateway it is.`, both);
  }
  return reader.refuse(
    flag,
    text,
    `"${text}" is no outbound type of AKS.`,
    `${ALL_MIGRATION_TYPES.join(', ')}.`,
  );
}

export function readVnet(reader: InputReader): NetworkKind | null {
  const text = reader.single(VNET_FLAG.name);
  if (text === null) return null;
  const named = choiceNamed(VNET_FLAG, text);
  if (named === 'managed' || named === 'brought') return named;
  return reader.refuse(VNET_FLAG.name, text, `"${text}" is no kind of VNet.`, 'managed or brought.');
}
