import type { Cloud } from '../../../src/model/cloud.ts';
import { ask } from '../../../src/model/compile/ask.ts';
import { compile } from '../../../src/model/compile/compile.ts';
import { unwrap } from '../../../src/model/result.ts';
import { flowOfAnswer } from './scenario.ts';
import type { Question, Variation } from './scenario.ts';

/** Returns a variation of a cloud that a test makes, without commands. */
export function cloudVariation(name: string, make: () => Cloud, questions: readonly Question[]): Variation {
  return {
    name,
    questions,
    open: () => {
      const cloud = make();
      return Promise.resolve({
        network: compile(cloud).network,
        flowOf: (question) => {
          const { from, to, protocol, port } = question;
          const answer = unwrap(ask(cloud, { from, to, protocol, ...(port === null ? {} : { port }) }));
          return flowOfAnswer(answer, question);
        },
      });
    },
  };
}
