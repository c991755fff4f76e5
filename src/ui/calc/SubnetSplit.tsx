/** The subnet splitter's page: the subnets as a table, and the address space as a map. */
import { useState } from 'preact/hooks';
import { formatAddress } from '../../model/ip/address.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import { nameOf, requestLabel, runSubnetSplit, subnetSplit } from '../../planner/calculators/subnet-split.ts';
import type { SubnetSplit as Split } from '../../planner/calculators/subnet-split.ts';
import type { PlannedSubnet, SubnetFacts } from '../../planner/subnet-splitter.ts';
import { AddressMap } from './AddressMap.tsx';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { useCalculator } from './use-calculator.ts';

/** The managed VNet's node subnet, cut for a cluster, its machines and a load balancer's frontends. */
export const SUBNET_START = {
  prefix: '10.224.0.0/22',
  hosts: 'nodes=251 machines=40 frontends=8',
  existing: 'gateway=10.224.3.224/27',
};

export default function SubnetSplit() {
  const state = useCalculator(subnetSplit, runSubnetSplit, SUBNET_START, verdictOf);
  const { plan } = state;
  return (
    <CalculatorFrame
      calculator={subnetSplit}
      state={state}
      verdict={verdictOf(plan)}
      outcome={plan.fits ? 'fits' : 'does-not-fit'}
      warnings={plan.warnings}
    >
      <SubnetTable split={plan} />
      <AddressMap split={plan} />
      <Inside split={plan} />
    </CalculatorFrame>
  );
}

const number = (value: number): string => value.toLocaleString('en');

function verdictOf(split: Split): string {
  const { space, subnetCount, unplaced, missing, freeAddresses } = split;
  const name = formatPrefix(space.prefix);
  if (split.request.mode.kind === 'describe') {
    return `${name} has ${number(space.addresses)} addresses; as one subnet, Azure gives out ${number(space.usable)}.`;
  }
  const left = freeAddresses === 0 ? 'Nothing is left.' : `${number(freeAddresses)} addresses are left.`;
  const failed = unplaced.length + missing;
  const subnets = subnetCount === 1 ? 'One subnet' : `${number(subnetCount)} subnets`;
  if (failed > 0) return `${subnets} placed in ${name}, and ${number(failed)} not. ${left}`;
  return `${subnets} in ${name}. ${left}`;
}

const COLUMNS = ['Prefix', 'Usable', 'Given out'] as const;

function SubnetTable({ split }: { readonly split: Split }) {
  if (split.subnets.length === 0) return null;
  const isNeeded = split.request.mode.kind === 'requests';
  return (
    <div class="calc-table calc-long" tabIndex={0} role="region" aria-label="Subnets">
      <table class="calc-grid" role="table" data-stacks="">
        <caption>Subnets</caption>
        <thead role="rowgroup">
          <tr role="row">
            {[isNeeded ? 'For' : 'No.', ...COLUMNS].map((name) => (
              <th key={name} role="columnheader" scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {split.subnets.map((subnet, index) => (
            <tr key={formatPrefix(subnet.prefix)} role="row">
              <th role="rowheader" scope="row">
                {subnet.request === null ? index + 1 : requestLabel(subnet.request)}
              </th>
              <td role="cell" data-label={COLUMNS[0]}>
                <code>{formatPrefix(subnet.prefix)}</code>
              </td>
              <td role="cell" data-label={COLUMNS[1]}>
                {number(subnet.usable)}
              </td>
              <td role="cell" data-label={COLUMNS[2]}>
                <code>{givenOut(subnet)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function givenOut({ firstUsable, lastUsable }: SubnetFacts): string {
  if (firstUsable === null || lastUsable === null) return 'none';
  return `${formatAddress(firstUsable)} – ${formatAddress(lastUsable)}`;
}

const KEPT_FOR = ['the network', 'the gateway', 'DNS', 'DNS', 'broadcast'];

/** One subnet from its first to its last address, with Azure's five named. Not to scale, and it says so. */
function Inside({ split }: { readonly split: Split }) {
  const [chosen, setChosen] = useState(0);
  const subnets: readonly (PlannedSubnet | SubnetFacts)[] =
    split.subnets.length > 0 ? split.subnets : [split.space];
  const subnet = subnets[chosen] ?? subnets[0];
  if (subnet === undefined || subnet.reserved.length === 0) return null;
  const [last, ...start] = [...subnet.reserved].reverse().map(formatAddress);
  return (
    <figure class="calc-inside">
      <figcaption>
        <label for="calc-inside">Inside</label>{' '}
        <select
          id="calc-inside"
          value={String(subnets.indexOf(subnet))}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
        >
          {subnets.map((each, index) => (
            <option key={formatPrefix(each.prefix)} value={String(index)}>
              {'request' in each && each.request !== null && each.request.name !== null
                ? nameOf({ name: each.request.name, prefix: each.prefix })
                : formatPrefix(each.prefix)}
            </option>
          ))}
        </select>{' '}
        (not to scale)
      </figcaption>
      <ol class="calc-strip">
        {start.reverse().map((address, index) => (
          <li key={address} data-part="kept">
            <code>{address}</code>
            <span>kept for {KEPT_FOR[index]}</span>
          </li>
        ))}
        <li data-part="usable">
          <code>{givenOut(subnet)}</code>
          <span>{number(subnet.usable)} given out</span>
        </li>
        <li data-part="kept">
          <code>{last}</code>
          <span>kept for {KEPT_FOR.at(-1)}</span>
        </li>
      </ol>
    </figure>
  );
}
