/** The address space as a map: what is placed, taken, free and claimed twice. Table and warnings say the same. */
import { formatPrefix, prefixCovers } from '../../model/ip/prefix.ts';
import type { Prefix } from '../../model/ip/prefix.ts';
import { placeOnMap } from '../../planner/address-map.ts';
import type { SubnetSplit } from '../../planner/calculators/subnet-split.ts';

type Part = 'subnet' | 'taken' | 'checked' | 'free' | 'overlap';

interface Block {
  readonly part: Part;
  readonly prefix: Prefix;
  readonly label: string;
}

/** In the order of the key under the map. */
const PARTS: readonly Part[] = ['subnet', 'taken', 'checked', 'free', 'overlap'];

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
  const blocks = blocksOf(split);
  const parts = PARTS.filter((part) => blocks.some((block) => block.part === part));
  const space = split.space.prefix;
  return (
    <figure class="calc-map" aria-label={`Map of ${formatPrefix(space)}`}>
      <div class="calc-map-space" aria-hidden="true">
        {blocks.map((block) => {
          const { left, top, width, height } = placeOnMap(space, block.prefix);
          return (
            <div
              key={`${block.part} ${formatPrefix(block.prefix)} ${block.label}`}
              data-part={block.part}
              title={`${block.label} ${formatPrefix(block.prefix)} (${WORDS[block.part]})`}
              style={{
                left: percent(left),
                top: percent(top),
                width: percent(width),
                height: percent(height),
              }}
            >
              <span>
                {block.label !== '' && <b>{block.label} </b>}
                <code>{formatPrefix(block.prefix)}</code>
              </span>
            </div>
          );
        })}
      </div>
      <figcaption>
        {parts.map((part) => (
          <span key={part} class="calc-map-key">
            <i data-part={part} /> {WORDS[part]}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** Later blocks are drawn over earlier ones. */
function blocksOf(split: SubnetSplit): readonly Block[] {
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

function block(part: Part, prefix: Prefix, label: string): Block {
  return { part, prefix, label };
}

function percent(share: number): string {
  return `${100 * share}%`;
}
