/** `envsubst` of GNU gettext, through which manifests with variables go on their way to kubectl. */
import { bytesOf, decodeUtf8 } from './quote.ts';
import { answer, failure, type Run } from './run-words.ts';

const VARIABLE = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** `envsubst [SHELL-FORMAT]`: exported variables alone, and with a format those that it names. */
export const envsubst: Run = (args, { exportedEnv = {}, stdin }) => {
  const option = args.find((arg) => arg.startsWith('-'));
  if (option !== undefined)
    return failure(`envsubst: the option ${option} is not simulated in this workbook\n`);
  if (args.length > 1) return failure('envsubst: too many arguments\n');
  const [format] = args;
  const named = format === undefined ? null : new Set([...format.matchAll(VARIABLE)].map(nameIn));
  return answer(
    decodeUtf8(bytesOf(stdin)).replaceAll(VARIABLE, (...match: string[]) => {
      const name = nameIn(match);
      return named === null || named.has(name) ? (exportedEnv[name] ?? '') : (match[0] ?? '');
    }),
  );
};

function nameIn([, braced, bare]: readonly (string | undefined)[]): string {
  return braced ?? bare ?? '';
}
