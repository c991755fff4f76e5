import { sharedPlaces, shownName, type Member } from '../../progress/class.ts';

interface Props {
  readonly members: readonly Member[];
  readonly to: (path: string) => string;
}

const SHOWN = 10;

/** Where people are stuck, the place of most people first: what to talk about in the next hour. */
export function StuckList({ members, to }: Props) {
  const places = sharedPlaces(members);
  return (
    <section aria-labelledby="stuck">
      <h2 id="stuck">Where people are stuck</h2>
      {places.length === 0 ? (
        <p>Nobody has begun a lab without finishing it, or answered a question wrong at the last try.</p>
      ) : (
        <ol class="stuck">
          {places.slice(0, SHOWN).map(({ place, members: who }) => (
            <li key={place.id}>
              <a href={to(place.path)}>{place.title}</a>
              <span class="more">
                {who.length} of {members.length}: {who.map((member) => shownName(member, members)).join(', ')}
              </span>
            </li>
          ))}
        </ol>
      )}
      {places.length > SHOWN && (
        <p class="note">
          And {places.length - SHOWN} more places; the table below and the CSV have them all.
        </p>
      )}
    </section>
  );
}
