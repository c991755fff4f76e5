/** The proxy configuration's page: what is wrong, the certificates, the file, and what AKS makes of it. */
import { useEffect, useState } from 'preact/hooks';
import {
  assumptionsOf,
  certificateRows,
  httpProxyConfig,
  nameCell,
  runHttpProxyConfig,
  verdictText,
} from '../../planner/calculators/http-proxy-config.ts';
import { judgeProxyConfig, NAME_CLIENTS } from '../../planner/http-proxy-config.ts';
import type { ProxyAnswer } from '../../planner/http-proxy-config.ts';
import type { Finding } from '../../planner/http-proxy-finding.ts';
import { HTTP_PROXY_STARTS } from '../../planner/http-proxy-starts.ts';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid, row } from './Grid.tsx';
import { Starts } from './Starts.tsx';
import { unbrokenOptions } from './unbroken.tsx';
import { useCalculator } from './use-calculator.ts';

const [START] = HTTP_PROXY_STARTS;

/** The day that it is, once there is a browser: the server's own would be that of the build. */
function useToday(): number | null {
  const [today, setToday] = useState<number | null>(null);
  useEffect(() => setToday(Math.floor(Date.now() / 1000)), []);
  return today;
}

export default function HttpProxyConfig() {
  const today = useToday();
  const state = useCalculator(httpProxyConfig, runHttpProxyConfig, START.draft, ({ question, date }) =>
    verdictText(judgeProxyConfig(question, date ?? today)),
  );
  const at = state.plan.date ?? today;
  const answer = judgeProxyConfig(state.plan.question, at);
  return (
    <CalculatorFrame
      calculator={httpProxyConfig}
      state={state}
      verdict={verdictText(answer)}
      outcome={answer.outcome === 'taken' ? 'fits' : 'does-not-fit'}
      warnings={[]}
    >
      <Findings findings={answer.findings} />
      <Certificates answer={answer} />
      <File answer={answer} />
      <section class="calc-part">
        <h2>What AKS exempts</h2>
        <Grid
          caption="effectiveNoProxy"
          head={['Entry', 'From']}
          rows={answer.effectiveNoProxy.map(({ entry, by }) => row(entry, by))}
        />
        {assumptionsOf(state.plan, at ?? 0).map((each) => (
          <p key={each} class="calc-note">
            {each}
          </p>
        ))}
      </section>
      <Variables variables={answer.variables} />
      <Names answer={answer} />
      <Starts
        title="Start from another one"
        text="It replaces what stands in the fields."
        starts={HTTP_PROXY_STARTS}
        onStart={state.onStart}
      />
    </CalculatorFrame>
  );
}

const STANDING = { error: 'wrong', warning: 'warning', note: 'note' } as const;
/** The marks that findings of the overlap checker have, too. */
const MARK = { error: 'refused', warning: 'warns', note: 'note' } as const;

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <section class="calc-part">
      <h2>Findings</h2>
      <ul class="calc-findings">
        {findings.map(({ severity, about, message, instead }) => (
          <li key={message} data-severity={MARK[severity]}>
            <h3>
              <span class="calc-standing">{STANDING[severity]}</span> {about}
            </h3>
            <p class="calc-wraps">{unbrokenOptions(message)}</p>
            {instead !== null && (
              <p class="calc-wraps">
                Try <code>{instead}</code>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Certificates({ answer: { certificates } }: { readonly answer: ProxyAnswer }) {
  if (certificates.length === 0) return null;
  return (
    <section class="calc-part">
      <h2>{certificates.length === 1 ? 'The certificate' : `${certificates.length} certificates`}</h2>
      {certificates.map((each, index) => (
        <Grid
          key={index}
          caption={certificates.length === 1 ? 'Read in this browser' : `Certificate ${index + 1}`}
          head={['Field', 'Value']}
          cells="prose"
          rows={certificateRows(each).map(([name, value]) => row(name, value))}
        />
      ))}
    </section>
  );
}

function File({ answer: { file, mended } }: { readonly answer: ProxyAnswer }) {
  const [said, setSaid] = useState('');
  if (file === null)
    return (
      <section class="calc-part">
        <h2>The file</h2>
        <p>There is none yet: AKS would refuse it, and what it would take cannot be guessed.</p>
      </section>
    );
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(file);
      setSaid('The file is copied.');
    } catch {
      setSaid('The browser does not let the page copy: take the text from below.');
    }
  };
  const download = (): void => {
    const url = URL.createObjectURL(new Blob([file], { type: 'application/json' }));
    const anchor = document.createElement('a');
    anchor.href = url;
    anchor.download = 'aks-proxy-config.json';
    anchor.click();
    URL.revokeObjectURL(url);
    setSaid('The file is written.');
  };
  return (
    <section class="calc-part">
      <h2>The file</h2>
      {mended.length > 0 && (
        <ul class="calc-marks">
          {mended.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      <pre class="calc-rules" tabIndex={0} aria-label="aks-proxy-config.json">
        <code>{file}</code>
      </pre>
      <p class="calc-buttons">
        <button type="button" class="button" onClick={() => void copy()}>
          Copy
        </button>{' '}
        <button type="button" class="button" onClick={download}>
          Download
        </button>{' '}
        <span role="status">{said}</span>
      </p>
      <p class="calc-create">
        <code>az aks create ... --http-proxy-config aks-proxy-config.json</code>
      </p>
    </section>
  );
}

function Variables({ variables }: { readonly variables: ProxyAnswer['variables'] }) {
  const rows = Object.entries(variables);
  if (rows.length === 0) return null;
  return (
    <section class="calc-part">
      <h2>What pods and nodes get</h2>
      <Grid
        caption="Environment variables"
        head={['Variable', 'Value']}
        cells="prose"
        rows={rows.map(([name, value]) => row(name, value))}
      />
    </section>
  );
}

function Names({ answer: { names } }: { readonly answer: ProxyAnswer }) {
  if (names.length === 0) return null;
  return (
    <section class="calc-part">
      <h2>What pods call</h2>
      <Grid
        caption="Through the proxy or direct, and which entry decides"
        columns="even"
        head={['Name', ...NAME_CLIENTS]}
        cells="prose"
        rows={names.map((each) => row(each.name, ...NAME_CLIENTS.map((client) => nameCell(each, client))))}
      />
    </section>
  );
}
