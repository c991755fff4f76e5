import { shownName, stuckPlaces, type Member } from '../../progress/class.ts';
import { reviewStanding } from '../../progress/review-standing.ts';
import type { Tally } from '../../progress/summary.ts';
import { dayOf } from '../progress/course-in-page.ts';

interface Props {
  readonly members: readonly Member[];
  readonly to: (path: string) => string;
}

/** One row per learner; what they are stuck at unfolds. */
export function ClassTable({ members, to }: Props) {
  return (
    <section aria-labelledby="learners">
      <h2 id="learners">Learners</h2>
      <div class="table" role="group" aria-label="Table of learners" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Learner</th>
              <th scope="col">Last active</th>
              <th scope="col">Lessons</th>
              <th scope="col">Questions right</th>
              <th scope="col">Labs</th>
              <th scope="col">Practice</th>
              <th scope="col">Stuck at</th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <Row key={`${member.file}\n${member.name}`} member={member} members={members} to={to} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ member, members, to }: Props & { readonly member: Member }) {
  const { lessons, questions, labs, last } = member.summary;
  const places = stuckPlaces(member.summary);
  return (
    <tr>
      <th scope="row">{shownName(member, members)}</th>
      <td>{last === null ? 'never' : dayOf(last)}</td>
      <td>{tally(lessons)}</td>
      <td>{tally({ done: questions.right, all: questions.all })}</td>
      <td>{tally(labs)}</td>
      <td>{practice(member)}</td>
      <td>
        {places.length === 0 ? (
          'nothing'
        ) : (
          <details>
            <summary>
              {places.length} {places.length === 1 ? 'place' : 'places'}
            </summary>
            <ul>
              {places.map(({ id, title, detail, path }) => (
                <li key={id}>
                  <a href={to(path)}>{title}</a>
                  <span class="more">{detail}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </td>
    </tr>
  );
}

function practice({ summary, exported }: Member) {
  const { questions } = reviewStanding(summary, Date.parse(exported));
  const { length } = summary.incidents;
  const parts = [
    ...(questions === 0 ? [] : [`${questions} reviewed`]),
    ...(length === 0 ? [] : [length === 1 ? '1 incident' : `${length} incidents`]),
  ];
  if (parts.length === 0) return 'none';
  return parts.map((part) => <div key={part}>{part}</div>);
}

function tally({ done, all }: Tally): string {
  return `${done} of ${all}`;
}
