import { useMemo, useState } from 'preact/hooks';
import { csv } from '../../lab/csv.ts';
import { classTable, readMember, withMembers, type Member } from '../../progress/class.ts';
import { LARGEST_BYTES } from '../../progress/progress-file.ts';
import { courseInPage, dayOf, linkTo } from '../progress/course-in-page.ts';
import { saveFile } from '../progress/save-file.ts';
import { ClassTable } from './ClassTable.tsx';
import { StuckList } from './StuckList.tsx';

interface Problem {
  readonly file: string;
  readonly why: string;
}

/** More than a course has learners, and no more than a browser reads in a moment. */
const MOST_FILES = 1000;

/** Progress files of a class, read in this page and sent nowhere. */
export default function TrainerPage() {
  const { base, course, outline } = useMemo(courseInPage, []);
  const [members, setMembers] = useState<readonly Member[]>([]);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [busy, setBusy] = useState<string | null>(null);
  const to = linkTo(base);

  const read = async (files: readonly File[]): Promise<void> => {
    const added: Member[] = [];
    const refused: Problem[] = [];
    for (const [index, file] of files.slice(0, MOST_FILES).entries()) {
      setBusy(`Reading ${index + 1} of ${files.length}: ${file.name}`);
      const member = await readOne(file).catch((reason: unknown) => String(reason).slice(0, 200));
      if (typeof member === 'string') refused.push({ file: file.name, why: member });
      else added.push(member);
    }
    if (files.length > MOST_FILES) {
      refused.push({
        file: `${files.length - MOST_FILES} more`,
        why: `At most ${MOST_FILES} files are read at once. Add the rest afterwards.`,
      });
    }
    setMembers((known) => withMembers(known, added));
    setProblems(refused);
    setBusy(null);
  };
  const readOne = async (file: File): Promise<Member | string> => {
    // Before it is read: nobody's export is that large, and reading it could stop the page.
    if (file.size > LARGEST_BYTES) {
      return `It has more than ${LARGEST_BYTES / 1024 / 1024} MB, so it is no export of this course.`;
    }
    const member = readMember(file.name, await file.text(), outline);
    return member.ok ? member.value : member.error;
  };

  return (
    <div
      class="trainer"
      data-ready
      onDragOver={(event) => {
        event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        if (busy === null) void read([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <div class="actions">
        <label class="button button-primary file">
          <span>{members.length === 0 ? 'Choose progress files' : 'Add files'}</span>
          <input
            type="file"
            accept=".json,application/json"
            multiple
            disabled={busy !== null}
            onChange={({ currentTarget }) => {
              const files = [...(currentTarget.files ?? [])];
              // The same files may be chosen again, after somebody has exported anew.
              currentTarget.value = '';
              if (files.length > 0) void read(files);
            }}
          />
        </label>
        {members.length > 0 && (
          <>
            <button
              type="button"
              class="button"
              onClick={() => {
                // The mark at the front tells spreadsheets that it is UTF-8.
                const text = `\ufeff${csv(classTable(members))}`;
                saveFile(`class-${dayOf(Date.now())}.csv`, 'text/csv;charset=utf-8', text);
              }}
            >
              Download as CSV
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                setMembers([]);
                setProblems([]);
              }}
            >
              Close all
            </button>
          </>
        )}
      </div>
      <p role="status" class="note">
        {busy ?? statusOf(members.length, problems.length)}
      </p>
      {problems.length > 0 && (
        <div class="warning">
          <p>{problems.length === 1 ? 'One file was not read:' : 'Some files were not read:'}</p>
          <ul>
            {problems.map(({ file, why }, at) => (
              <li key={at}>
                <strong>{file}</strong>: {why}
              </li>
            ))}
          </ul>
        </div>
      )}
      {members.length > 0 && (
        <>
          <Versions members={members} here={course.version} />
          <StuckList members={members} to={to} />
          <ClassTable members={members} to={to} />
        </>
      )}
    </div>
  );
}

/** What another version asked differently looks undone here, so the trainer should know. */
function Versions({ members, here }: { readonly members: readonly Member[]; readonly here: string }) {
  const others = [...new Set(members.map(({ version }) => version))].filter((version) => version !== here);
  if (others.length === 0) return null;
  const count = members.filter(({ version }) => version !== here).length;
  return (
    <p class="note">
      {count === 1 ? 'One file is' : `${count} files are`} of another version of the course (
      {others.slice(0, 3).join(', ')}
      {others.length > 3 && ' and others'}; this page is {here}). Questions and labs that only one of them has
      are not counted.
    </p>
  );
}

function statusOf(members: number, problems: number): string {
  if (members === 0 && problems === 0)
    return 'Or drop the files on this page. They are read here and sent nowhere.';
  return `${members} ${members === 1 ? 'learner' : 'learners'}. A reload forgets them.`;
}
