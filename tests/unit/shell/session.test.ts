import { beforeEach, describe, expect, test } from 'vitest';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { createSession, sessionFrom, type Session } from '../../../src/shell/session.ts';

let session: Session;
beforeEach(() => {
  session = createSession({ cloud: newCloud(), files: { 'note.txt': 'hello\n', '/etc/motd': 'welcome\n' } });
});

async function stdout(line: string): Promise<string> {
  return (await session.run(line)).stdout;
}

describe('what an interactive session keeps from line to line', () => {
  test.each([
    ['variables', ['A=1', 'echo $A'], '1\n'],
    ['exported variables', ['export A=1', "bash -c 'echo $A'"], '1\n'],
    ['arrays', ['a=(x "y z")', 'echo "${a[1]}"'], 'y z\n'],
    ['associative arrays', ['declare -A m=([k]=v)', 'echo ${m[k]}'], 'v\n'],
    ['functions', ['f() { echo "f $1"; }', 'f x'], 'f x\n'],
    ['the directory', ['cd /etc', 'pwd'], '/etc\n'],
    ['the status of the last command', ['false', 'echo $?'], '1\n'],
    ['the status behind an option', ['set -o pipefail', 'false | true', 'echo $?'], '1\n'],
    ['options', ['set -o pipefail', 'false | true && echo no || echo yes'], 'yes\n'],
    ['aliases', ['alias hi="echo hello"', 'hi there'], 'hello there\n'],
    ['files', ['echo x > f', 'cat f'], 'x\n'],
    ['readonly variables', ['readonly R=1', 'R=2', 'echo $R'], '1\n'],
    ['nothing of a line that does not parse', ['A=1', 'if then', 'echo $A'], '1\n'],
  ])('%s', async (_, lines, expected) => {
    let last = '';
    for (const line of lines) last = await stdout(line);
    expect(last).toBe(expected);
  });

  test('exit closes the session, and says so afterwards', async () => {
    expect((await session.run('exit 3')).exitCode).toBe(3);
    expect(session.state).toBe('closed');
    expect((await session.run('echo x')).stderr).toBe('the session has ended\n');
  });

  test('exit inside a function or a subshell of a script does not close it', async () => {
    await session.run('(exit 3)');
    expect(session.state).toBe('open');
    expect(await stdout('echo $?')).toBe('3\n');
  });
});

describe('words in command position', () => {
  test.each([
    ['an unquoted variable', 'C="echo a b"; $C c', 'a b c\n'],
    ['all arguments', 'run() { "$@"; }; run echo "x  y"', 'x  y\n'],
    ['an array', 'c=(echo "p q"); "${c[@]}" r', 'p q r\n'],
    ['a substitution', '$(echo echo hi) there', 'hi there\n'],
    ['a function', 'f() { echo f "$@"; }; F="f 1"; $F 2', 'f 1 2\n'],
    ['a builtin that changes the shell', 'C="cd /etc"; $C; pwd', '/etc\n'],
    ['standard input', 'echo in | $(echo cat)', 'in\n'],
    ['nothing at all', 'N=; $N echo x', 'x\n'],
  ])('%s is split as bash splits it', async (_, line, expected) => {
    expect(await stdout(line)).toBe(expected);
  });
});

