/** mitmproxy on a VM as the chapter lives it: installed, started, stopped, as a unit, over a restart. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createSession, type Session } from '../../../../src/shell/session.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { splitWords } from '../../../../src/shell/place/unit-start.ts';

let bare: Cloud;

beforeAll(async () => {
  const session = createSession({ cloud: newCloud({ seed: 'mitm' }) });
  const ran = await session.run(
    [
      'set -e',
      'az group create -n rg -l westeurope',
      'az network vnet create -g rg -n v --address-prefix 10.20.0.0/16 --subnet-name s --subnet-prefix 10.20.0.0/24',
      'az network vnet subnet update -g rg --vnet-name v -n s --default-outbound-access false',
      'az vm create -g rg -n vm --image Ubuntu2404 --vnet-name v --subnet s --generate-ssh-keys',
      'az vm create -g rg -n hidden --image Ubuntu2404 --vnet-name v --subnet s --public-ip-address "" --generate-ssh-keys',
    ].join('\n'),
  );
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  ({ cloud: bare } = session);
});

/** A session on the VM, logged in as its administrator. */
async function loggedIn(install: 'apt' | 'tarball' | 'nothing'): Promise<Session> {
  const session = createSession({ cloud: bare });
  await session.run('IP=$(az vm show -d -g rg -n vm --query publicIps -o tsv)');
  await session.run('ssh azureuser@$IP');
  if (install === 'apt') await session.run('sudo apt-get update && sudo apt-get install -y mitmproxy');
  if (install === 'tarball') {
    await session.run(
      'V=12.2.3; curl -fsSLO https://downloads.mitmproxy.org/$V/mitmproxy-$V-linux-x86_64.tar.gz && sudo tar -xzf mitmproxy-$V-linux-x86_64.tar.gz -C /usr/local/bin',
    );
  }
  return session;
}

test.each([
  ['mitmdump -w flows', 1, 'recording flows (keep its log instead) is not simulated'],
  ['mitmdump --flow-detail 3', 0, 'which 3 and 4 show, are not simulated'],
  ['mitmdump -p 99999', 0, 'Proxy server listening at *:34463\n'],
  ['mitmdump --listen-port=-1', 1, 'a port below zero (--listen-port -1) is not simulated'],
])('%s', async (line, exitCode, words) => {
  const ran = await (await loggedIn('apt')).run(line);
  expect(ran.exitCode).toBe(exitCode);
  expect(ran.stdout + ran.stderr).toContain(words);
});

describe('installing', () => {
  test('the shell finds the program once the package is there, and apt-get wants root', async () => {
    const session = await loggedIn('nothing');
    expect((await session.run('mitmdump')).exitCode).toBe(127);
    const asUser = await session.run('apt-get install -y mitmproxy');
    expect(asUser).toMatchObject({
      exitCode: 100,
      stderr: expect.stringContaining('are you root?') as string,
    });
    await session.run('sudo apt-get install -y mitmproxy');
    expect((await session.run('mitmdump --version')).stdout).toMatch(/^Mitmproxy: 8\.1\.1\n/);
  });

  test('a machine without a way out gets no package of a proxy', async () => {
    const session = createSession({ cloud: bare });
    const ran = await session.run(
      'az vm run-command invoke -g rg -n hidden --command-id RunShellScript --scripts "apt-get install -y mitmproxy; command -v mitmdump || echo none" --query "value[0].message" -o tsv',
    );
    expect(ran.stdout).toMatch(/\nnone\n/);
    expect(ran.stdout).toMatch(/E: Failed to fetch/);
  });

  test('the tarball brings 12.2.3, whose lines have the time', async () => {
    const session = await loggedIn('tarball');
    await session.run('/usr/local/bin/mitmdump > m.log 2>&1 &');
    await session.run(
      'curl -s -o /dev/null -x http://127.0.0.1:8080 --cacert ~/.mitmproxy/mitmproxy-ca-cert.pem https://example.com',
    );
    const lines = (await session.run('cat m.log')).stdout.split('\n');
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] HTTP\(S\) proxy listening at \*:8080\.$/);
    expect(lines[1]).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\]\[127\.0\.0\.1:\d+\] client connect$/);
    expect(lines[3]).toMatch(/^127\.0\.0\.1:\d+: GET https:\/\/example\.com\/$/);
  });
});

