/** `ls -l` and what it shows: the simulation's clock, modes, owners. */
import { describe, expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession, type Session } from '../../../src/shell/session.ts';

/** 1 September 2026, 09:00. */
const session = (): Session => createSession({ cloud: newCloud({ seed: 'ls' }) });

describe('ls -l', () => {
  test('dates are those of the simulation, and so is what is recent', async () => {
    const shell = session();
    await shell.run('echo x > new; touch -d 2026-01-05 older; mkdir folder; sleep 3600; echo y >> new');
    expect((await shell.run('ls -l')).stdout).toBe(
      [
        'total 8',
        'drwxr-xr-x 2 learner learner 4096 Sep  1 09:00 folder',
        '-rw-r--r-- 1 learner learner    4 Sep  1 10:00 new',
        '-rw-r--r-- 1 learner learner    0 Jan  5  2026 older',
        '',
      ].join('\n'),
    );
    expect((await shell.run('find . -newer folder -type f')).stdout).toBe('./new\n');
    await shell.run('mv new moved; cp moved copied');
    expect((await shell.run('ls -l moved copied')).stdout).toMatch(
      /Sep {2}1 10:00 copied\n.* Sep {2}1 10:00 moved\n$/,
    );
  });

  test('a mode stays when a file is written again', async () => {
    const shell = session();
    await shell.run('echo x > key; chmod 600 key; echo y > key; echo z >> key');
    expect((await shell.run('ls -l key')).stdout).toMatch(/^-rw------- 1 learner learner 4 /);
  });

  test('several operands: files first, then each folder with its name', async () => {
    const shell = session();
    await shell.run('mkdir d; echo x > d/in; echo y > f; ln -s f l');
    expect(await shell.run('ls -l d f l nosuch')).toEqual({
      stdout: [
        '-rw-r--r-- 1 learner learner 2 Sep  1 09:00 f',
        'lrwxrwxrwx 1 learner learner 1 Sep  1 09:00 l -> f',
        '',
        'd:',
        'total 4',
        '-rw-r--r-- 1 learner learner 2 Sep  1 09:00 in',
        '',
      ].join('\n'),
      stderr: "ls: cannot access 'nosuch': No such file or directory\n",
      exitCode: 2,
    });
    expect((await shell.run('ls -ld d')).stdout).toMatch(/^drwxr-xr-x 2 learner learner 4096 .* d\n$/);
    expect((await shell.run('ls -a')).stdout).toContain('.profile');
  });

  test('what only its owner may read, and what is a program, on a VM', async () => {
    const shell = session();
    await shell.run(
      [
        'az group create -n rg -l westeurope',
        'az network vnet create -g rg -n v --address-prefix 10.20.0.0/16 --subnet-name s --subnet-prefix 10.20.0.0/24',
        'az vm create -g rg -n vm --image Ubuntu2404 --vnet-name v --subnet s --generate-ssh-keys',
      ].join(' && '),
    );
    expect((await shell.run('ls -l ~/.ssh/id_rsa')).stdout).toMatch(/^-rw------- /);
    await shell.run('ssh azureuser@$(az vm show -d -g rg -n vm --query publicIps -o tsv)');
    await shell.run('sudo apt-get install -y mitmproxy; mitmdump > m.log 2>&1 &');
    const listed = (await shell.run('ls -l .mitmproxy /usr/bin/mitmdump')).stdout;
    const modes = listed.split('\n').flatMap((line) => {
      const [mode = '', , owner = '', , , , , , name = ''] = line.split(/ +/);
      return name === '' ? [] : [`${mode} ${owner} ${name}`];
    });
    expect(modes).toEqual([
      '-rwxr-xr-x root /usr/bin/mitmdump',
      '-rw-r--r-- azureuser mitmproxy-ca-cert.cer',
      '-rw-r--r-- azureuser mitmproxy-ca-cert.p12',
      '-rw-r--r-- azureuser mitmproxy-ca-cert.pem',
      '-rw------- azureuser mitmproxy-ca.p12',
      '-rw------- azureuser mitmproxy-ca.pem',
      '-rw-r--r-- azureuser mitmproxy-dhparam.pem',
    ]);
  });
});
