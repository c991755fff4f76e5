/** What a page remembers: the part of progress that every lesson carries. */
export {
  NOT_KEPT,
  recall,
  remember,
  whenRemembered,
  type MemoryKind,
} from '../../progress/browser-memory.ts';
