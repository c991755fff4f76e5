import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useSignalEffect } from '@preact/signals';
import { openProgress } from '../../progress/store.ts';
import type { LabPage } from './lab-page.ts';
import { NetworkPanel } from './NetworkPanel.tsx';
import { newLabWorker } from './new-lab-worker.ts';
import { ScriptPanel } from './ScriptPanel.tsx';
import { TaskPanel } from './TaskPanel.tsx';
import { TerminalPanel } from './TerminalPanel.tsx';
import { WorkspaceModel } from './workspace-model.ts';

type Part = 'tasks' | 'terminal' | 'script' | 'network';

/** Where workspace.css shows everything at once. */
const WIDE = '(min-width: 62em)';

const PARTS: readonly { readonly part: Part; readonly label: string }[] = [
  { part: 'tasks', label: 'Tasks' },
  { part: 'terminal', label: 'Terminal' },
  { part: 'script', label: 'Script' },
  { part: 'network', label: 'Network' },
];

/** The workspace: tasks, terminal, script and the live network, side by side or one at a time. */
export default function Workspace({ page }: { readonly page: LabPage }) {
  const model = useMemo(() => createModel(page), [page]);
  const [part, setPart] = useState<Part>('tasks');
  const [ready, setReady] = useState<'loading' | 'ready'>('loading');
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    void model.load().then(() => {
      setReady('ready');
    });
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') void model.catchUp();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      document.removeEventListener('visibilitychange', onVisible);
      model.close();
    };
  }, [model]);

  // On a wide screen tasks and network always show; the switch is between terminal and script.
  const go = (to: Part): void => {
    const alwaysShown = to === 'tasks' || to === 'network';
    setPart(alwaysShown && matchMedia(WIDE).matches ? 'terminal' : to);
  };
  useEffect(() => {
    go('tasks');
  }, []);

  // A tab in sight follows the lab in another tab as soon as nothing runs here.
  useSignalEffect(() => {
    const isDue = model.session.value === 'behind' && model.busy.value === null;
    if (isDue && document.visibilityState === 'visible') void model.catchUp();
  });

  // What runs is announced to assistive technology by the status line, and shown on the root.
  useSignalEffect(() => {
    root.current?.toggleAttribute('aria-busy', model.busy.value !== null);
  });

  // The right half shows terminal or script; a phone shows one part of all four.
  const work = part === 'script' ? 'script' : 'terminal';
  return (
    <div class="workspace not-content" data-part={part} data-work={work} data-ready={ready} ref={root}>
      <h1 class="title-elsewhere visually-hidden">{page.title}</h1>
      <nav class="parts" aria-label="Parts of the lab">
        {PARTS.map((each) => (
          <button
            key={each.part}
            type="button"
            data-for={each.part}
            aria-pressed={part === each.part}
            onClick={() => {
              go(each.part);
            }}
          >
            {each.label}
          </button>
        ))}
      </nav>
      <TaskPanel
        model={model}
        onWork={() => {
          go('terminal');
        }}
      />
      <TerminalPanel model={model} shown={work === 'terminal' && ready === 'ready'} />
      <ScriptPanel
        model={model}
        onRun={() => {
          go('terminal');
        }}
        onChecked={() => {
          go('tasks');
        }}
      />
      <NetworkPanel model={model} />
    </div>
  );
}

function createModel(page: LabPage): WorkspaceModel {
  const seed = import.meta.env.SSR ? page.seeds[0] : drawnSeed(page.seeds);
  return new WorkspaceModel(page, openProgress, () => newLabWorker(page.id), seed);
}

function drawnSeed(seeds: LabPage['seeds']): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return seeds[random % seeds.length] ?? seeds[0];
}
