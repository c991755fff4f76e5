import { ask } from '../model/compile/ask.ts';
import { err, ok } from '../model/result.ts';
import type { AskFlow } from './check-flow.ts';

/** Asks the model: the tracer on the compiled cloud. */
export const askModel: AskFlow = (cloud, question) => {
  const answer = ask(cloud, question);
  return answer.ok
    ? ok({ trace: answer.value.trace, remarks: answer.value.remarks })
    : err(answer.error.message);
};
