/** What programs in a VM learn from a firewall on their way. */
import { describe, expect, test } from 'vitest';
import { createSession } from '../../../../src/shell/session.ts';
import type { FirewallText } from '../../../support/firewall.ts';
import { ADDRESSES, behindFirewall, NAMES } from '../../model/compile/firewall-world.ts';

const RULES: FirewallText = {
  network: [
    {
      name: 'ssh',
      priority: 200,
      rules: [{ name: 'ssh', destinationAddresses: [ADDRESSES.web], destinationPorts: ['22'] }],
    },
    {
      name: 'closed',
      priority: 100,
      action: 'Deny',
      rules: [{ name: 'other', destinationAddresses: ['203.0.113.81'], destinationPorts: ['443'] }],
    },
  ],
  application: [
    { name: 'app', priority: 300, rules: [{ name: 'web', targetFqdns: [NAMES.web] }] },
    {
      name: 'no',
      priority: 100,
      action: 'Deny',
      rules: [
        { name: 'games', targetFqdns: ['*.games.example'] },
        {
          name: 'high',
          targetFqdns: ['*.games.example'],
          protocols: [{ protocolType: 'Https', port: 8443 }],
        },
      ],
    },
  ],
};

async function inVm(line: string, text: FirewallText = RULES): Promise<{ out: string; exitCode: number }> {
  const session = createSession({ cloud: await behindFirewall(text) });
  const ran = await session.run(
    `az vm run-command invoke -g rg -n one --command-id RunShellScript --scripts '${line}; echo "exit $?"' --query 'value[0].message' -o tsv`,
  );
  const exit = /exit (\d+)/.exec(ran.stdout);
  return { out: ran.stdout + ran.stderr, exitCode: Number(exit?.[1]) };
}

const PAGE = 'Action: Deny. Reason: No rule matched. Proceeding with default action.';

// https://http.dev/470 for the page; https://learn.microsoft.com/azure/firewall/firewall-faq for TCP that connects.
describe('curl', () => {
  test.each<[string, string, number, RegExp]>([
    ['a name that a rule allows', `curl -sS http://${NAMES.web}`, 0, /client address: 192\.0\.2\.10/],
    [
      'HTTP to another name',
      `curl -sS -o - -w " %{http_code}" http://${NAMES.other}`,
      0,
      new RegExp(`${PAGE} 470`),
    ],
    ['and with --fail', `curl -fsS http://${NAMES.other}`, 22, /returned error: 470/],
    ['HTTP to an address', `curl -sS http://${ADDRESSES.web}`, 0, new RegExp(PAGE)],
    [
      'the Host header is what counts',
      `curl -sS -H "Host: ${NAMES.web}" http://${ADDRESSES.web}`,
      0,
      /client address/,
    ],
    [
      'a denying rule by its name',
      'curl -sS -H "Host: a.games.example" http://203.0.113.80',
      0,
      /Rule Collection: no. Rule: games/,
    ],
    ['HTTPS to an address says no name', `curl -sS https://${ADDRESSES.web}`, 35, /Connection reset by peer/],
    [
      'with --resolve the name is that of the URL',
      `curl -sS --resolve a.games.example:443:${ADDRESSES.web} https://a.games.example`,
      35,
      /reset/,
    ],
    ['a network rule that denies gives no answer', `curl -sS -m 5 https://${NAMES.other}`, 28, /timed out/],
    ['a port that is for no application rule', `curl -sS -m 5 http://${NAMES.web}:8081`, 28, /timed out/],
    [
      'a port that an application rule names',
      'curl -sS -m 5 --resolve a.example:8443:203.0.113.80 https://a.example:8443',
      35,
      /reset/,
    ],
  ])('%s', async (_name, line, exitCode, out) => {
    const ran = await inVm(line);
    expect(ran.out).toMatch(out);
    expect(ran.exitCode).toBe(exitCode);
  });
});

describe('others', () => {
  test.each<[string, string, number, RegExp]>([
    ['nc where an application rule could apply', `nc -zv ${ADDRESSES.web} 443`, 0, /succeeded/],
    ['nc where nothing allows', `nc -zv -w 3 ${ADDRESSES.web} 25`, 1, /timed out/],
    ['nc where a network rule denies', 'nc -zv -w 3 203.0.113.81 443', 1, /timed out/],
    ['nc where a network rule allows', `nc -zv ${ADDRESSES.web} 22`, 0, /succeeded/],
    ['wget', `wget -O- http://${NAMES.other}`, 8, /ERROR 470/],
    ['wget of HTTPS', `wget -O- https://${ADDRESSES.web}`, 4, /Unable to establish SSL connection/],
    ['ping', `ping -c 1 ${ADDRESSES.web}`, 1, /100% packet loss/],
  ])('%s', async (_name, line, exitCode, out) => {
    const ran = await inVm(line);
    expect(ran.out).toMatch(out);
    expect(ran.exitCode).toBe(exitCode);
  });
});