describe('running', () => {
  test('$! is its id, kill ends it and frees the port; a log of it stays', async () => {
    const session = await loggedIn('apt');
    await session.run('mitmdump > m.log 2>&1 & echo $! > mitm.pid');
    expect((await session.run('pgrep mitmdump')).stdout).toBe((await session.run('cat mitm.pid')).stdout);
    expect((await session.run('kill $(cat mitm.pid); ss -ltn')).stdout).not.toContain(':8080');
    expect((await session.run('cat m.log')).stdout).toBe('Proxy server listening at *:8080\n');
  });

  test.each(['mitmdump', 'nohup mitmdump', 'sudo nohup mitmdump'])(
    'the log of %s & is its own',
    async (program) => {
      const session = await loggedIn('apt');
      await session.run(`${program} > m.log 2>&1 &`);
      expect((await session.run('cat m.log')).stdout).toBe('Proxy server listening at *:8080\n');
    },
  );

  test('who logs in otherwise sees the same disk', async () => {
    const session = await loggedIn('apt');
    await session.run('mitmdump > m.log 2>&1 &');
    await session.run('exit');
    const ran = await session.run(
      'az vm run-command invoke -g rg -n vm --command-id RunShellScript --scripts "whoami; cat /home/azureuser/m.log; ls /root/.mitmproxy 2>&1" --query "value[0].message" -o tsv',
    );
    expect(ran.stdout).toContain('root\nProxy server listening at *:8080\n');
    expect(ran.stdout).toContain('/root/.mitmproxy: No such file or directory');
  });

  test('whoever deletes the CA gets another one of the same name', async () => {
    const session = await loggedIn('apt');
    const who = 'openssl x509 -in ~/.mitmproxy/mitmproxy-ca-cert.pem -noout -subject -fingerprint';
    await session.run('mitmdump > m.log 2>&1 &');
    const [name, print] = (await session.run(who)).stdout.split('\n');
    await session.run('pkill mitmdump; rm -r ~/.mitmproxy; mitmdump > m.log 2>&1 &');
    const [nameOfOther, other] = (await session.run(who)).stdout.split('\n');
    expect(nameOfOther).toBe(name);
    expect(other).not.toBe(print);
  });

  test('a restart of the machine ends what a shell started', async () => {
    const session = await loggedIn('apt');
    await session.run('mitmdump > m.log 2>&1 &');
    await session.run('exit');
    await session.run('az vm restart -g rg -n vm');
    await session.run('ssh azureuser@$IP');
    expect((await session.run('pgrep mitmdump')).exitCode).toBe(1);
  });
});

describe('as a unit', () => {
  const UNIT = `sudo tee /etc/systemd/system/mitm.service > /dev/null <<'X'
[Unit]
Description=the proxy
[Service]
ExecStart=/usr/bin/mitmdump --set confdir=/etc/mitm
[Install]
WantedBy=multi-user.target
X`;

  test('enabled, it comes back after a restart, with the CA that it had', async () => {
    const session = await loggedIn('apt');
    await session.run(UNIT);
    await session.run('sudo systemctl daemon-reload; sudo systemctl enable --now mitm');
    const serial = 'openssl x509 -in /etc/mitm/mitmproxy-ca-cert.pem -noout -serial';
    const before = (await session.run(serial)).stdout;
    await session.run('exit');
    await session.run('az vm restart -g rg -n vm');
    await session.run('ssh azureuser@$IP');
    expect((await session.run('systemctl is-active mitm')).stdout).toBe('active\n');
    expect((await session.run(serial)).stdout).toBe(before);
    expect(before).toMatch(/^serial=[0-9A-F]+\n$/);
  });

  test.each([
    ['"^(.+\\.)?savings\\.example$"', ['^(.+\\.)?savings\\.example$']],
    ["'^(.+\\.)?savings\\.example$'", ['^(.+\\.)?savings\\.example$']],
    ['^savings\\\\.example', ['^savings\\.example']],
    ['"a b" c\\x2ed\\s', ['a b', 'c.d ']],
  ])('systemd takes escapes of C for what they are, and leaves others: %s', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  test.each(['reboot', 'shutdown -r now'])('%s starts what is enabled, and nothing else', async (line) => {
    const session = await loggedIn('apt');
    await session.run(UNIT);
    await session.run('sudo systemctl enable mitm; mitmdump -p 8888 > m.log 2>&1 &');
    expect((await session.run(line)).exitCode).toBe(1);
    expect((await session.run(`sudo ${line}`)).exitCode).toBe(0);
    const listening = (await session.run('ss -ltn')).stdout;
    expect(listening).toContain(':8080');
    expect(listening).not.toContain(':8888');
    expect((await session.run('ls /etc/mitm m.log')).exitCode).toBe(0);
  });

  test('a user that useradd made has its own folder of certificates', async () => {
    const session = await loggedIn('apt');
    expect((await session.run('useradd -r mitm')).exitCode).toBe(1);
    await session.run('sudo useradd --system --create-home --home-dir=/var/lib/mitm mitm');
    expect((await session.run('sudo useradd -rm mitm')).exitCode).toBe(9);
    expect((await session.run('sudo chown -R mitm:mitm /var/lib/mitm')).exitCode).toBe(0);
    expect((await session.run('sudo chown nobody-here /var/lib/mitm')).stderr).toMatch(
      /^chown: invalid user/,
    );
    await session.run(
      UNIT.replace(' --set confdir=/etc/mitm', '').replace('[Service]', '[Service]\nUser=mitm'),
    );
    await session.run('sudo systemctl enable --now mitm');
    expect((await session.run('systemctl is-active mitm')).stdout).toBe('active\n');
    expect((await session.run('head -1 /var/lib/mitm/.mitmproxy/mitmproxy-ca-cert.pem')).stdout).toBe(
      '-----BEGIN CERTIFICATE-----\n',
    );
  });

  test('a taken port is in the journal, and the unit has failed', async () => {
    const session = await loggedIn('apt');
    await session.run(UNIT);
    await session.run('mitmdump > m.log 2>&1 &');
    await session.run('sudo systemctl start mitm');
    expect((await session.run('systemctl is-failed mitm')).stdout).toBe('failed\n');
    expect((await session.run('journalctl -u mitm --no-pager')).stdout).toMatch(/address already in use\n/);
  });

  test('a program that is not there is status 203', async () => {
    const session = await loggedIn('nothing');
    await session.run(UNIT);
    await session.run('sudo systemctl start mitm');
    expect((await session.run('systemctl status mitm')).stdout).toMatch(/status=203\/EXEC/);
  });

  test('only root may start it', async () => {
    const session = await loggedIn('apt');
    await session.run(UNIT);
    expect(await session.run('systemctl start mitm')).toMatchObject({ exitCode: 1 });
  });
});
