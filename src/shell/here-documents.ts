/**
 * Backslashes in here-documents whose delimiter is not quoted. In bash one escapes `$`, a backquote, a
 * backslash and the end of a line, and stays in front of anything else; just-bash 3.4 takes it away in front
 * of `.`, `*`, `/` and others, so that a regular expression in a file means something else.
 */
import type { Bash } from 'just-bash';
import { replaced } from './syntax-tree.ts';

type Script = ReturnType<Bash['transform']>['ast'];

const ESCAPABLE = ['$', '`', '\\', '\n'];

/** Makes a bash keep the backslashes of here-documents that bash keeps. */
export function keepBackslashes(bash: Bash): void {
  bash.registerTransformPlugin({
    name: 'here-documents',
    transform: ({ ast }) => ({ ast: replaced(ast, kept) as Script }),
  });
}

function kept(node: object): object | null {
  const content = contentOf(node);
  return content === null ? null : { ...node, content: replaced(content, unescaped) };
}

function contentOf(node: object): object | null {
  if (!('type' in node && node.type === 'HereDoc' && 'quoted' in node && node.quoted === false)) return null;
  return 'content' in node && typeof node.content === 'object' ? node.content : null;
}

function unescaped(node: object): object | null {
  if (!('type' in node)) return null;
  // A command that is substituted in the document has the rules of commands.
  if (node.type === 'CommandSubstitution' && 'body' in node)
    return { ...node, body: replaced(node.body, kept) };
  if (node.type !== 'Escaped' || !('value' in node) || typeof node.value !== 'string') return null;
  return ESCAPABLE.includes(node.value) ? node : { ...node, type: 'Literal', value: `\\${node.value}` };
}
