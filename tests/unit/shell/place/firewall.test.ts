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