describe('the workstation', () => {
  test('starts at home with the files it was given', async () => {
    expect(await stdout('pwd; cat note.txt /etc/motd')).toBe('/home/learner\nhello\nwelcome\n');
    expect(session.prompt).toBe('learner@workstation:~$ ');
  });

  test('shows the virtual time', async () => {
    expect(await stdout('date -u +%Y-%m-%dT%H:%M')).toBe('2026-09-01T09:00\n');
  });

  test('lets time pass without waiting', async () => {
    const started = performance.now();
    await session.run('sleep 600');
    expect(await stdout('date -u +%H:%M')).toBe('09:10\n');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test.each([
    ['an unknown program', 'frobnicate', 'bash: frobnicate: command not found'],
    ['a real program that is not simulated', 'helm ls', 'this workbook simulates az, kubectl, netpath'],
    ['the interfaces of the workstation', 'ip addr', 'ip: not simulated on the workstation'],
    ['a private address, which the internet does not know', 'curl -m 3 http://10.0.0.1', 'curl: (28)'],
    ['a trap', "trap 'echo bye' EXIT", 'bash: trap: not simulated in this workbook: nothing was set'],
    ['python', "python3 -c 'print(1)'", 'this workbook simulates az, kubectl, netpath'],
    ['a menu', 'select x in a b; do break; done', 'does not simulate that word of bash'],
    ['a connection by redirection', 'echo > /dev/tcp/10.0.0.1/80 && echo open', 'use nc or curl'],
    ['reading from a connection', 'cat < /dev/tcp/10.0.0.1/80', 'use nc or curl'],
  ])('%s is refused in words', async (_, line, words) => {
    const result = await session.run(line);
    expect(result.exitCode).not.toBe(0);
    expect(result.stderr).toContain(words);
  });

  test('only exported variables reach a program', async () => {
    expect(await stdout('HIDDEN=1; export SHOWN=2; env | grep -E "HIDDEN|SHOWN|SHELLOPTS"')).toBe(
      'SHOWN=2\n',
    );
  });

  test('runs a script in a shell of its own', async () => {
    const result = await session.runScript('job.sh', 'echo "$0 $1"; X=1; cd /tmp; exit 5', { args: ['arg'] });
    expect(result).toEqual({ stdout: 'job.sh arg\n', stderr: '', exitCode: 5 });
    expect(await stdout('echo "[$X]"; pwd')).toBe('[]\n/home/learner\n');
  });

  test('an abort stops an endless loop', async () => {
    const stopping = new AbortController();
    const running = session.run('while true; do sleep 1; done', { signal: stopping.signal });
    stopping.abort();
    expect((await running).exitCode).not.toBe(0);
    expect(await stdout('echo alive')).toBe('alive\n');
  });

  test('completes commands, their words and files', async () => {
    expect((await session.complete('kubec')).candidates).toEqual(['kubectl']);
    expect((await session.complete('kubectl ge')).candidates).toEqual(['get']);
    expect((await session.complete('kubectl get po')).candidates).toEqual(['pods']);
    expect((await session.complete('az network vn')).candidates).toEqual(['vnet', 'vnet-gateway']);
    expect((await session.complete('cat no')).candidates).toEqual(['note.txt']);
    expect((await session.complete('echo x | net')).candidates).toContain('netpath');
  });
});

test('a session that goes on from another one finds what that one wrote on the disks of machines', async () => {
  await session.run(
    'az group create -n rg -l westeurope -o none; az vm create -g rg -n vm --image Ubuntu2404 --generate-ssh-keys -o none',
  );
  const onMachine = (line: string) =>
    `az vm run-command invoke -g rg -n vm --command-id RunShellScript --scripts '${line}' --query 'value[0].message' -o tsv`;
  await session.run(`${onMachine('mkdir /etc/own; echo kept > /etc/own/note')}; echo gone > here`);
  const { cloud, disks } = session;
  const further = createSession({ cloud, disks });
  expect((await further.run(onMachine('cat /etc/own/note; cat /etc/hostname'))).stdout).toContain(
    'kept\nvm\n',
  );
  expect((await further.run('cat here')).exitCode).toBe(1);
  expect((await createSession({ cloud }).run(onMachine('cat /etc/own/note'))).stdout).not.toContain('kept');
});

describe('a start for other sessions', () => {
  const CLUSTER =
    'az group create -n rg -l westeurope -o none; az aks create -g rg -n c --generate-ssh-keys -o none; az aks get-credentials -g rg -n c';

  test('has the network and the files, and nothing that one session does reaches the others', async () => {
    await session.run(`${CLUSTER}; mkdir -p d; echo own > d/f; echo rough > /tmp/f; echo note > note.txt`);
    const start = await session.asStart();
    const [first, second] = [sessionFrom(start), sessionFrom(start)];
    await first.run('kubectl create namespace of-the-first; rm d/f; az group create -n other -l westeurope');
    const seen =
      'kubectl get namespaces -o name; cat d/f /tmp/f note.txt; ls -l ~/.ssh | cut -d" " -f1; az group list --query "[].name" -o tsv';
    expect((await second.run(seen)).stdout).toBe((await session.run(seen)).stdout);
    expect((await second.run(seen)).stdout).toContain(
      'own\nrough\nnote\ntotal\n-rw-------\n-rw-r--r--\nrg\n',
    );
    expect((await second.run(seen)).stdout).not.toContain('of-the-first');
  });

  test('has the disks of VMs, each session its own', async () => {
    const onMachine = (line: string): string =>
      `az vm run-command invoke -g rg -n vm --command-id RunShellScript --scripts '${line}' --query 'value[0].message' -o tsv`;
    await session.run(
      `az group create -n rg -l westeurope -o none; az vm create -g rg -n vm --image Ubuntu2204 --generate-ssh-keys -o none; ${onMachine('echo own > /root/f')}`,
    );
    const start = await session.asStart();
    const [first, second] = [sessionFrom(start), sessionFrom(start)];
    await first.run(onMachine('echo of-the-first > /root/f'));
    const seen = onMachine('cat /root/f; ls -l --full-time /root /etc /tmp; curl -sv localhost 2>&1');
    expect((await second.run(seen)).stdout).toBe((await session.run(seen)).stdout);
    expect((await second.run(onMachine('cat /root/f'))).stdout).toContain('own\n');
  });

  test('has what lies in pods, each session its own', async () => {
    await session.run(`${CLUSTER}; kubectl run p --image nginx; kubectl exec p -- sh -c 'echo x > /f'`);
    const start = await session.asStart();
    const [first, second] = [sessionFrom(start), sessionFrom(start)];
    const seen = "kubectl exec p -- sh -c 'ls -l --full-time / /etc; cat /f; curl -sv localhost 2>&1'";
    expect((await second.run(seen)).stdout).toBe((await session.run(seen)).stdout);
    await first.run("kubectl exec p -- sh -c 'echo y >> /f'");
    await session.run("kubectl exec p -- sh -c 'echo z >> /f'");
    expect((await first.run('kubectl exec p -- cat /f')).stdout).toBe('x\ny\n');
    expect((await second.run('kubectl exec p -- cat /f')).stdout).toBe('x\n');
  });
});
