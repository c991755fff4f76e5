/** The address space as a map: what is placed, taken, free and claimed twice. Table and warnings say the same. */
import { prefixCovers } from '../../model/ip/prefix.ts';
import type { Prefix } from '../../model/ip/prefix.ts';
import type { SubnetSplit } from '../../planner/calculators/subnet-split.ts';
import { BlockMap } from './BlockMap.tsx';
import type { MapBlock } from './BlockMap.tsx';

type Part = 'subnet' | 'taken' | 'checked' | 'free' | 'overlap';

const WORDS: Readonly<Record<Part, string>> = {
  subnet: 'placed',
  taken: 'taken',
  checked: 'checked',
  free: 'free',
  overlap: 'claimed twice',
};

/** More free blocks than this are specks; the text under the table counts them. */
const MOST_FREE = 256;

export function AddressMap({ split }: { readonly split: SubnetSplit }) {
  return <BlockMap space={split.space.prefix} blocks={blocksOf(split)} words={WORDS} />;
}

function blocksOf(split: SubnetSplit): readonly MapBlock<Part>[] {
  const space = split.space.prefix;
  const inside = ({ prefix }: { readonly prefix: Prefix }): boolean => prefixCovers(space, prefix);
  return [
    ...split.free.slice(0, MOST_FREE).map((prefix) => block('free', prefix, '')),
    ...split.existing.filter(inside).map(({ name, prefix }) => block('taken', prefix, name ?? '')),
    ...split.request.candidates
      .filter(inside)
      .map(({ name, prefix }) => block('checked', prefix, name ?? '')),
    ...split.subnets.map(({ prefix, request }) => block('subnet', prefix, request?.name ?? '')),
    ...split.overlaps
      .filter(({ shared }) => prefixCovers(space, shared))
      .map(({ shared }) => block('overlap', shared, 'twice:')),
  ];
}

function block(part: Part, prefix: Prefix, label: string): MapBlock<Part> {
  return { part, prefix, label };
}
