import { describe, expect, test } from 'vitest';
import { commandsIn, diagnosisPath, lookOf, type ChangeInLog } from '../../../src/practice/diagnosis-path.ts';
import type { LogEntry } from '../../../src/progress/lab-progress.ts';

test.each([
  ['netpath --from pod/a --to pod/b --port 80', 'path'],
  ['TRACE=$(netpath --from pod/a --to pod/b --port 80 -o json)', 'path'],
  ['do netpath --from $A --to $B --port 80', 'path'],
  ['kubectl exec a -- curl -sm 3 http://b', 'try'],
  ['kubectl -n kube-system exec a -- env', 'inside'],
  ['kubectl debug node/n -it --image=busybox -- sysctl net.ipv4.ip_forward', 'inside'],
  ['az vm run-command invoke -g g -n vm --command-id RunShellScript --scripts "cat x"', 'inside'],
  ['az network nic show-effective-route-table -g g -n nic', 'routes'],
  ['az network vnet peering list -g g --vnet-name v -o table', 'routes'],
  ['az network nsg rule list -g g --nsg-name n', 'rules'],
  ['az network nic list-effective-nsg -g g -n nic', 'rules'],
  ['az network lb probe list -g g --lb-name kubernetes', 'balancer'],
  ['az monitor metrics list --resource x --metric UsedSnatPorts', 'metrics'],
  ['kubectl describe service store', 'words'],
  ['kubectl get events', 'words'],
  ['kubectl get pods -o wide', 'settings'],
  ['az aks show -g g -n c --query networkProfile', 'settings'],
  ['az network vnet subnet show -g g --vnet-name v -n s', 'settings'],
  ['az aks nodepool upgrade -g g --cluster-name c -n work --yes', 'words'],
  ['A=1 B="$(az network nsg rule list -g g --nsg-name n)"', 'rules'],
  ['az network watcher show-next-hop -g g --vm vm --source-ip 10.0.0.4 --dest-ip 10.1.0.4', 'routes'],
  ['az network watcher run-configuration-diagnostic --resource vm --queries q', 'rules'],
  ['az vmss run-command invoke -g g -n v --instance-id 0 --scripts "ip route"', 'inside'],
  ['kubectl get -n kube-system events', 'words'],
  ['kubectl get -A svc', 'words'],
  ['kubectl get -n kube-system pods', 'settings'],
  ['do echo $A $B $(netpath --from $A --to $B --port 80 -o json', 'path'],
  ['echo "$P: $(kubectl exec $P -- curl -sm 3 http://b)"', 'try'],
  ['time netpath --from pod/a --to pod/b', 'path'],
  ['timeout 5 curl http://b', 'try'],
  ['kubectl debug node/n --image=busybox -- chroot /host ip route', 'inside'],
  ['getent hosts pay.example.com', 'try'],
  ['az aks get-credentials -g g -n c', null],
  ['az network nsg rule update -g g --nsg-name n -n r', null],
  ['answer object nsg', null],
  ['check', null],
  ['ls', null],
  ['echo kubectl get pods', null],
])('%s asks for %s', (command, look) => {
  expect(lookOf(command)).toBe(look);
});

test('a line is taken apart, but not what is quoted', () => {
  expect(commandsIn(`kubectl get pods; az vm list --query "[?a=='b;c']" | head # all\nls && pwd`)).toEqual([
    'kubectl get pods',
    `az vm list --query "[?a=='b;c']"`,
    'head',
    'ls',
    'pwd',
  ]);
  expect(commandsIn('az vm list \\\n  -o table')).toEqual(['az vm list    -o table']);
});

const line = (text: string): LogEntry => ({ kind: 'line', text });
const change = (entry: number, command: string): ChangeInLog => ({
  entry,
  command,
  broke: [],
  effect: 'new',
});
const told = (log: readonly LogEntry[], changes: readonly ChangeInLog[]): readonly string[] =>
  diagnosisPath(log, changes).map((step) =>
    step.kind === 'look' ? `look ${step.look}` : `change ${step.command}`,
  );

describe('the path of a log', () => {
  test('is in the order in which things ran', () => {
    const log = [
      line('netpath --from a --to b'),
      line('az network nsg rule delete -g g --nsg-name n -n r'),
      line('kubectl get pods'),
    ];
    expect(told(log, [change(1, 'az network nsg rule delete')])).toEqual([
      'look path',
      'change az network nsg rule delete',
      'look settings',
    ]);
  });

  test('in one entry, looks count as before only up to its first change', () => {
    const text =
      'netpath --from a --to b; az network nsg rule delete -g g --nsg-name n -n r; az network nsg rule list -g g --nsg-name n';
    expect(told([line(text)], [change(0, 'delete')])).toEqual(['look path', 'change delete', 'look rules']);
  });

  test('where no word tells which command changed something, the change comes first', () => {
    const text = 'kubectl debug node/n --profile=sysadmin --image=b -- sysctl -w net.ipv4.ip_forward=1';
    expect(told([line(text)], [change(0, 'sysctl -w')])).toEqual(['change sysctl -w', 'look inside']);
  });

  test('a command that sounds like a change and was refused neither changed nor showed anything', () => {
    expect(told([line('az network nsg rule delete -g g --nsg-name n -n typo')], [])).toEqual([]);
  });

  test('a script that was only saved has done nothing', () => {
    expect(told([{ kind: 'save', text: 'netpath --from a --to b' }], [])).toEqual([]);
  });
});
