/**
 * Records what the extensions of azure-cli that we declare commands of take: the reference that Microsoft
 * generates from the published extension, read from a checkout of its repository.
 *
 *     git clone --depth 1 https://github.com/MicrosoftDocs/azure-docs-cli
 *     node scripts/record-az-extensions.ts azure-docs-cli
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const FILE = fileURLToPath(new URL('../tests/fixtures/az-extensions.json', import.meta.url));
const REFERENCE = 'docs-ref-autogen/Latest-version/latest';

/** Where the commands of each extension begin, as files of the reference. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'azure-firewall': 'network/firewall',
  'ip-group': 'network/ip-group',
  ssh: 'ssh',
};

const parameter = z.object({
  name: z.string(),
  acceptedValues: z.string().optional(),
  groupName: z.string().optional(),
  summary: z.string().optional(),
});
const group = z.object({
  extensionInformation: z.string().optional(),
  directCommands: z
    .array(
      z.object({
        name: z.string(),
        requiredParameters: z.array(parameter).default([]),
        optionalParameters: z.array(parameter).default([]),
        globalParameters: z.array(parameter).default([]),
      }),
    )
    .default([]),
});

const [checkout] = process.argv.slice(2);
if (checkout === undefined || !existsSync(join(checkout, REFERENCE))) {
  console.error('usage: node scripts/record-az-extensions.ts CHECKOUT_OF_azure-docs-cli');
  process.exit(2);
}

/** A group's file, and those of the groups below it. */
function filesOf(path: string): readonly string[] {
  const below = existsSync(path) && statSync(path).isDirectory() ? readdirSync(path).sort() : [];
  const nested = below
    .filter((name) => name.endsWith('.yml'))
    .flatMap((name) => filesOf(join(path, name.slice(0, -4))));
  return existsSync(`${path}.yml`) ? [`${path}.yml`, ...nested] : nested;
}

/** What a three-state option of the newer generation takes. */
const THREE_STATES = '0, 1, f, false, n, no, t, true, y, yes';

/**
 * Options that `--ids` fills. `management-ip-config update` has `--vnet-name` in that group by an accident of
 * its declaration; nothing demands it.
 */
function isIdPart({ name, groupName }: z.infer<typeof parameter>): boolean {
  return groupName === 'Resource Id Arguments' && !/^--(ids|subscription|vnet-name)$/.test(name);
}

interface RecordedOption {
  readonly names: readonly string[];
  readonly [key: string]: unknown;
}

function option(one: z.infer<typeof parameter>, required: boolean): RecordedOption {
  const values = one.acceptedValues;
  return {
    names: one.name.split(' '),
    ...(required ? { required: true } : {}),
    ...(isIdPart(one) ? { idPart: true } : {}),
    ...(values === undefined || values === THREE_STATES || values === 'false, true'
      ? {}
      : { choices: values.split(', ') }),
    ...(values === THREE_STATES || values === 'false, true' ? { threeState: true } : {}),
    ...(/^(Space-separated|List of)/i.test(one.summary ?? '') ? { several: true } : {}),
  };
}

const extensions = Object.entries(EXTENSIONS).map(([extension, place]) => {
  const groups = filesOf(join(checkout, REFERENCE, place)).map((file) =>
    group.parse(parse(readFileSync(file, 'utf8'))),
  );
  const cli = /version ([\d.]+) or higher/.exec(groups[0]?.extensionInformation ?? '')?.[1];
  const commands = groups
    .flatMap(({ directCommands }) => directCommands)
    .map((command): [string, unknown] => [
      command.name.replace(/^az /, ''),
      [
        ...command.requiredParameters.map((one) => option(one, true)),
        ...[...command.optionalParameters, ...command.globalParameters].map((one) => option(one, false)),
      ].filter(({ names }) => names[0]?.startsWith('-') === true),
    ]);
  return { extension, azureCli: cli, commands };
});

const lines = extensions.map(({ extension, azureCli, commands }) => {
  const rows = commands.map(([name, options]) => `${JSON.stringify(name)}:${JSON.stringify(options)}`);
  return `${JSON.stringify(extension)}:{"azureCli":${JSON.stringify(azureCli)},"commands":{\n${rows.join(',\n')}\n}}`;
});
const head = {
  source: `https://github.com/MicrosoftDocs/azure-docs-cli/tree/main/${REFERENCE}`,
  recorded: new Date().toISOString().slice(0, 10),
};
writeFileSync(FILE, `${JSON.stringify(head).slice(0, -1)},"extensions":{\n${lines.join(',\n')}\n}}\n`);
console.log(extensions.map(({ extension, commands }) => `${extension}: ${commands.length}`).join(', '));