describe('DNS', () => {
  const PROXY = { 'Network.DNS.EnableProxy': 'true' };
  const custom = (servers: string): string =>
    `az network vnet update -g rg -n spoke1 --dns-servers ${servers} -o none`;
  const asked = async (text: FirewallText, script: string, line: string) => {
    const session = createSession({ cloud: await behindFirewall(text, script) });
    const ran = await session.run(
      `az vm run-command invoke -g rg -n one --command-id RunShellScript --scripts '${line}' --query 'value[0].message' -o tsv`,
    );
    return ran.stdout + ran.stderr;
  };

  test.each<[string, FirewallText, string, string, RegExp]>([
    [
      'the proxy forwards to Azure',
      { settings: PROXY },
      custom('10.0.0.4'),
      `nslookup ${NAMES.web}`,
      /Server:\s+10\.0\.0\.4[\s\S]*203\.0\.113\.80/,
    ],
    [
      'and knows the names of its own VNet',
      { settings: PROXY },
      custom('10.0.0.4'),
      'nslookup tool',
      /10\.0\.1\.4/,
    ],
    ['but not those of the client’s', { settings: PROXY }, custom('10.0.0.4'), 'nslookup one', /NXDOMAIN/],
    [
      'without proxy nobody answers',
      {},
      custom('10.0.0.4'),
      `nslookup ${NAMES.web}`,
      /no servers could be reached/,
    ],
    [
      'nothing there',
      { settings: PROXY },
      custom('10.0.0.99'),
      `curl -sS http://${NAMES.web}`,
      /Could not resolve host/,
    ],
    [
      'the second server answers',
      { settings: PROXY },
      custom('10.0.0.99 10.0.0.4'),
      `nslookup ${NAMES.web}`,
      /203\.0\.113\.80/,
    ],
    [
      'a server of the proxy that is not there',
      { settings: { ...PROXY, 'Network.DNS.Servers': '10.0.0.50' } },
      custom('10.0.0.4'),
      `nslookup ${NAMES.web}`,
      /SERVFAIL/,
    ],
    [
      'asked by name',
      { settings: PROXY },
      '',
      `nslookup ${NAMES.web} 10.0.0.4`,
      /Server:\s+10\.0\.0\.4[\s\S]*203\.0\.113\.80/,
    ],
    [
      'Azure’s own by default',
      { settings: PROXY },
      '',
      `nslookup ${NAMES.web}`,
      /Server:\s+168\.63\.129\.16/,
    ],
    [
      'resolv.conf',
      { settings: PROXY },
      custom('10.0.0.4'),
      'cat /etc/resolv.conf',
      /nameserver 10\.0\.0\.4/,
    ],
  ])('%s', async (_name, text, script, line, out) => {
    expect(await asked(text, script, line)).toMatch(out);
  });
});

describe('netpath', () => {
  test.each<[string, string, RegExp]>([
    [
      'HTTP',
      `--to http://${NAMES.other}`,
      /^The sender sees that the connection opens at firewall\/fw, and then a page with status 470\.$/m,
    ],
    [
      'HTTPS to a port of an application rule',
      '--to https://203.0.113.80:8443',
      /at firewall\/fw, and then a reset\.$/m,
    ],
    ['a network rule that denies', `--to https://${NAMES.other}`, /^The sender sees a timeout\.$/m],
  ])('says what the sender sees: %s', async (_name, to, out) => {
    const session = createSession({ cloud: await behindFirewall(RULES) });
    const ran = await session.run(`netpath --from vm/one ${to}`);
    expect(ran.stdout).toMatch(/^denied-outbound: /m);
    expect(ran.stdout).toMatch(out);
  });

  test('has what the connection asks for in its JSON', async () => {
    const session = createSession({ cloud: await behindFirewall(RULES) });
    const ran = await session.run(
      `netpath --from vm/one --to http://${NAMES.web} -o json | jq -c '.hops[0].steps[0].before.request'`,
    );
    expect(ran.stdout).toBe(`{"protocol":"http","host":"${NAMES.web}"}\n`);
  });
});
