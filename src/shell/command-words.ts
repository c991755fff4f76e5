/**
 * Word splitting in command position. just-bash 3.4 takes the word in front as one program name, so
 * `$CMD x`, `"$@"` and `"${cmd[@]}"` look for a program called `kubectl exec web`. Such a command is
 * rewritten to `eval "$(__words $CMD x)"`: as arguments the words are split as bash splits them.
 */
import type { Bash, Command } from 'just-bash';
import { quoteWord } from './quote.ts';
import { withChildren } from './syntax-tree.ts';

type Script = ReturnType<Bash['transform']>['ast'];
type SimpleCommand = Extract<
  Script['statements'][number]['pipelines'][number]['commands'][number],
  { type: 'SimpleCommand' }
>;
type Word = NonNullable<SimpleCommand['name']>;

const WORDS = '__words';

/** Prints its arguments as one line that bash reads back as the same words. */
export const wordsCommand: Command = {
  name: WORDS,
  execute: (args) => Promise.resolve({ stdout: args.map(quoteWord).join(' '), stderr: '', exitCode: 0 }),
};

/** Makes a bash split the words in command position. */
export function splitCommandWords(bash: Bash): void {
  bash.registerCommand(wordsCommand);
  const [template] = bash.transform(`eval "$(${WORDS} x)"`).ast.statements;
  const model = template?.pipelines[0]?.commands[0];
  if (model?.type !== 'SimpleCommand') throw new Error('the template is a simple command');
  bash.registerTransformPlugin({
    name: 'command-words',
    transform: ({ ast }) => ({ ast: rewritten(ast, model) as Script }),
  });
}

/** Copies the tree where it changes; everything else is shared. */
function rewritten(node: object, model: SimpleCommand): object {
  const result = withChildren(node, (child) => rewritten(child, model));
  return isSimpleCommand(result) && result.name !== null && mayBeSeveral(result.name)
    ? evaluated(result, result.name, model)
    : result;
}

function isSimpleCommand(node: object): node is SimpleCommand {
  return 'type' in node && node.type === 'SimpleCommand';
}

/** Reports whether a word can become other than one field. */
function mayBeSeveral(word: Word): boolean {
  return word.parts.some((part) => {
    if (part.type === 'ParameterExpansion' || part.type === 'CommandSubstitution') return true;
    return (
      part.type === 'DoubleQuoted' &&
      part.parts.some((inner) => inner.type === 'ParameterExpansion' && /^@$|\[@\]$/.test(inner.parameter))
    );
  });
}

function evaluated(command: SimpleCommand, name: Word, model: SimpleCommand): SimpleCommand {
  const line = command.line === undefined ? {} : { line: command.line };
  const words = { ...command, assignments: [], redirections: [], args: [name, ...command.args] };
  const put = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(put);
    if (typeof node !== 'object' || node === null) return node;
    if (isSimpleCommand(node)) return { ...node, ...line, args: words.args };
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, put(value)]));
  };
  return {
    ...model,
    ...line,
    args: model.args.map((each) => put(each) as Word),
    assignments: command.assignments,
    redirections: command.redirections,
  };
}
