/** Inputs of the peering matrix. */
import { listResources } from '../../model/azure/resource-store.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { importCloud } from '../import/import-cloud.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import type { Probe } from '../peering-matrix.ts';
import { readMatrixText, spacedStatement } from '../peering-matrix-text.ts';
import { worldOfCloud, worldOfText } from '../peering-matrix-world.ts';
import type { MatrixWorld } from '../peering-matrix-machines.ts';

/** More are no matrix that anybody reads. */
export const MOST_VNETS = 12;

const NETWORK = 'network';

export const PEERING_MATRIX_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'file',
    aliases: ['f'],
    takes: 'many',
    placeholder: 'FILE|- ...',
    label: 'File',
    help: "The text below in a file, or the output of 'az network vnet list -o json' and of other lists, one file each.",
    fileFor: NETWORK,
    fileName: 'network.txt',
    terminalOnly: true,
  },
  {
    name: NETWORK,
    aliases: ['net', 'n', 'text', 'json'],
    takes: 'many',
    placeholder: 'TEXT|JSON ...',
    label: 'VNets, links and routes',
    help: 'One a line: "hub 10.0.0.0/16 gateway firewall=10.0.0.4", "hub<->spoke access forwarded transit" or "spoke->hub access remote", "route spoke 10.2.0.0/16 10.0.0.4". Or the JSON of az network vnet list, with that of route-table list, firewall list, vnet-gateway list and so on behind it.',
    terminalHelp:
      'A ; ends a statement as a new line does. Without quotes: one word for each statement, with colons for spaces and -- for <->.',
    required: true,
    lines: 12,
  },
  {
    name: 'port',
    aliases: ['p', 'tcp', 'probe'],
    takes: 'one',
    placeholder: 'N|ping',
    label: 'TCP port',
    help: 'What is asked for: a TCP connection to this port, or ping. A connection shows replies that take another way round a firewall; a ping may not.',
    fallback: '22',
    rare: true,
  },
];

export interface PeeringMatrixInput {
  readonly world: MatrixWorld;
  readonly probe: Probe;
  readonly warnings: readonly string[];
}

export function readPeeringMatrix(values: FlagValues): Result<PeeringMatrixInput, readonly InputIssue[]> {
  const reader = new InputReader(values);
  const wanted = reader.single('port') ?? '22';
  const isPing = ['ping', 'icmp'].includes(wanted.toLowerCase());
  const port = isPing ? null : reader.integerOf('port', wanted, { lowest: 1, highest: 65535 });
  const texts = reader.raw(NETWORK).filter((text) => text.trim() !== '');
  if (texts.length === 0) {
    reader.refuse(
      NETWORK,
      null,
      'is needed: VNets and what links them.',
      '"a 10.0.0.0/16; b 10.1.0.0/16; a<->b access".',
    );
  }
  if (reader.issues.length > 0) return err(reader.issues);
  const isJson = texts.some((text) => /^\s*[[{]/.test(text));
  const read = isJson ? readJson(texts) : readText(texts);
  if (!read.ok) return read;
  const count = read.value.world.vnets.length;
  if (count === 0 || count > MOST_VNETS) {
    const message =
      count === 0 ? 'there is no VNet in it.' : `these are ${count} VNets; a matrix holds ${MOST_VNETS}.`;
    return err([{ flag: NETWORK, value: null, message, instead: `between 1 and ${MOST_VNETS} VNets.` }]);
  }
  return ok({ ...read.value, probe: port === null ? { kind: 'ping' } : { kind: 'tcp', port } });
}

type Read = Result<Pick<PeeringMatrixInput, 'world' | 'warnings'>, readonly InputIssue[]>;

function readText(texts: readonly string[]): Read {
  const text = readMatrixText(texts.map(spacedStatement).join('\n'), NETWORK);
  return text.ok ? ok({ world: worldOfText(text.value), warnings: [] }) : text;
}

function readJson(texts: readonly string[]): Read {
  const imported = importCloud(texts, { flag: NETWORK, seed: 'peering matrix' });
  if (!imported.ok) return imported;
  const { cloud, leftOut, notes } = imported.value;
  // Before the machines are put in, which is what takes time.
  const count = listResources(cloud, 'Microsoft.Network/virtualNetworks').length;
  if (count > MOST_VNETS) {
    const message = `these are ${count} VNets; a matrix holds ${MOST_VNETS}.`;
    return err([{ flag: NETWORK, value: null, message, instead: 'fewer of them.' }]);
  }
  const world = worldOfCloud(cloud);
  return ok({
    world: { ...world, assumptions: [...notes, ...world.assumptions] },
    warnings: leftOut
      .filter(({ weight }) => weight !== 'no-packets')
      .map(({ name, what }) => `${name}: ${what}`),
  });
}
