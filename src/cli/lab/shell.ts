import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { runScript, startLab } from '../../lab/run.ts';
import { SCRIPT_NAME } from '../../lab/source.ts';
import type { Session } from '../../shell/session.ts';
import { converse } from '../conversation.ts';
import type { Terminal } from '../terminal.ts';
import { parseLabArguments } from './arguments.ts';
import { readScript, seedOf } from './check.ts';
import { findLab } from './find.ts';
import { workspaceOf, type Workspace } from './workspace.ts';

/** An interactive terminal in the lab's network. What is typed is kept in `workspace/<lab>/history.sh`. */
export async function shell(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseLabArguments(args, { seed: { type: 'string' }, file: { type: 'string', short: 'f' } }, [
    'lab',
  ]);
  const source = await findLab(parsed.positionals[0], 'shell');
  const workspace = workspaceOf(source.lab.id);
  const running = await startLab(source, seedOf(parsed, source));
  const script = parsed.value('file');
  if (script !== undefined) {
    const outcome = await runScript(running, readScript(script, source));
    terminal.out(outcome.stdout);
    terminal.err(outcome.stderr);
  } else if (existsSync(workspace.script)) {
    await running.session.writeFile(SCRIPT_NAME, readScript(workspace.script, source));
    terminal.out(`Your script is here as ${SCRIPT_NAME}; run it with: bash ${SCRIPT_NAME}\n`);
  }
  terminal.out(`${source.lab.title}, seed ${running.seed}. Also here: check, answer, calc.\n`);
  await converse(recorded(running.session, workspace));
  for (const bug of running.session.bugs) {
    terminal.err(`A bug in the simulation: ${bug.stack ?? bug.message}\n`);
  }
  return running.session.bugs.length > 0 ? 3 : 0;
}

/** The same session, which also writes each line down, so that a script can be made from it. */
function recorded(session: Session, workspace: Workspace): Session {
  if (!existsSync(workspace.folder)) return session;
  const history = join(workspace.folder, 'history.sh');
  const run: Session['run'] = (line, options) => {
    if (line.trim() !== '') appendFileSync(history, `${line}\n`);
    return session.run(line, options);
  };
  return {
    get cloud() {
      return session.cloud;
    },
    get place() {
      return session.place;
    },
    get prompt() {
      return session.prompt;
    },
    get state() {
      return session.state;
    },
    get bugs() {
      return session.bugs;
    },
    get disks() {
      return session.disks;
    },
    run,
    runScript: (name, text, options) => session.runScript(name, text, options),
    complete: (line) => session.complete(line),
    readFile: (path) => session.readFile(path),
    writeFile: (path, text) => session.writeFile(path, text),
    asStart: () => session.asStart(),
  };
}
