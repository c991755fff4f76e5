/** An address space to scale: each prefix inside it is a rectangle. What it shows is also said in text. */
import { formatPrefix } from '../../model/ip/prefix.ts';
import type { Prefix } from '../../model/ip/prefix.ts';
import { placeOnMap } from '../../planner/address-map.ts';

export interface MapBlock<Part extends string> {
  readonly part: Part;
  readonly prefix: Prefix;
  readonly label: string;
}

interface BlockMapProps<Part extends string> {
  readonly space: Prefix;
  /** Later blocks are drawn over earlier ones. */
  readonly blocks: readonly MapBlock<Part>[];
  /** What each part is, in the order of the key under the map. */
  readonly words: Readonly<Record<Part, string>>;
}

export function BlockMap<Part extends string>({ space, blocks, words }: BlockMapProps<Part>) {
  const parts = (Object.keys(words) as Part[]).filter((part) => blocks.some((block) => block.part === part));
  return (
    <figure class="calc-map" aria-label={`Map of ${formatPrefix(space)}`}>
      <div class="calc-map-space" aria-hidden="true">
        {blocks.map((block) => {
          const { left, top, width, height } = placeOnMap(space, block.prefix);
          return (
            <div
              key={`${block.part} ${formatPrefix(block.prefix)} ${block.label}`}
              data-part={block.part}
              title={`${block.label} ${formatPrefix(block.prefix)} (${words[block.part]})`}
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
            <i data-part={part} /> {words[part]}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function percent(share: number): string {
  return `${100 * share}%`;
}
