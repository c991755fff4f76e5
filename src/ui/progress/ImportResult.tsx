import type { ImportReport } from '../../progress/store.ts';

interface Props {
  readonly report: ImportReport;
  readonly nameOf: (key: string) => string;
}

/** What an import changed, entry by entry. */
export function ImportResult({ report, nameOf }: Props) {
  const { added, updated, kept, learner, exported, course } = report;
  const whose = learner === null ? 'A file without a name' : `The file of ${learner}`;
  const changed = added.length + updated.length;
  return (
    <div class="imported">
      <p>
        <strong>{changed === 0 ? 'Nothing changed.' : `${changed} changed.`}</strong> {whose}, exported on{' '}
        {exported.slice(0, 10)} from “{course.title}”, version {course.version}.
      </p>
      <Names what="New here" keys={added} nameOf={nameOf} />
      <Names what="Newer in the file" keys={updated} nameOf={nameOf} />
      <Names what="As it was: the same here, or newer" keys={kept} nameOf={nameOf} />
    </div>
  );
}

function Names({
  what,
  keys,
  nameOf,
}: {
  readonly what: string;
  readonly keys: readonly string[];
  readonly nameOf: Props['nameOf'];
}) {
  if (keys.length === 0) return null;
  return (
    <details>
      <summary>
        {what}: {keys.length}
      </summary>
      <ul>
        {keys.map((key) => (
          <li key={key}>{nameOf(key)}</li>
        ))}
      </ul>
    </details>
  );
}
