import { ask } from '../../../src/model/compile/ask.ts';
import { compile } from '../../../src/model/compile/compile.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { runScenario } from '../../../src/shell/scenario.ts';
import { createSession } from '../../../src/shell/session.ts';
import { scenarioText } from '../../support/scenario-text.ts';
import { flowOfAnswer } from './scenario.ts';
import type { Question, Variation } from './scenario.ts';

type VariationMaker = (
  variation: string,
  commands: readonly string[],
  questions: readonly Question[],
) => Variation;

/** Returns a maker of variations of `content/scenarios/NAME.sh`, which runs once for all of them. */
export function variationsOf(name: string): VariationMaker {
  return variationsOfScript(name, () => scenarioText(name));
}

/** The same for a script that is no scenario of the course. */
export function variationsOfScript(name: string, script: () => string): VariationMaker {
  let base: Promise<Cloud> | null = null;
  return (variation, commands, questions) => ({
    name: variation,
    questions,
    open: async () => {
      base ??= build(name, script());
      const session = createSession({ cloud: await base });
      for (const command of commands) {
        const { exitCode, stderr } = await session.run(command);
        if (exitCode !== 0) throw new Error(`${variation}: ${command}\n${stderr}`);
      }
      const { cloud } = session;
      return {
        network: compile(cloud).network,
        flowOf: (question) => {
          const { from, to, protocol, port } = question;
          const answer = ask(cloud, { from, to, protocol, ...(port === null ? {} : { port }) });
          if (!answer.ok) throw new Error(`${variation}: ${answer.error.message}`);
          return flowOfAnswer(answer.value, question);
        },
      };
    },
  });
}

async function build(name: string, script: string): Promise<Cloud> {
  const { session, exitCode, stderr } = await runScenario(script);
  if (exitCode !== 0) throw new Error(`${name} exited with ${exitCode}\n${stderr}`);
  return session.cloud;
}
