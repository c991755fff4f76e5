import type { EndOf, FlowCheck, InvariantCheck, Lab } from '../../src/lab/lab.ts';
import { PROXY_PORT, everyClient, nobodyElse, nothingPast } from './guard.ts';
import { BANK, WEB, acceptIssuer, afterRestart, checksServers, proved } from './proof.ts';

const PROXY = 'vm/vm-proxy';
const CLIENT = 'vm/vm-client';
const CLOSED = /\bNSG\b|\bsubnet\b|\broute\b/;

/** A client asks the proxy for a URL, as `curl -x` does. */
const through = (
  id: string,
  evidence: string,
  from: EndOf,
  to: string,
  reads: 'all' | 'nothing',
): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  from,
  to,
  protocol: 'tcp',
  over: { at: PROXY, port: PROXY_PORT },
  expect: { kind: 'delivered', proxy: { at: PROXY }, reads },
});

const invariant = (id: string, evidence: string, holds: InvariantCheck['holds']): InvariantCheck => ({
  kind: 'invariant',
  id,
  evidence,
  holds,
});

const lab: Lab = {
  id: 'a-proxy-that-reads',
  title: 'A proxy that reads',
  minutes: 45,
  module: '12-http-proxy',
  order: 1,
  objectives: [
    'put mitmproxy on a machine so that it is there after a restart, and let only those ask it who should',
    'prove from the client’s side and from the proxy’s log that it reads, without turning a check off',
    'leave one bank unread, and nobody else',
  ],
  seeds: ['plain'],
  brief: `\`vnet-watch\` (resource group \`rg-watch\`) has three subnets:

- \`snet-proxy\` (group \`nsg-proxy\`) with \`vm-proxy\`: mitmproxy is to run there. It has no way out yet.
- \`snet-clients\` (group \`nsg-clients\`) with \`vm-client\` and \`vm-desk\`; machines come and go there. Its way out is the NAT
  gateway \`natgw-out\`.
- \`snet-ops\` with \`vm-ops\`, from which operators log in to \`vm-proxy\` by ssh. They must not use the proxy.

All machines are Ubuntu 24.04 and have no public address: \`az vm run-command invoke\` gets in without one; \`ssh azureuser@ADDRESS\` needs one.

From now on the clients ask the internet through the proxy only, port ${PROXY_PORT}, and the proxy reads what they ask:
\`www.example.com\`, \`mysavings.example\`, \`savings.example.org\`, everything. Except \`savings.example\` and its subdomains (\`login.savings.example\`):
that is the bank of the employees, and the works council has forbidden to read it.`,
  tasks: [
    {
      id: 'proxy',
      title: 'A proxy that is there tomorrow',
      text: `mitmproxy runs on \`vm-proxy\`, listens on port ${PROXY_PORT}, reaches the internet, checks the servers that it asks, and comes back by itself when the machine is restarted.`,
      hints: [
        'First the way out: a package comes from the internet, and later every request does. Then a program, then somebody who starts it at boot. A shell’s `&` does not.',
        '`snet-proxy` can have the NAT gateway too, or `vm-proxy` an address of its own. `apt-get install -y mitmproxy`, or the tarball from `downloads.mitmproxy.org`; a file `/etc/systemd/system/NAME.service` with `ExecStart=`, and `WantedBy=multi-user.target` under `[Install]`.',
        '`az network vnet subnet update -g rg-watch --vnet-name vnet-watch -n snet-proxy --nat-gateway natgw-out`. Then on the machine, as root: `apt-get update && apt-get install -y mitmproxy`, a unit with `ExecStart=/usr/bin/mitmdump --listen-port 8080`, `systemctl daemon-reload`, `systemctl enable --now NAME`. `az vm restart -g rg-watch -n vm-proxy` shows whether it holds.',
      ],
      checks: [
        {
          kind: 'flow',
          id: 'proxy-out',
          evidence: 'the proxy’s machine has a way out',
          from: PROXY,
          to: `https://${WEB}`,
          protocol: 'tcp',
          expect: { kind: 'delivered' },
        },
        through(
          'client-through',
          'a client gets an answer through the proxy, which reads it',
          CLIENT,
          `https://${WEB}`,
          'all',
        ),
        invariant(
          'after-restart',
          'after a restart of the machine it answers again, with the same CA',
          afterRestart,
        ),
        invariant(
          'checks-servers',
          'the proxy checks the certificates of servers in place of its clients',
          checksServers,
        ),
      ],
    },
    {
      id: 'who-asks',
      title: 'Only the clients ask it',
      text: `Every machine of \`snet-clients\` may ask the proxy on port ${PROXY_PORT}, and nobody else: no other subnet, nobody on the internet. The same for whatever else of mitmproxy listens (a web page, say), which nobody may ask from outside the machine. The operators’ ssh stays.`,
      hints: [
        'What is in the same VNet gets in by a default rule, so an allow rule alone closes nothing. And a deny rule for everything closes too much.',
        'Two inbound rules in `nsg-proxy`: one allows, behind it one denies. Port 8080 is not the only thing that listens on vm-proxy: port 22 has its own customers. `netpath --from vm/vm-ops --to vm/vm-proxy --port 8080`.',
        "`az network nsg rule create -g rg-watch --nsg-name nsg-proxy -n ClientsToProxy --priority 200 --direction Inbound --access Allow --protocol Tcp --source-address-prefixes 10.70.2.0/26 --destination-port-ranges 8080`, and one with `--priority 300 --access Deny --source-address-prefixes '*'`. mitmweb shows its page on 127.0.0.1 if nobody says otherwise.",
      ],
      checks: [
        invariant('every-client', 'the whole subnet of the clients may ask', everyClient),
        {
          kind: 'flow',
          id: 'ops-not',
          evidence: 'operators do not get to the proxy',
          from: 'vm/vm-ops',
          to: PROXY,
          protocol: 'tcp',
          port: PROXY_PORT,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: /\bNSG\b/,
            control: 'client-through',
          },
        },
        invariant('nobody-else', 'of all addresses there are, no other gets to it', nobodyElse),
        {
          kind: 'flow',
          id: 'ops-ssh',
          evidence: 'operators still log in',
          from: 'vm/vm-ops',
          to: PROXY,
          protocol: 'tcp',
          port: 22,
          expect: { kind: 'delivered' },
        },
      ],
    },
    {
      id: 'no-other-way',
      title: 'No way past it, and a proof',
      text: `Nothing that machines of \`snet-clients\` send reaches the internet by itself. Then prove that the proxy reads: \`vm-client\` asks for a page of \`https://${WEB}\` through it, checks the certificate, and is answered; the proxy’s log has the path.`,
      hints: [
        'A client that can go directly proves nothing when it gets an answer. And a client that was told not to check (`curl -k`) proves only that somebody answered.',
        'Closed: in `nsg-clients` the tag `Internet` is a destination of outbound rules; think of all protocols. Trust: the CA is in `~/.mitmproxy` of whoever runs the proxy (root, for a unit without `User=`); which of those files may leave the machine? Clients take it from `--cacert FILE`, or from the machine’s store.',
        "`az network nsg rule create -g rg-watch --nsg-name nsg-clients -n NothingOut --priority 200 --direction Outbound --access Deny --protocol '*' --destination-address-prefixes Internet --destination-port-ranges '*'`. Print `mitmproxy-ca-cert.pem` by run-command on vm-proxy, write it to `/usr/local/share/ca-certificates/proxy.crt` on vm-client, run `update-ca-certificates` and `curl -sSv -x http://ADDRESS:8080 https://www.example.com/hello` there. The log of a unit: `journalctl -u NAME`.",
      ],
      checks: [
        {
          kind: 'flow',
          id: 'no-way-past',
          evidence: 'a client that asks nobody does not get to the site',
          from: CLIENT,
          to: `https://${WEB}`,
          protocol: 'tcp',
          client: 'none',
          expect: {
            kind: 'blocked',
            disposition: ['denied-outbound', 'no-outbound-path', 'dropped-by-route'],
            by: CLOSED,
            control: 'client-through',
          },
        },
        invariant(
          'nothing-past',
          'nor does any client to any other host, on any port or protocol',
          nothingPast,
        ),
        invariant('proved', 'the proxy has read what a client asked that checks certificates', proved),
        {
          kind: 'answer',
          id: 'web-issuer',
          evidence: 'whose certificate the client has to trust',
          key: 'web',
          question: `Who issued the certificate that vm-client sees when it asks https://${WEB} through the proxy? (The issuer’s common name.)`,
          accept: acceptIssuer(WEB),
        },
      ],
    },
    {
      id: 'unread',
      title: 'One bank unread',
      text: `\`${BANK}\` and its subdomains go through the proxy as they are: the client meets the bank’s own certificate. Nobody else profits: names that only look alike are read as before.`,
      hints: [
        'Going unread is not going past: the proxy still makes the connection, as a tunnel whose bytes it hands on. It has an option for that, and the option takes a regular expression.',
        'A regular expression is searched anywhere in the name, and its dot is any character. Anchor it at both ends. mitmproxy 8 (apt) compares it with the host alone, later versions (the tarball) with `host:port`.',
        "apt: `--ignore-hosts '^(.+\\.)?savings\\.example$'`; tarball: `--ignore-hosts '^(.+\\.)?savings\\.example:443$'`. Change the unit, `systemctl daemon-reload`, `systemctl restart NAME`. Then compare the line `issuer:` of `curl -v` for the bank and for `mysavings.example`.",
      ],
      checks: [
        through('bank-unread', 'the bank is reached, unread', CLIENT, `https://${BANK}`, 'nothing'),
        through('bank-login-unread', 'so is its login', CLIENT, `https://login.${BANK}`, 'nothing'),
        through(
          'lookalike-read',
          'a name that ends like the bank’s is read',
          CLIENT,
          `https://my${BANK}`,
          'all',
        ),
        through(
          'other-domain-read',
          'a name that begins like the bank’s is read',
          'vm/vm-desk',
          `https://${BANK}.org`,
          'all',
        ),
        {
          kind: 'answer',
          id: 'bank-issuer',
          evidence: 'whose certificate the client sees at the bank',
          key: 'bank',
          question: `Who issued the certificate that vm-client sees when it asks https://${BANK} through the proxy? (The issuer’s common name.)`,
          accept: acceptIssuer(BANK),
        },
      ],
    },
  ],
};

export default lab;
