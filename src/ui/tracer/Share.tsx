/** The state as a link or as a file. */
import { useState } from 'preact/hooks';
import { LONGEST_LINK } from './link.ts';
import type { TracerControls, TracerPage } from './use-tracer.ts';

interface Props {
  readonly page: TracerPage;
  readonly controls: TracerControls;
}

export function Share({ page, controls }: Props) {
  const [said, setSaid] = useState('');
  const { text, length } = page.link;
  const copy = async (link: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link);
      setSaid('The link is copied.');
    } catch {
      setSaid('The browser does not let the page copy: take the link from the field.');
    }
  };
  const download = async (): Promise<void> => {
    const state = await controls.save();
    if (state === null) return;
    const url = URL.createObjectURL(new Blob([state], { type: 'application/json' }));
    const anchor = document.createElement('a');
    anchor.href = url;
    anchor.download = 'network.json';
    anchor.click();
    URL.revokeObjectURL(url);
    setSaid('The file is written. Load files opens it again, and so does calc packet-tracer --file.');
  };
  return (
    <section class="tracer-part" aria-labelledby="tracer-share">
      <h2 id="tracer-share">Keep or send it</h2>
      {text === null ? (
        <p>
          {length === 0
            ? 'Load a network first.'
            : `This network is too large for a link: ${length.toLocaleString('en')} characters, and ${LONGEST_LINK.toLocaleString('en')} pass everywhere. Send the file instead: it holds the network as it is now.`}
        </p>
      ) : (
        <div class="calc-field">
          <label for="tracer-link">Link to exactly this</label>
          <input id="tracer-link" type="text" readOnly value={text} />
          <p class="calc-help">The network stands in the link itself, which no server sees.</p>
        </div>
      )}
      <div class="tracer-buttons">
        {text !== null && (
          <button type="button" class="button" onClick={() => void copy(text)}>
            Copy the link
          </button>
        )}
        {(text !== null || length > 0) && (
          <button type="button" class="button" disabled={page.busy !== null} onClick={() => void download()}>
            Download the network
          </button>
        )}
      </div>
      <p role="status" class="tracer-said">
        {said}
      </p>
    </section>
  );
}
