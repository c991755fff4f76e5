import { describe, expect, test } from 'vitest';
import { ask } from '../../../src/model/compile/ask.ts';
import { readMatrixText } from '../../../src/planner/peering-matrix-text.ts';
import { worldOfText } from '../../../src/planner/peering-matrix-world.ts';
import { peeringMatrix } from '../../../src/planner/peering-matrix.ts';
import type { MatrixCell, PeeringMatrix } from '../../../src/planner/peering-matrix.ts';
import {
  peeringMatrixCalculator,
  runPeeringMatrix,
} from '../../../src/planner/calculators/peering-matrix.ts';
import { PEERING_STARTS } from '../../../src/planner/peering-starts.ts';
import { azTerminal } from '../../support/az.ts';

function matrixOf(text: string): PeeringMatrix {
  const read = readMatrixText(text, 'network');
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return peeringMatrix(worldOfText(read.value), { kind: 'tcp', port: 22 });
}

function cell(matrix: PeeringMatrix, from: string, to: string): MatrixCell {
  const found = [...matrix.cells, ...matrix.siteCells].find((each) => each.from === from && each.to === to);
  if (found === undefined) throw new Error(`no cell ${from} -> ${to}`);
  return found;
}

function missing(matrix: PeeringMatrix, from: string, to: string): readonly string[] {
  return cell(matrix, from, to).repair?.changes.map(({ what }) => what) ?? [];
}

const HUB = 'hub 10.0.0.0/16\na 10.1.0.0/16\nb 10.2.0.0/16\n';

describe('what is missing between two VNets', () => {
  test.each<readonly [string, string, 'blocked' | 'undetermined', readonly string[]]>([
    ['no peering', 'a 10.1.0.0/16; b 10.2.0.0/16', 'blocked', ['a link from a to b', 'a link from b to a']],
    ['half a peering', 'a 10.1.0.0/16; b 10.2.0.0/16; a->b access', 'blocked', ['a link from b to a']],
    [
      'a peering without access, behind a group of default rules',
      'a 10.1.0.0/16; b 10.2.0.0/16; a->b access; b->a',
      'blocked',
      ['allowVirtualNetworkAccess on link b-to-a of b'],
    ],
    [
      'spokes of a hub that passes nothing on',
      `${HUB}hub<->a access; hub<->b access`,
      'blocked',
      ['a link from a to b', 'a link from b to a'],
    ],
    [
      'an appliance that one of them has no route to',
      `${HUB.replace('hub 10.0.0.0/16', 'hub 10.0.0.0/16 nva=10.0.0.9')}hub<->a access forwarded; hub<->b access forwarded; route a 10.2.0.0/16 10.0.0.9`,
      'blocked',
      ['a route of b for 10.1.0.0/16 to 10.0.0.9'],
    ],
    [
      'a firewall, and links that take nothing forwarded',
      `${HUB.replace('hub 10.0.0.0/16', 'hub 10.0.0.0/16 firewall=10.0.0.4')}hub<->a access; hub<->b access; route a 10.2.0.0/16 10.0.0.4; route b 10.1.0.0/16 10.0.0.4`,
      'undetermined',
      ['allowForwardedTraffic on link a-to-hub of a', 'allowForwardedTraffic on link b-to-hub of b'],
    ],
  ])('%s', (_, text, outcome, changes) => {
    const matrix = matrixOf(text);
    expect(cell(matrix, 'a', 'b').outcome).toBe(outcome);
    expect(missing(matrix, 'a', 'b')).toEqual(changes);
  });

  test('a gateway that a spoke may not use', () => {
    const matrix = matrixOf('hub 10.0.0.0/16 gateway=192.168.7.0/24; a 10.1.0.0/16; hub<->a access');
    expect(cell(matrix, 'hub', 'on-premises of hub').outcome).toBe('reaches');
    expect(cell(matrix, 'a', 'on-premises of hub').outcome).toBe('blocked');
    expect(missing(matrix, 'a', 'on-premises of hub')).toEqual([
      'allowGatewayTransit on link hub-to-a of hub',
      'useRemoteGateways on link a-to-hub of a',
    ]);
  });

  test('routes that are kept out', () => {
    const matrix = matrixOf('hub 10.0.0.0/16 gateway; a 10.1.0.0/16 propagation=off; hub<->a access transit');
    expect(missing(matrix, 'a', 'on-premises of hub')).toEqual([
      "route table rt-a of a, which keeps the gateway's routes out",
    ]);
  });

  test('ranges that overlap: Azure’s refusal stands for the cell', () => {
    const matrix = matrixOf('a 10.1.0.0/16; b 10.1.128.0/17; a<->b access');
    expect(matrix.world.problems.map(({ code }) => code)).toEqual([
      'VnetAddressSpacesOverlap',
      'VnetAddressSpacesOverlap',
    ]);
    expect(matrix.overlaps).toEqual([{ one: 'a', other: 'b', prefixes: ['10.1.0.0/16', '10.1.128.0/17'] }]);
    expect(cell(matrix, 'b', 'a').repair).toMatchObject({
      changes: [],
      obstacle: { code: 'VnetAddressSpacesOverlap' },
    });
  });
});

