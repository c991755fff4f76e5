/** Where the network comes from: a scenario, pasted JSON, files, or nothing to begin with. */
import { useState } from 'preact/hooks';
import { textOfFile } from '../../planner/file-text.ts';
import type { InputIssue } from '../../planner/input.ts';
import { Issues } from './Issues.tsx';
import type { Source } from './protocol.ts';

interface Props {
  readonly scenarios: readonly string[];
  readonly busy: boolean;
  readonly issues: readonly InputIssue[];
  readonly onOpen: (source: Source) => void;
  readonly onRefuse: (flag: string, message: string) => void;
}

const COMMANDS = `for c in vnet route-table nsg asg nic public-ip "nat gateway" lb private-endpoint; do
  az network $c list -o json; done > network.json
az vm list -d -o json >> network.json`;

export function NetworkSource({ scenarios, busy, issues, onOpen, onRefuse }: Props) {
  const [scenario, setScenario] = useState(
    scenarios.includes('hub-and-spoke') ? 'hub-and-spoke' : (scenarios[0] ?? ''),
  );
  const [text, setText] = useState('');
  const readFiles = async (files: FileList | null): Promise<void> => {
    if (files === null || files.length === 0) return;
    try {
      const contents = await Promise.all([...files].map((file) => file.arrayBuffer()));
      const texts = contents.map((content) => textOfFile(new Uint8Array(content)));
      onOpen({ kind: 'texts', texts });
    } catch {
      onRefuse('texts', 'The file cannot be read.');
    }
  };
  const tryExample = async (): Promise<void> => {
    const { exampleTexts, SMALL_EXAMPLE } = await import('../../planner/import/example-network.ts');
    const texts = exampleTexts(SMALL_EXAMPLE);
    setText(texts.map((each) => JSON.stringify(JSON.parse(each), null, 1)).join('\n'));
    onOpen({ kind: 'texts', texts });
  };
  const wrong = issues.filter(({ flag }) => flag === 'texts' || flag === 'scenario' || flag === 'link');
  return (
    <section class="tracer-part" aria-labelledby="tracer-network">
      <h2 id="tracer-network">1. The network</h2>
      <div class="tracer-sources">
        <form
          class="tracer-source"
          aria-label="A scenario of the course"
          onSubmit={(event) => {
            event.preventDefault();
            onOpen({ kind: 'scenario', name: scenario });
          }}
        >
          <div class="calc-field">
            <label for="tracer-scenario">A scenario of the course</label>
            <select
              id="tracer-scenario"
              value={scenario}
              onChange={(event) => {
                setScenario(event.currentTarget.value);
              }}
            >
              {scenarios.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <div class="tracer-buttons">
            <button type="submit" class="button button-primary" disabled={busy}>
              Load the scenario
            </button>
            <button
              type="button"
              class="button"
              disabled={busy}
              onClick={() => {
                onOpen({ kind: 'empty' });
              }}
            >
              Start from nothing
            </button>
          </div>
        </form>
        <form
          class="tracer-source"
          aria-label="Your own network"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() === '')
              onRefuse('texts', 'Nothing is pasted yet: paste what a command printed with -o json.');
            else onOpen({ kind: 'texts', texts: [text] });
          }}
        >
          <div class="calc-field" data-wrong={wrong.length > 0 ? '' : undefined}>
            <label for="tracer-json">Your own network, as az and kubectl print it</label>
            <textarea
              id="tracer-json"
              class="tracer-code"
              rows={6}
              wrap="off"
              spellcheck={false}
              autocomplete="off"
              aria-describedby="tracer-json-help tracer-json-wrong"
              aria-invalid={wrong.length > 0}
              value={text}
              onInput={(event) => {
                setText(event.currentTarget.value);
              }}
            />
            <p class="calc-help" id="tracer-json-help">
              JSON, several answers one after the other. It stays in this browser.
            </p>
            <Issues id="tracer-json-wrong" issues={wrong} />
          </div>
          <div class="tracer-buttons">
            <button type="submit" class="button button-primary" disabled={busy}>
              Load what is pasted
            </button>
            <label class="button tracer-file">
              Load files
              <input
                type="file"
                accept=".json,application/json,text/plain"
                multiple
                disabled={busy}
                onChange={(event) => {
                  const input = event.currentTarget;
                  void readFiles(input.files).then(() => {
                    input.value = '';
                  });
                }}
              />
            </label>
            <button type="button" class="button" disabled={busy} onClick={() => void tryExample()}>
              Try an example
            </button>
          </div>
        </form>
      </div>
      <details class="tracer-how">
        <summary>Which commands to paste from</summary>
        <pre tabIndex={0}>{COMMANDS}</pre>
        <p>
          For a cluster add <code>az aks list</code>, <code>az vmss list</code>, <code>az vmss nic list</code>{' '}
          of each scale set, and{' '}
          <code>kubectl get nodes,pods,services,endpointslices,networkpolicies,namespaces,configmaps -A</code>
          , all with <code>-o json</code>. Firewalls: <code>az network firewall list</code>,{' '}
          <code>firewall policy list</code>, <code>firewall policy rule-collection-group list</code>,{' '}
          <code>ip-group list</code>. Gateways: <code>vnet-gateway</code>, <code>local-gateway</code> and{' '}
          <code>vpn-connection list</code>. A template of <code>az group export</code> works too, but has no
          addresses. What the model does not know is named.
        </p>
      </details>
    </section>
  );
}
