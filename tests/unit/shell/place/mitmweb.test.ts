/** mitmweb's interface, which since 11.1.2 only opens with the token of the log or a password. */
import { beforeAll, describe, expect, test } from 'vitest';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { createSession, type Session } from '../../../../src/shell/session.ts';

let installed: Readonly<Record<'apt' | 'tarball', Cloud>>;

beforeAll(async () => {
  const session = createSession({ cloud: newCloud({ seed: 'mitmweb' }) });
  const ran = await session.run(
    [
      'set -e',
      'az group create -n rg -l westeurope',
      'az network vnet create -g rg -n v --address-prefix 10.20.0.0/16 --subnet-name s --subnet-prefix 10.20.0.0/24',
      'az vm create -g rg -n vm --image Ubuntu2404 --vnet-name v --subnet s --generate-ssh-keys',
    ].join('\n'),
  );
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  const bare = session.cloud;
  const after = async (line: string): Promise<Cloud> => {
    const next = createSession({ cloud: bare });
    await next.run('ssh azureuser@$(az vm show -d -g rg -n vm --query publicIps -o tsv)');
    const done = await next.run(line);
    if (done.exitCode !== 0) throw new Error(done.stderr);
    return next.cloud;
  };
  installed = {
    apt: await after('sudo apt-get update && sudo apt-get install -y mitmproxy'),
    tarball: await after(
      'V=12.2.3; curl -fsSLO https://downloads.mitmproxy.org/$V/mitmproxy-$V-linux-x86_64.tar.gz && sudo tar -xzf mitmproxy-$V-linux-x86_64.tar.gz -C /usr/local/bin',
    ),
  };
});

async function serving(how: 'apt' | 'tarball', options = ''): Promise<Session> {
  const session = createSession({ cloud: installed[how] });
  await session.run('ssh azureuser@$(az vm show -d -g rg -n vm --query publicIps -o tsv)');
  const program = how === 'apt' ? 'mitmweb' : '/usr/local/bin/mitmweb';
  await session.run(`${program} --no-web-open-browser ${options} > m.log 2>&1 &`);
  return session;
}

const STATUS = "curl -s -o /dev/null -w '%{http_code}\\n'";

describe('mitmweb', () => {
  test('8.1.1 opens for everybody', async () => {
    const session = await serving('apt');
    expect((await session.run(`${STATUS} http://127.0.0.1:8081/`)).stdout).toBe('200\n');
  });

  test('12.2.3 opens with the token of its log, in the address or as a header', async () => {
    const session = await serving('tarball');
    expect((await session.run(`${STATUS} http://127.0.0.1:8081/`)).stdout).toBe('403\n');
    expect((await session.run('curl -s http://127.0.0.1:8081/')).stdout).toContain(
      '<h1>403 Authentication Required</h1>',
    );
    await session.run("T=$(grep -o 'token=[0-9a-f]*' m.log)");
    expect((await session.run(`${STATUS} "http://127.0.0.1:8081/?$T"`)).stdout).toBe('200\n');
    expect(
      (await session.run(`${STATUS} -H "Authorization: Bearer \${T#token=}" http://127.0.0.1:8081/flows`))
        .stdout,
    ).toBe('200\n');
    expect((await session.run('curl -s "http://127.0.0.1:8081/?token=x"')).stdout).toContain(
      '403 Invalid Password',
    );
  });

  test('a password takes the place of the token; it warns, and does not print it', async () => {
    const session = await serving('tarball', '--set web_password=secret');
    expect((await session.run(`${STATUS} http://127.0.0.1:8081/?token=secret`)).stdout).toBe('200\n');
    expect((await session.run(`${STATUS} http://127.0.0.1:8081/`)).stdout).toBe('403\n');
    const log = (await session.run('cat m.log')).stdout;
    expect(log).toContain('Using a plaintext password to protect the mitmweb user interface.');
    expect(log).not.toContain('secret');
    const hashed = await serving('tarball', "--set 'web_password=$argon2id$x'");
    expect((await hashed.run('cat m.log')).stdout).toContain('a password as an argon2 hash');
  });
});

test('a program says on what it runs, as its release has it', async () => {
  const session = createSession({ cloud: installed.apt });
  await session.run('ssh azureuser@$(az vm show -d -g rg -n vm --query publicIps -o tsv)');
  expect((await session.run('mitmdump --version')).stdout).toBe(
    'Mitmproxy: 8.1.1\nPython:    3.12.3\nOpenSSL:   OpenSSL 3.0.13 30 Jan 2024\nPlatform:  Linux-6.8.0-1021-azure-x86_64-with-glibc2.39\n',
  );
  expect((await session.run('uname -r')).stdout).toBe('6.8.0-1021-azure\n');
});

test('sudo runs as whom it is told', async () => {
  const session = createSession({ cloud: installed.apt });
  await session.run('ssh azureuser@$(az vm show -d -g rg -n vm --query publicIps -o tsv)');
  const line =
    "sudo whoami; sudo -u azureuser whoami; sudo -H -u nobody sh -c 'echo $USER $HOME'; sudo -unosuch id";
  expect(await session.run(line)).toEqual({
    stdout: 'root\nazureuser\nnobody /nonexistent\n',
    stderr: 'sudo: unknown user nosuch\nsudo: error initializing audit plugin sudoers_audit\n',
    exitCode: 1,
  });
  const asAgent = createSession({ cloud: installed.apt });
  const ran = await asAgent.run(
    'az vm run-command invoke -g rg -n vm --command-id RunShellScript --scripts "sudo -u azureuser sh -c \'whoami; echo \\$HOME\'" --query "value[0].message" -o tsv',
  );
  expect(ran.stdout).toContain('[stdout]\nazureuser\n/home/azureuser\n');
});
