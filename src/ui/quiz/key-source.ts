/** What quiz keys are computed with while the site is built: the scenario's shell, the limits, the calculators. */
import { runCalc } from '../../planner/command-line.ts';
import { type KeySource, netpathLine } from '../../quiz/key.ts';
import { limitNamed } from '../lesson/limits.ts';
import { runOrThrow, scenarioSession } from '../lesson/scenario.ts';

export const keySource: KeySource = {
  ask: async (scenario, flow) => {
    const session = await scenarioSession(scenario);
    const { stdout } = await session.run(`${netpathLine(flow)} -o json`);
    if (stdout === '') await runOrThrow(session, netpathLine(flow), 0);
    return JSON.parse(stdout) as unknown;
  },
  limit: (name) => {
    const value = limitNamed(name)?.value;
    return typeof value === 'number' || typeof value === 'string' ? value : null;
  },
  run: async (scenario, command) => (await scenarioSession(scenario)).run(command),
  calc: async (command) => {
    const words = command.split(/\s+/).filter((word) => word !== '');
    const { stdout, stderr, exitCode } = runCalc([...words, '--json']);
    // 1 is an answer too: the calculator says that it cannot be done, and why.
    if (exitCode > 1 || stdout === '') throw new Error(`calc ${command} exits with ${exitCode}: ${stderr}`);
    return JSON.parse(stdout) as unknown;
  },
};
