import { useMemo } from 'preact/hooks';
import { learnerName } from '../../progress/kinds.ts';
import { recordOf, recordText, type RecordPart } from '../../progress/record.ts';
import { summaryOf } from '../../progress/summary.ts';
import { courseInPage, dayOf, linkTo } from './course-in-page.ts';
import { NameField } from './NameField.tsx';
import { saveFile } from './save-file.ts';
import { StorageNotice } from './StorageNotice.tsx';
import { useProgress } from './use-progress.ts';

/** The record as a sheet to print, and as a file. */
export default function RecordSheet() {
  const { course, base, outline } = useMemo(courseInPage, []);
  const opened = useProgress();
  const to = linkTo(base);
  if (opened.kind !== 'open') return <StorageNotice opened={opened} />;
  const { store, entries } = opened;
  const summary = summaryOf(outline, entries);
  const learner = learnerName(entries.get('learner')?.value);
  const record = recordOf({ summary, learner, course, now: Date.now(), day: dayOf });
  const download = (): void => {
    saveFile(`aks-networking-record-${dayOf(Date.now())}.txt`, 'text/plain', recordText(record));
  };
  return (
    <div class="progress record" data-ready>
      <StorageNotice opened={opened} />
      {record.parts.length === 0 && (
        <p class="warning">
          There is nothing to record yet. <a href={to('progress/')}>The Progress page</a> says where to begin;
          if you worked in another browser, import its file there first.
        </p>
      )}
      <NameField store={store} entries={entries} />
      <div class="actions">
        <button type="button" class="button button-primary" onClick={() => print()}>
          Print it, or save it as PDF
        </button>
        <button type="button" class="button" onClick={download}>
          Download as text
        </button>
        <a class="button" href={to('progress/#data')}>
          Export everything
        </a>
      </div>
      <article class="sheet" aria-labelledby="record-title">
        <h2 id="record-title">{record.title}</h2>
        <dl>
          {record.learner !== null && <Fact name="Learner" value={record.learner} />}
          {record.facts.map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
        </dl>
        <div class="parts">
          {record.parts.map((part) => (
            <Part key={part.title} part={part} />
          ))}
        </div>
        <p class="nature">{record.nature}</p>
      </article>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Part({ part }: { readonly part: RecordPart }) {
  return (
    <section>
      <h3>{part.title}</h3>
      <ul>
        {part.rows.map((row) => (
          <li key={row.kind + row.title}>
            <span class="name">
              {row.kind === 'lab' ? 'Lab: ' : ''}
              {row.title}
            </span>
            <span class="state" data-state={row.state}>
              {row.state === 'done' ? 'Done' : 'Begun'}
            </span>
            <span class="more">
              {row.day}. {row.result}.
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
