import { setForwarding } from '../../model/azure/virtual-machine.ts';
import { kubernetesOf, withKubernetes } from '../../model/kubernetes/cluster-state.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { SimulatedCommand } from '../command.ts';
import { deviceSettings, forwarding } from './kernel-settings.ts';
import { nodeOfView, type NetworkView } from './network-view.ts';
import { failed, networkProgram, printed, type Style } from './program.ts';

const KEY = 'net.ipv4.ip_forward';

/** `sysctl net.ipv4.ip_forward`, and `-w` on machines where root may: nodes and VMs. */
export function sysctl(style: Style): SimulatedCommand {
  return networkProgram('sysctl', style, ({ args, view, context }) => {
    const valueOnly = args.some((arg) => arg === '-n' || arg === '--values');
    const words = args.filter((arg) => !arg.startsWith('-')).map((word) => word.replaceAll('/', '.'));
    const writes = args.includes('-w') || words.some((word) => word.includes('='));
    if (words.length === 0)
      return failed(
        'sysctl: the list of all settings is not simulated in this workbook; name one, such as net.ipv4.ip_forward\n',
      );
    let { cloud } = view;
    let stdout = '';
    for (const word of words) {
      const [name = '', value] = word.split('=').map((each) => each.trim());
      if (name !== KEY) {
        const setting = deviceSettings({ ...view, cloud }).find(([key]) => key === name);
        if (setting !== undefined && value === undefined) {
          stdout += valueOnly ? `${setting[1]}\n` : `${name} = ${setting[1]}\n`;
          continue;
        }
        if (setting !== undefined)
          return failed(`sysctl: changing ${name} is not simulated in this workbook\n`);
        return /^(net|kernel|vm|fs)\./.test(name)
          ? failed(`sysctl: ${name} is not simulated in this workbook\n`)
          : failed(
              `sysctl: cannot stat /proc/sys/${name.replaceAll('.', '/')}: No such file or directory\n`,
              255,
            );
      }
      const now = forwarding(cloud, view);
      if (!writes || value === undefined) {
        stdout += valueOnly ? `${now}\n` : `${KEY} = ${now}\n`;
        continue;
      }
      if (value !== '0' && value !== '1')
        return failed(`sysctl: setting key "${KEY}": Invalid argument\n`, 255);
      const changed = withForwarding(cloud, view, value === '1' ? 'on' : 'off');
      if (changed === null || (context.place.kind === 'pod' && nodeOfView(view) === null)) {
        return failed(`sysctl: setting key "${KEY}": Read-only file system\n`, 255);
      }
      cloud = changed;
      stdout += valueOnly ? `${value}\n` : `${KEY} = ${value}\n`;
    }
    return cloud === view.cloud ? printed(stdout) : { ...printed(stdout), cloud };
  });
}

function withForwarding(cloud: Cloud, view: NetworkView, wanted: 'on' | 'off'): Cloud | null {
  if (view.place.kind === 'vm') return setForwarding(cloud, view.place.vm.id, wanted);
  const name = nodeOfView(view);
  if (name === null || view.cluster === null) return null;
  const state = kubernetesOf(cloud, view.cluster);
  const node = state.nodes[name];
  if (node === undefined) return null;
  const simulation = { neighbours: [], ...node.simulation, ipForward: wanted };
  return withKubernetes(cloud, view.cluster, {
    ...state,
    nodes: { ...state.nodes, [name]: { ...node, simulation } },
  });
}
