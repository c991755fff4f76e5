/** ssh and scp: from the workstation, over another machine, from one VM to the next, and as az starts it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { createSession, type RunResult, type Session } from '../../../src/shell/session.ts';

let start: Cloud;

beforeAll(async () => {
  const session = createSession({ cloud: newCloud({ seed: 'ssh' }) });
  const ran = await session.run(
    [
      'set -e',
      'az group create -n rg -l westeurope',
      'az network vnet create -g rg -n v --address-prefix 10.20.0.0/16 --subnet-name s --subnet-prefix 10.20.0.0/24',
      'az vm create -g rg -n vm --image Ubuntu2404 --vnet-name v --subnet s --generate-ssh-keys',
      'az vm create -g rg -n hidden --image Ubuntu2404 --vnet-name v --subnet s --public-ip-address "" --generate-ssh-keys',
    ].join('\n'),
  );
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  start = session.cloud;
});

async function atHome(): Promise<Session> {
  const session = createSession({ cloud: start });
  await session.run('IP=$(az vm show -d -g rg -n vm --query publicIps -o tsv)');
  return session;
}

const ran = (stdout: string, stderr = '', exitCode = 0): RunResult => ({ stdout, stderr, exitCode });
const UNREACHED = /^ssh: connect to host 10\.20\.0\.5 port 22: Connection timed out\n/;

describe('ssh', () => {
  test('over the machine with a public address to the one without, which is not reached directly', async () => {
    const session = await atHome();
    expect((await session.run('ssh azureuser@10.20.0.5 hostname')).stderr).toMatch(UNREACHED);
    expect(await session.run('ssh -J azureuser@$IP azureuser@10.20.0.5 hostname')).toEqual(ran('hidden\n'));
    expect(await session.run('ssh -o ProxyJump=azureuser@$IP azureuser@hidden -- hostname')).toEqual(
      ran('hidden\n'),
    );
    await session.run('ssh -J azureuser@$IP azureuser@10.20.0.5');
    expect(await session.run('hostname')).toEqual(ran('hidden\n'));
    await session.run('exit');
    expect(session.place).toEqual({ kind: 'workstation' });
  });

  test('the machine on the way says what it cannot do', async () => {
    const session = await atHome();
    expect(await session.run('ssh -J azureuser@$IP azureuser@10.20.0.77')).toEqual(
      ran(
        '',
        'channel 0: open failed: connect failed: Connection timed out\nstdio forwarding failed\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n',
        255,
      ),
    );
    const stranger = await session.run('ssh -J bob@$IP azureuser@10.20.0.5');
    expect(stranger.stderr).toMatch(
      /^bob@[\d.]+: Permission denied \(publickey\)\.\n.*\nkex_exchange_identification: Connection closed by remote host\n/,
    );
  });

  test('from one VM to another only with the key', async () => {
    const session = await atHome();
    const denied = await session.run('ssh azureuser@$IP ssh azureuser@10.20.0.5 hostname');
    expect(denied.stderr).toMatch(/^azureuser@10\.20\.0\.5: Permission denied \(publickey\)\.\n/);
    expect(denied.exitCode).toBe(255);
  });

  test('with the key that the workstation made, copied', async () => {
    const session = createSession({ cloud: start });
    await session.run('IP=$(az vm show -d -g rg -n vm --query publicIps -o tsv)');
    await session.run(
      'az vm create -g rg -n third --image Ubuntu2404 --vnet-name v --subnet s --public-ip-address "" --generate-ssh-keys -o none',
    );
    expect(await session.run('scp ~/.ssh/id_rsa azureuser@$IP:key')).toEqual(ran(''));
    expect(await session.run('ssh azureuser@$IP ssh -i key azureuser@10.20.0.5 hostname')).toEqual(
      ran('hidden\n'),
    );
    await session.run('ssh azureuser@$IP "echo nonsense > key"');
    expect((await session.run('ssh azureuser@$IP ssh -i key azureuser@10.20.0.5 hostname')).stderr).toMatch(
      /^Load key "key": error in libcrypto\nazureuser@10\.20\.0\.5: Permission denied \(publickey\)\.\n/,
    );
  });

  test.each([
    ['ssh -L 8081:localhost:8081 azureuser@$IP', 'the option -L is not simulated'],
    ['ssh -o ProxyCommand=nc azureuser@$IP', 'the option -o ProxyCommand is not simulated'],
    ['ssh azureuser@$IP -p 2222 true', 'connecting to port 2222 is not simulated'],
    ['ssh -i nokey azureuser@$IP', 'Warning: Identity file nokey not accessible: No such file or directory.'],
    ['ssh-keygen -t rsa', 'not simulated'],
    ['sftp azureuser@$IP', 'not simulated'],
  ])('%s is refused by name', async (line, why) => {
    const session = await atHome();
    const refused = await session.run(line);
    expect(refused.stderr).toContain(why);
    expect(refused.exitCode).not.toBe(0);
  });
});

describe('scp', () => {
  test('copies to a machine and back', async () => {
    const session = await atHome();
    await session.run('echo one > a.txt; echo two > b.txt');
    expect(await session.run('scp a.txt b.txt azureuser@$IP:/tmp/')).toEqual(ran(''));
    expect(await session.run('ssh azureuser@$IP cat /tmp/a.txt /tmp/b.txt')).toEqual(ran('one\ntwo\n'));
    expect(
      await session.run(
        'scp azureuser@$IP:/tmp/b.txt . && scp azureuser@$IP:/tmp/a.txt c.txt && cat b.txt c.txt',
      ),
    ).toEqual(ran('two\none\n'));
    expect(
      await session.run(
        'scp -J azureuser@$IP a.txt azureuser@10.20.0.5:~/x; ssh -J azureuser@$IP azureuser@10.20.0.5 cat x',
      ),
    ).toEqual(ran('one\n'));
  });

  test.each([
    ['scp nofile azureuser@$IP:', 'scp: stat local "nofile": No such file or directory\n', 1],
    ['scp azureuser@$IP:nofile .', 'scp: nofile: No such file or directory\n', 1],
    [
      'scp azureuser@10.20.0.5:x .',
      'ssh: connect to host 10.20.0.5 port 22: Connection timed out\nscp: Connection closed\n',
      255,
    ],
    ['scp -r azureuser@$IP:/etc .', 'scp: copying folders (-r) is not simulated in this workbook\n', 1],
  ])('%s', async (line, stderr, exitCode) => {
    const session = await atHome();
    expect(await session.run(line)).toEqual(ran('', stderr, exitCode));
  });
});

describe('az ssh vm', () => {
  test('a local user logs in with a key; the exit code of the command is lost, as with the real one', async () => {
    const session = await atHome();
    const first = await session.run('az ssh vm -g rg -n vm --local-user azureuser -- hostname');
    expect(first).toEqual(
      ran('vm\n', 'WARNING: The command requires the extension ssh. It will be installed first.\n'),
    );
    expect(await session.run('az ssh vm --ip $IP --local-user azureuser "exit 3"')).toEqual(ran(''));
    expect(await session.run('az ssh vm --hostname $IP --local-user azureuser -- ls /nosuch')).toEqual(
      ran('ls: /nosuch: No such file or directory\n\n'),
    );
  });

  test('at the terminal it goes there', async () => {
    const session = await atHome();
    await session.run('az ssh vm -g rg --vm-name vm --local-user azureuser');
    expect(session.prompt).toBe('azureuser@vm:~$ ');
    await session.run('exit');
    expect(session.place).toEqual({ kind: 'workstation' });
  });

  test('a user of Microsoft Entra ID is not let in: the VM lacks the extension', async () => {
    const session = await atHome();
    const denied = await session.run('az ssh vm -g rg -n vm');
    expect(denied.stdout).toMatch(
      /^OpenSSH_\S+ .*\nlearner@example\.com@[\d.]+: Permission denied \(publickey\)\.\n.*AADSSHLoginForLinux/,
    );
    expect(session.place).toEqual({ kind: 'workstation' });
  });

  test('without a public address the private one is tried, which is not reached from here', async () => {
    const session = await atHome();
    const tried = await session.run('az ssh vm -g rg -n hidden --local-user azureuser');
    expect(tried.stdout).toMatch(UNREACHED);
    expect(tried.stderr).toContain(
      'WARNING: No public IP detected, attempting private IP (you must bring your own connectivity).\nWARNING: Use --prefer-private-ip to avoid this message.\n',
    );
    const asked = await session.run('az ssh vm -g rg -n vm --local-user azureuser --prefer-private-ip');
    expect(asked).toEqual(ran('ssh: connect to host 10.20.0.4 port 22: Connection timed out\n\n'));
  });

  test.each([
    ['', 2, 'The VM must be specified by --ip or --resource-group and --vm-name/--name'],
    ['-n vm', 2, '--resource-group and --vm-name/--name must be provided together'],
    ['--ip 1.2.3.4 -n vm -g rg', 2, '--ip cannot be used with --resource-group or --vm-name/--name'],
    ['-g rg -n nosuch', 3, 'A valid resource nosuch in the resource group rg was not found.'],
    ['-g nosuch -n vm', 3, "(ResourceGroupNotFound) Resource group 'nosuch' could not be found."],
    ['-g rg -n vm -i nokey', 1, 'Public key file nokey.pub not found'],
    ['-g rg -n vm --resource-type x', 2, '--resource-type must be either'],
    ['-g rg -n vm --rdp', 1, '(NotSimulated) The option --rdp'],
    ['-g rg -n vm --port 2222', 1, '(NotSimulated) The option --port'],
    ['-g rg -n vm -- -L 1:a:2', 1, 'ssh: the option -L is not simulated'],
  ])('az ssh vm %s', async (words, exitCode, why) => {
    const session = await atHome();
    const refused = await session.run(`az ssh vm ${words}`);
    expect({ ...refused, stderr: refused.stderr.includes(`ERROR: ${why}`) }).toEqual({
      stdout: '',
      stderr: true,
      exitCode,
    });
  });
});
