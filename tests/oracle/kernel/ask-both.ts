import type { HostId, Network } from '../../../src/model/network/network.ts';
import { trace } from '../../../src/model/trace/walk.ts';
import type { Trace } from '../../../src/model/trace/trace.ts';
import { modelAnswer } from './compare.ts';
import type { ModelAnswer } from './compare.ts';
import type { OpenVariation, Question, Variation } from './scenario.ts';
import { sendInKernel } from './send.ts';
import type { KernelAnswer } from './send.ts';

export interface ModelSide {
  readonly question: Question;
  readonly trace: Trace;
  readonly model: ModelAnswer;
}

/** Asks the model all questions of a variation. */
export function askModel(variation: Variation, { network, flowOf }: OpenVariation): ModelSide[] {
  return variation.questions.map((question) => {
    const traced = trace(network, flowOf(question));
    return { question, trace: traced, model: modelAnswer(traced) };
  });
}

/** Asks the kernel the questions that the model was asked, in order. */
export async function askKernel(
  { network }: OpenVariation,
  asked: readonly ModelSide[],
): Promise<KernelAnswer[]> {
  return sendInKernel(
    network,
    asked.map(({ trace: traced, model }) => {
      const balanced = traced.hops.some(({ place, steps }) =>
        steps.some((step) => step.kind === 'balance' || hasChoiceOfSource(network, place, step.by)),
      );
      return {
        flow: traced.flow,
        balancedTo: balanced ? model.answeredBy : null,
        seenSource: model.seenSource,
      };
    }),
  );
}

/** Whether a translation of this host lends one of several addresses. */
function hasChoiceOfSource(network: Network, place: HostId, by: string): boolean {
  const translations = network.hosts.get(place)?.translations ?? [];
  return translations.some(
    ({ by: name, action }) => name === by && action.kind === 'source-pool' && action.addresses.length > 1,
  );
}
