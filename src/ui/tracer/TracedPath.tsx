/** The figure of one flow, with its stepping. Its code comes with the first answer. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type * as PathFigureCode from './path-figure.ts';
import type { TracedView } from './protocol.ts';

type Figure = typeof PathFigureCode;

/** Kept once it is there, so that the next figure is drawn at once. */
let loaded: Figure | null = null;

export async function loadFigure(): Promise<void> {
  loaded ??= await import('./path-figure.ts');
}

export function TracedPath({ id, view }: { readonly id: string; readonly view: TracedView }) {
  const [figure, setFigure] = useState(loaded);
  useEffect(() => {
    if (figure === null) void loadFigure().then(() => setFigure(loaded));
  }, []);
  return figure === null ? <p>Drawing the path …</p> : <Drawn id={id} view={view} figure={figure} />;
}

function Drawn({
  id,
  view,
  figure: { PathFigure, connectPacketPath },
}: {
  readonly id: string;
  readonly view: TracedView;
  readonly figure: Figure;
}) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (root.current !== null) connectPacketPath(root.current);
  }, []);
  // Stepping changes the elements; nothing here draws them twice.
  const figure = useMemo(
    () => (
      <PathFigure
        id={id}
        asked={view.asked}
        path={view.path}
        scene={view.scene}
        remarks={view.remarks}
        rangeOf={(address) => (Object.hasOwn(view.ranges, address) ? (view.ranges[address] ?? null) : null)}
      />
    ),
    [],
  );
  return (
    <div class="packet-path not-content" ref={root}>
      {figure}
    </div>
  );
}
