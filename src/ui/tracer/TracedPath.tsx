/** The figure of one flow, with its stepping. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { PathFigure } from '../packet-path/PathFigure.tsx';
import { connectPacketPath } from '../packet-path/stepping.ts';
import type { TracedView } from './protocol.ts';

export function TracedPath({ id, view }: { readonly id: string; readonly view: TracedView }) {
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
