/** One reason for or against an option that a chooser ranks, with its source. */
import { EFFECT_NAMES } from '../../planner/calculators/which-plugin.ts';
import type { ReasonFor } from '../../planner/ranking.ts';
import { unbrokenOptions } from './unbroken.tsx';

export function ReasonItem({ reason }: { readonly reason: ReasonFor<string> }) {
  const { sign, word } = EFFECT_NAMES[reason.effect];
  const [name = reason.source, address] = reason.source.split(', https://');
  return (
    <li data-effect={reason.effect}>
      <span class="calc-sign" aria-hidden="true">
        {sign}
      </span>
      <span>
        <b>{word}</b> {unbrokenOptions(reason.text)}{' '}
        <cite>
          {address === undefined ? name : <a href={`https://${address}`}>{name}</a>}, {reason.read}
        </cite>
      </span>
    </li>
  );
}
