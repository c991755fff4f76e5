/** The NO_PROXY explorer's page: where each client goes for each URL, and what every entry has to do with it. */
import { useState } from 'preact/hooks';
import { isAlike, noProxyCalculator, runNoProxy } from '../../planner/calculators/no-proxy.ts';
import {
  decidedText,
  GOES,
  hasOutsiders,
  NOT_COMPARED,
  urlVerdict,
  whyText,
} from '../../planner/calculators/no-proxy-words.ts';
import { CLIENT_NAMES, namesAmong } from '../../planner/no-proxy-clients.ts';
import { NO_PROXY_STARTS } from '../../planner/no-proxy-starts.ts';
import { comparedAnswers } from '../../planner/no-proxy.ts';
import type { UrlAnswer } from '../../planner/no-proxy.ts';
import { Assumed } from './Assumed.tsx';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid } from './Grid.tsx';
import { Starts } from './Starts.tsx';
import { useCalculator } from './use-calculator.ts';

const [START] = NO_PROXY_STARTS;

export default function NoProxy() {
  const state = useCalculator(noProxyCalculator, runNoProxy, START.draft, (plan) => plan.verdict);
  const [chosen, setChosen] = useState('');
  const { answer, verdict, assumptions } = state.plan;
  const { urls } = answer;
  const shown = urls.find(({ url }) => url === chosen) ?? urls[0];
  return (
    <CalculatorFrame
      calculator={noProxyCalculator}
      state={state}
      verdict={verdict}
      outcome={isAlike(state.plan) ? 'fits' : 'does-not-fit'}
      warnings={answer.warnings}
    >
      {urls.length > 1 && <Overview urls={urls} />}
      {shown !== undefined && (
        <section class="calc-part">
          <h2>{urls.length > 1 ? 'One URL in detail' : 'By client'}</h2>
          {urls.length > 1 && (
            <p class="firewall-choice">
              <label for="no-proxy-detail">URL</label>
              <select
                id="no-proxy-detail"
                value={shown.url}
                onInput={(event) => setChosen(event.currentTarget.value)}
              >
                {urls.map(({ url }) => (
                  <option key={url} value={url} selected={url === shown.url}>
                    {url}
                  </option>
                ))}
              </select>
            </p>
          )}
          {urls.length > 1 && <p>{urlVerdict(shown)}</p>}
          <Clients url={shown} />
        </section>
      )}
      {shown !== undefined && <Entries url={shown} />}
      <Assumed calculator={noProxyCalculator} texts={assumptions.map(capitalised)} />
      <Starts
        title="Start from another list"
        text="It replaces what stands in the fields."
        starts={NO_PROXY_STARTS}
        onStart={state.onStart}
      />
    </CalculatorFrame>
  );
}

/** One row for each URL: the clients that read NO_PROXY, by where they go. */
function Overview({ urls }: { readonly urls: readonly UrlAnswer[] }) {
  const named = ({ answers }: UrlAnswer, kind: 'direct' | 'proxy' | 'error'): string => {
    const compared = comparedAnswers(answers).map(({ client }) => client);
    const clients = answers.filter(({ choice }) => choice.kind === kind).map(({ client }) => client);
    const shown = clients.filter((client) => compared.includes(client));
    return shown.length === 0 ? 'none' : namesAmong(shown, compared);
  };
  const fails = urls.some(({ answers }) => answers.some(({ choice }) => choice.kind === 'error'));
  return (
    <Grid
      caption="Where the clients go"
      head={['URL', 'Direct', 'Through the proxy', ...(fails ? ['Fail'] : [])]}
      cells="prose"
      rows={urls.map((each) => ({
        cells: [
          each.url,
          named(each, 'direct'),
          named(each, 'proxy'),
          ...(fails ? [named(each, 'error')] : []),
        ],
        fits: !each.differs,
      }))}
    />
  );
}

function Clients({ url }: { readonly url: UrlAnswer }) {
  return (
    <>
      <div class="no-proxy-clients">
        <Grid
          caption={`Clients that ask for ${url.url}`}
          head={['Client', 'Goes', 'Decided by', 'Why']}
          cells="prose"
          rows={url.answers.map((each) => ({
            cells: [CLIENT_NAMES[each.client], GOES[each.choice.kind], decidedText(each), whyText(each)],
            fits: true,
          }))}
        />
      </div>
      {hasOutsiders(url) && <p class="calc-note">{NOT_COMPARED}</p>}
    </>
  );
}

function Entries({ url }: { readonly url: UrlAnswer }) {
  if (url.entries.length === 0) return null;
  return (
    <section class="calc-part">
      <h2>Entry by entry</h2>
      <p>What each client makes of each entry for {url.url}.</p>
      <dl class="no-proxy-entries">
        {url.entries.map(({ entry, groups, readers }) => (
          <div key={entry}>
            <dt>
              <code>{entry === '' ? '(empty)' : entry}</code>
            </dt>
            {groups.map(({ clients, matches, why }) => (
              <dd key={`${matches ? 'yes' : 'no'} ${why}`} data-matches={matches ? 'yes' : 'no'}>
                <strong>{matches ? 'Matches' : 'Does not match'}</strong> for {namesAmong(clients, readers)}:{' '}
                {why}.
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </section>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
