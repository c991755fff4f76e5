import { ask } from '../model/compile/ask.ts';
import { compile } from '../model/compile/compile.ts';
import { directoryOf } from '../model/compile/directory.ts';
import { resolveSource, resolveTarget } from '../model/compile/ends.ts';
import { traceOverProxy } from '../model/compile/relayed.ts';
import { readUrl } from '../model/compile/url-parts.ts';
import type { Cloud } from '../model/cloud.ts';
import { formatAddress } from '../model/ip/address.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { AskFlow, FlowAnswer, FlowQuestion } from './check-flow.ts';

/** Asks the model: the tracer on the compiled cloud. */
export const askModel: AskFlow = (cloud, question) => {
  const { over, ...direct } = question;
  if (over !== undefined) return askOver(cloud, question, over);
  const answer = ask(cloud, direct);
  return answer.ok
    ? ok({ trace: answer.value.trace, remarks: answer.value.remarks })
    : err(answer.error.message);
};

/** Any port will do: nothing on the way to a proxy balances by it. */
const SOURCE_PORT = 40_001;

/** The sender asks the proxy that it is told of, whatever its variables say. */
function askOver(
  cloud: Cloud,
  { from, to }: FlowQuestion,
  over: NonNullable<FlowQuestion['over']>,
): Result<FlowAnswer, string> {
  const directory = directoryOf(compile(cloud));
  const sender = resolveSource(directory, from);
  if (!sender.ok) return err(sender.error.message);
  const proxy = resolveTarget(directory, over.at, sender.value);
  if (!proxy.ok) return err(proxy.error.message);
  const url = readUrl(to);
  if (!url.ok) return err(url.error.message);
  const host = formatAddress(proxy.value.address);
  const end = { scheme: 'http', host, port: over.port } as const;
  const traced = traceOverProxy(directory, sender.value, end, url.value, () => SOURCE_PORT);
  return traced.ok ? ok({ trace: traced.value.trace, remarks: [] }) : err(traced.error.message);
}