test('a reply that takes another way is named, with what brings it back', () => {
  const matrix = matrixOf(
    'hub 10.0.0.0/16 firewall=10.0.0.4; a 10.1.0.0/16; hub<->a access forwarded; route a 10.0.0.0/16 10.0.0.4',
  );
  expect(cell(matrix, 'hub', 'a').disposition).toBe('asymmetric');
  expect(matrix.asymmetric).toEqual([expect.objectContaining({ from: 'hub', to: 'a', lost: true })]);
  expect(missing(matrix, 'hub', 'a')).toEqual(['a route of hub for 10.1.0.0/16 to 10.0.0.4']);
});

test('what comes from on-premises goes by the firewall too, where what goes there does', () => {
  const text =
    'hub 10.0.0.0/16 gateway firewall=10.0.0.4; a 10.1.0.0/16 propagation=off; hub<->a access forwarded transit; route a 0.0.0.0/0 10.0.0.4';
  const matrix = matrixOf(text);
  for (const [from, to] of [
    ['a', 'on-premises of hub'],
    ['on-premises of hub', 'a'],
  ] as const) {
    expect(cell(matrix, from, to).disposition).toBe('asymmetric');
    expect(missing(matrix, from, to)).toEqual([
      'a route of GatewaySubnet in hub for 10.1.0.0/16 to 10.0.0.4',
    ]);
  }
  const mended = matrixOf(`${text}; route hub/gateway 10.1.0.0/16 10.0.0.4`);
  expect(mended.siteCells.map(({ outcome }) => outcome)).toEqual(mended.siteCells.map(() => 'reaches'));
  expect(mended.asymmetric).toEqual([]);
});

describe('every repair', () => {
  const texts = [
    ...PEERING_STARTS.map(({ draft }) => draft['network'] ?? ''),
    'hub 10.0.0.0/16 gateway firewall=10.0.0.4; a 10.1.0.0/16; b 10.2.0.0/16; c 10.3.0.0/16; hub<->a access; hub->b access; hub<->c access forwarded; route c 0.0.0.0/0 10.0.0.4',
  ];

  test.each(texts)('does what its commands say: %s', async (text) => {
    const matrix = matrixOf(text);
    for (const each of [...matrix.cells, ...matrix.siteCells]) {
      const changes = each.repair?.changes ?? [];
      if (changes.length === 0) continue;
      const end = (name: string): string =>
        matrix.world.vnets.find((vnet) => vnet.name === name)?.machine ??
        matrix.world.sites.find(({ label }) => label === name)?.end ??
        name;
      const outcome = (cloud: typeof matrix.world.cloud): string => {
        const answer = ask(cloud, { from: end(each.from), to: end(each.to), port: 22 });
        return answer.ok ? answer.value.trace.disposition : answer.error.message;
      };
      for (const left of [null, ...changes.keys()]) {
        const az = azTerminal({ cloud: matrix.world.cloud });
        const kept = changes.filter((_, at) => at !== left);
        for (const line of kept.flatMap(({ commands }) => commands)) {
          // Where the first of two routes makes the table, the second finds it there.
          const { stderr, exitCode } = await az.line(line.replace(/^az /, ''));
          if (left === null) expect({ line, stderr, exitCode }).toEqual({ line, stderr: '', exitCode: 0 });
        }
        const label = `${each.from} -> ${each.to} without change ${left}`;
        if (left === null) expect(outcome(az.cloud()), label).toBe('delivered');
        else expect(outcome(az.cloud()), label).not.toBe('delivered');
      }
    }
  });
});

