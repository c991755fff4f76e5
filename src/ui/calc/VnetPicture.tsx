/** A plan's VNet: its ranges in words, then to scale, with what fills each and what is left. */
import { formatPrefix } from '../../model/ip/prefix.ts';
import { SHORTEST_VIRTUAL_NETWORK_PREFIX } from '../../model/limits/azure-network.ts';
import {
  freeText,
  IPAM_NAMES,
  number,
  PART_NAMES,
  partsText,
  RANGE_LETTERS,
} from '../../planner/calculators/ip-plan-words.ts';
import type { PlanView } from '../../planner/calculators/ip-plan.ts';
import { RANGE_NAMES } from '../../planner/ip-plan.ts';
import type { PartKind, PictureRange, VnetPicture as Picture } from '../../planner/vnet-picture.ts';
import { BlockMap } from './BlockMap.tsx';
import type { MapBlock } from './BlockMap.tsx';

export function VnetPictures({ views }: { readonly views: readonly PlanView[] }) {
  const drawn = views.flatMap(({ picture }) => (picture === null ? [] : [picture]));
  const [first] = drawn;
  return (
    <section class="calc-part" aria-labelledby="vnet-picture">
      <h2 id="vnet-picture">The VNet, to scale</h2>
      {first === undefined ? (
        <p>No VNet is large enough for this plan.</p>
      ) : (
        <p>
          {first.origin === 'given' ? 'Your VNet' : 'The smallest VNet that holds every plan'},{' '}
          {formatPrefix(first.vnet)}. Subnets are drawn with room for surge and growth, since the subnet of a
          pool cannot be resized.
        </p>
      )}
      <VnetFigures views={views} />
    </section>
  );
}

/** The pictures without a title of their own, for lessons too. */
export function VnetFigures({ views }: { readonly views: readonly PlanView[] }) {
  return (
    <>
      <div class="calc-vnets" data-count={views.length === 1 ? 'one' : 'several'}>
        {views.map(({ plan, picture }) => (
          <article key={plan.ipam}>
            <h3>{IPAM_NAMES[plan.ipam]}</h3>
            {picture === null ? (
              <p>No VNet is large enough: the largest is a /{SHORTEST_VIRTUAL_NETWORK_PREFIX.value}.</p>
            ) : (
              <OneVnet picture={picture} />
            )}
          </article>
        ))}
      </div>
      <PartKey views={views} />
    </>
  );
}

function OneVnet({ picture }: { readonly picture: Picture }) {
  const { subnets, existing, podCidr } = picture;
  return (
    <>
      <ul class="calc-ranges">
        {[...subnets, ...(podCidr === null ? [] : [podCidr])].map((each) => (
          <Range key={each.range} range={each} />
        ))}
        {existing.map(({ name, prefix }) => (
          <li key={formatPrefix(prefix)}>
            <p>
              <span class="address" data-range="none">
                {formatPrefix(prefix)}
              </span>{' '}
              {name ?? 'existing subnet'}, taken
            </p>
          </li>
        ))}
        <li>
          <p>{freeText(picture)}</p>
        </li>
      </ul>
      <BlockMap space={picture.vnet} blocks={blocksOf(picture)} words={WORDS} />
    </>
  );
}

function Range({ range }: { readonly range: PictureRange }) {
  const letter = RANGE_LETTERS[range.range];
  const where = range.range === 'pod-cidr' ? ', outside the VNet' : '';
  return (
    <li>
      <p>
        <span class="address" data-range={letter}>
          {range.prefix === null ? `/${range.length}` : formatPrefix(range.prefix)}
        </span>{' '}
        {RANGE_NAMES[range.range]}
        {where}: {partsText(range)}
      </p>
      <PartBar range={range} />
    </li>
  );
}

/** What fills a range, on a scale that holds the range and what it lacks. */
function PartBar({ range }: { readonly range: PictureRange }) {
  const scale = range.addresses + range.missing;
  let from = 0;
  const parts = range.parts.map((part) => {
    const left = from;
    from += part.addresses;
    return { ...part, left };
  });
  return (
    <div class="calc-track calc-parts" data-range={RANGE_LETTERS[range.range]} aria-hidden="true">
      {parts.map(({ kind, addresses, left }) => (
        <span
          key={kind}
          data-part={PARTS[kind]}
          title={`${number(addresses)} ${PART_NAMES[kind]}`}
          style={{ left: `${(100 * left) / scale}%`, width: `${(100 * addresses) / scale}%` }}
        />
      ))}
      {range.missing > 0 && (
        <span class="calc-limit" style={{ left: `${(100 * range.addresses) / scale}%` }} />
      )}
    </div>
  );
}

/** How a part looks in the bars. */
const PARTS: Readonly<Record<PartKind, string>> = {
  azure: 'azure',
  nodes: 'nodes',
  pods: 'pods',
  other: 'other',
  surge: 'surge',
  growth: 'growth',
  left: 'left',
};

const KEY: readonly PartKind[] = ['azure', 'nodes', 'pods', 'other', 'surge', 'growth', 'left'];

function PartKey({ views }: { readonly views: readonly PlanView[] }) {
  const ranges = views.flatMap(({ picture }) =>
    picture === null ? [] : [...picture.subnets, ...(picture.podCidr === null ? [] : [picture.podCidr])],
  );
  const kinds = KEY.filter((kind) => ranges.some((range) => range.parts.some((part) => part.kind === kind)));
  return (
    <p class="calc-part-key" aria-hidden="true">
      {kinds.map((kind) => (
        <span key={kind}>
          <span class="calc-key" data-part={PARTS[kind]} /> {PART_NAMES[kind]}
        </span>
      ))}
    </p>
  );
}

type MapPart = 'node-subnet' | 'pod-subnet' | 'taken' | 'free';

const WORDS: Readonly<Record<MapPart, string>> = {
  'node-subnet': 'N node subnet',
  'pod-subnet': 'P pod subnet',
  taken: 'taken',
  free: 'left',
};

/** More free blocks than this are specks. */
const MOST_FREE = 64;

function blocksOf({ subnets, existing, free }: Picture): readonly MapBlock<MapPart>[] {
  return [
    ...free.slice(0, MOST_FREE).map((prefix) => ({ part: 'free' as const, prefix, label: '' })),
    ...existing.map(({ name, prefix }) => ({ part: 'taken' as const, prefix, label: name ?? '' })),
    ...subnets.flatMap(({ range, prefix }) =>
      prefix === null || range === 'pod-cidr' ? [] : [{ part: range, prefix, label: RANGE_LETTERS[range] }],
    ),
  ];
}
