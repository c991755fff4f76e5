/**
 * What `tsc -p tsconfig.json` and `eslint . --max-warnings=0` say, from one program: the typed rules ask the
 * compiler for most of what it has found out already, and would have it found out again.
 */
import { join } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..');

function courseProgram(): ts.Program {
  const config = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (problem) => {
      throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
    },
  });
  if (config === undefined) throw new Error('tsconfig.json cannot be read');
  const { fileNames: rootNames, options, errors } = config;
  return ts.createProgram({
    rootNames,
    options,
    configFileParsingDiagnostics: errors,
    // The rules look from a node to what it stands in.
    host: ts.createCompilerHost(options, true),
  });
}

/** Returns how many mistakes there are. */
function checkTypes(program: ts.Program): number {
  const found = ts.sortAndDeduplicateDiagnostics([
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ]);
  process.stdout.write(
    ts.formatDiagnostics(found, {
      getCurrentDirectory: () => ROOT,
      getCanonicalFileName: (name) => name,
      getNewLine: () => '\n',
    }),
  );
  return found.length;
}

/** Returns how many errors and warnings there are. */
async function lint(program: ts.Program): Promise<number> {
  const eslint = new ESLint({
    cwd: ROOT,
    overrideConfig: {
      files: ['**/*.{ts,tsx,mts}'],
      ignores: ['**/*.astro/*.ts'],
      languageOptions: { parserOptions: { projectService: false, programs: [program] } },
    },
  });
  const results = await eslint.lintFiles('.');
  process.stdout.write(await (await eslint.loadFormatter()).format(results));
  return results.reduce((sum, { errorCount, warningCount }) => sum + errorCount + warningCount, 0);
}

const program = courseProgram();
const mistakes = checkTypes(program);
process.exitCode = mistakes + (await lint(program)) > 0 ? 1 : 0;