describe('pasted JSON', () => {
  test('of two VNets, with a link that has to be synced', async () => {
    const az = azTerminal();
    await az.line('group create -n rg -l westeurope');
    for (const [name, number] of [
      ['hub', 0],
      ['a', 1],
    ] as const) {
      await az.line(
        `network vnet create -g rg -n ${name} --address-prefixes 10.${number}.0.0/16 --subnet-name vms --subnet-prefixes 10.${number}.1.0/24`,
      );
    }
    await az.line(
      'network vnet peering create -g rg -n ha --vnet-name hub --remote-vnet a --allow-vnet-access',
    );
    await az.line(
      'network vnet peering create -g rg -n ah --vnet-name a --remote-vnet hub --allow-vnet-access',
    );
    await az.line('network vnet update -g rg -n hub --address-prefixes 10.0.0.0/16 10.9.0.0/16');
    const json = JSON.stringify(await az.json('network', 'vnet', 'list'));
    const answer = runPeeringMatrix({ network: [json] });
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    expect(answer.value.verdict).toBe('All 2 ways reach, there and back.');
    expect(answer.value.matrix.links.map(({ commands }) => commands)).toEqual([
      ['az network vnet peering sync -g rg --vnet-name a -n ah'],
    ]);
  });

  test('of a VNet that no machine fits in is undetermined', async () => {
    const az = azTerminal();
    await az.line('group create -n rg -l westeurope');
    await az.line('network vnet create -g rg -n empty --address-prefixes 10.0.0.0/16');
    await az.line(
      'network vnet create -g rg -n a --address-prefixes 10.1.0.0/16 --subnet-name vms --subnet-prefixes 10.1.1.0/24',
    );
    const answer = runPeeringMatrix({ network: [JSON.stringify(await az.json('network', 'vnet', 'list'))] });
    expect(answer.ok && answer.value.matrix.cells.map(({ outcome }) => outcome)).toEqual([
      'undetermined',
      'undetermined',
    ]);
  });
});

describe('the text', () => {
  test.each([
    ['a flag that is none', 'a 10.0.0.0/16; b 10.1.0.0/16; a->b acces', '"acces" is no flag of a peering'],
    ['a link to nobody', 'a 10.0.0.0/16; a->b access', 'there is no VNet b'],
    ['a VNet without addresses', 'a', 'has no address space'],
    ['host bits', 'a 10.0.0.1/16', 'line 1'],
    ['a word that is nothing', 'a 10.0.0.0/16 gatway', '"gatway" is nothing that a VNet has'],
    ['a firewall elsewhere', 'a 10.0.0.0/16 firewall=10.1.0.4', '10.1.0.4 is not in VNet a'],
    [
      'a route without a next hop',
      'a 10.0.0.0/16; route a 10.1.0.0/16',
      'a route is "route VNET PREFIX NEXT-HOP"',
    ],
    ['a VNet twice', 'a 10.0.0.0/16; A 10.1.0.0/16', 'is there already'],
    ['a peering with itself', 'a 10.0.0.0/16; a<->a', 'no peering with itself'],
    [
      'thirteen VNets',
      Array.from({ length: 13 }, (_, at) => `v${at} 10.${at}.0.0/16`).join(';'),
      'these are 13 VNets',
    ],
    ['nothing', ' ', 'is needed'],
  ])('with %s is refused', (_, text, words) => {
    const answer = runPeeringMatrix({ network: [text] });
    expect(answer.ok ? [] : answer.error.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(words),
    );
  });

  test('<-> with transit gives each side its own half', () => {
    const read = readMatrixText('a 10.0.0.0/16; b 10.1.0.0/16 gateway; a<->b access transit', 'network');
    expect(
      read.ok &&
        read.value.links.map(({ from, flags }) => [from, flags.allowGatewayTransit, flags.useRemoteGateways]),
    ).toEqual([
      ['b', true, false],
      ['a', false, true],
    ]);
  });
});

test('twelve VNets are answered while somebody types', () => {
  const spokes = Array.from({ length: 11 }, (_, at) => `s${at} 10.${at + 1}.0.0/16\nhub<->s${at} access`);
  const matrix = matrixOf(['hub 10.0.0.0/16 gateway firewall=10.0.0.4', ...spokes].join('\n'));
  expect(matrix.cells).toHaveLength(132);
  expect(
    matrix.cells.every(({ outcome, repair }) => outcome === 'reaches' || (repair?.changes.length ?? 0) > 0),
  ).toBe(true);
});

test('the terminal exits with 1 where something does not reach, and prints the same as JSON', () => {
  const text = 'a 10.1.0.0/16; b 10.2.0.0/16; a->b access';
  const answer = peeringMatrixCalculator.run({ network: [text] });
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  expect(answer.value.exitCode).toBe(1);
  expect(answer.value.text.join('\n')).toContain(
    'az network vnet peering create -g rg --vnet-name b -n b-to-a --remote-vnet a --allow-vnet-access',
  );
  expect(answer.value.json).toMatchObject({
    probe: 'tcp/22',
    cells: [
      { from: 'a', to: 'b', outcome: 'blocked', missing: [{ kind: 'link' }] },
      { from: 'b', to: 'a', outcome: 'blocked' },
    ],
  });
  expect(peeringMatrixCalculator.run({ network: [`${text}; b->a access`] })).toMatchObject({
    ok: true,
    value: { exitCode: 0 },
  });
});
