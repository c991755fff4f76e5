/** What the figure of a path needs, in one piece. */
export { PathFigure } from '../packet-path/PathFigure.tsx';
export { connectPacketPath } from '../packet-path/stepping.ts';
