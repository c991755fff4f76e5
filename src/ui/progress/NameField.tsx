import { useState } from 'preact/hooks';
import { isName, learnerName, LONGEST_NAME } from '../../progress/kinds.ts';
import type { Entry, ProgressStore } from '../../progress/store.ts';

interface Props {
  readonly store: ProgressStore;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** The learner's name, if they want one on what they export. It is kept with the rest and sent nowhere. */
export function NameField({ store, entries }: Props) {
  const kept = learnerName(entries.get('learner')?.value) ?? '';
  const [typed, setTyped] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const name = (typed ?? kept).trim();
    if (!isName(name)) {
      setSaid(`That is no name of one line with at most ${LONGEST_NAME} characters.`);
      return;
    }
    const where = name === '' ? await store.remove('learner') : await store.put('learner', { name });
    setTyped(null);
    const done = name === '' ? 'Your name is gone.' : `Exported files and the record say “${name}”.`;
    setSaid(
      where === 'memory' ? `${done} Only until this page is closed: your browser does not store it.` : done,
    );
  };
  return (
    <form class="name" onSubmit={(event) => void save(event)}>
      <label for="learner-name">Your name, if exported files and the record should have one</label>
      <div class="row">
        <input
          id="learner-name"
          type="text"
          autocomplete="name"
          maxLength={LONGEST_NAME}
          value={typed ?? kept}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" class="button">
          Keep this name
        </button>
      </div>
      <p class="note" role="status">
        {said}
      </p>
    </form>
  );
}
