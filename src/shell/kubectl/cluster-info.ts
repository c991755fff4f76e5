import { getResource } from '../../model/azure/resource-store.ts';
import { ok } from '../../model/result.ts';
import { alignCells } from './columns.ts';
import type { KubectlCommand, KubectlOutcome, Target } from './command.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { flagHelp } from './help.ts';
import { toJson, toYaml } from './printed-object.ts';
import { servedTypes } from './resource-types.ts';
import type { CommandContext } from '../command.ts';

const CLIENT_VERSION = 'v1.34.1';
const KUSTOMIZE_VERSION = 'v5.7.1';

export const CLUSTER_INFO: KubectlCommand = {
  path: ['cluster-info'],
  summary: 'Display cluster information.',
  usage: '[flags] [options]',
  examples: [
    { does: 'Print the address of the control plane and cluster services', line: 'kubectl cluster-info' },
  ],
  needs: 'cluster',
  flags: [],
  run: (_input, target, context) => {
    const server = serverOf(target, context);
    const services = [
      ['CoreDNS', 'kube-dns:dns', 'kube-dns'],
      ['Metrics-server', 'https:metrics-server:', 'metrics-server'],
    ].filter(([, , name]) => target.state.services[`kube-system/${name ?? ''}`] !== undefined);
    const lines = [
      `Kubernetes control plane is running at ${server}`,
      ...services.map(
        ([shown, path]) =>
          `${shown ?? ''} is running at ${server}/api/v1/namespaces/kube-system/services/${path ?? ''}/proxy`,
      ),
      '',
      "To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
    ];
    return ok({ stdout: `${lines.join('\n')}\n` });
  },
};

export const VERSION: KubectlCommand = {
  path: ['version'],
  summary: 'Print the client and server version information.',
  usage: '[flags] [options]',
  examples: [{ does: 'Print the client and server versions', line: 'kubectl version' }],
  needs: 'local',
  flags: [
    { name: 'client', type: { kind: 'flag' }, help: 'If true, shows client version only.' },
    { name: 'output', shorthand: 'o', type: { kind: 'string' }, help: "One of 'yaml' or 'json'." },
  ],
  run: (input, target, context): { readonly ok: true; readonly value: KubectlOutcome } => {
    const managed = getResource(context.cloud, target.cluster, 'Microsoft.ContainerService/ManagedClusters');
    const server =
      managed === null || input.flags.isOn('client') ? null : `v${managed.currentKubernetesVersion}`;
    const format = input.flags.text('output');
    if (format === 'json' || format === 'yaml') {
      const data = {
        clientVersion: { gitVersion: CLIENT_VERSION, platform: 'linux/amd64' },
        kustomizeVersion: KUSTOMIZE_VERSION,
        ...(server === null ? {} : { serverVersion: { gitVersion: server, platform: 'linux/amd64' } }),
      };
      return ok({ stdout: format === 'json' ? toJson(data) : toYaml(data) });
    }
    const lines = [`Client Version: ${CLIENT_VERSION}`, `Kustomize Version: ${KUSTOMIZE_VERSION}`];
    if (server !== null) lines.push(`Server Version: ${server}`);
    const unreachable = managed === null && !input.flags.isOn('client');
    return ok({
      stdout: `${lines.join('\n')}\n`,
      ...(unreachable
        ? {
            stderr:
              'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
            exitCode: 1,
          }
        : {}),
    });
  },
};

export const API_RESOURCES: KubectlCommand = {
  path: ['api-resources'],
  summary: 'Print the supported API resources on the server.',
  usage: '[flags] [options]',
  examples: [{ does: 'Print the supported API resources', line: 'kubectl api-resources' }],
  needs: 'cluster',
  flags: [
    {
      name: 'namespaced',
      type: { kind: 'flag' },
      shown: 'true',
      help: 'If false, non-namespaced resources will be returned.',
    },
    { name: 'no-headers', type: { kind: 'flag' }, help: 'Do not print headers.' },
    {
      name: 'output',
      shorthand: 'o',
      type: { kind: 'string' },
      help: 'Output format. One of: (wide, name).',
    },
    { name: 'api-group', type: { kind: 'string' }, help: 'Limit to resources in the specified API group.' },
  ],
  run: (input, target) => {
    const { flags } = input;
    const wanted = servedTypes(target.state).filter(
      (type) =>
        (!flags.has('namespaced') || (type.scope === 'namespaced') === flags.isOn('namespaced')) &&
        (!flags.has('api-group') || type.group === flags.text('api-group')),
    );
    if (flags.text('output') === 'name') {
      return ok({
        stdout: wanted.map((type) => `${type.plural}${type.group === '' ? '' : `.${type.group}`}\n`).join(''),
      });
    }
    const rows = wanted.map((type) => [
      type.plural,
      type.shortNames.join(','),
      type.group === '' ? type.version : `${type.group}/${type.version}`,
      String(type.scope === 'namespaced'),
      type.kind,
    ]);
    const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'];
    return ok({ stdout: alignCells(flags.isOn('no-headers') ? rows : [header, ...rows]) });
  },
};

export const OPTIONS: KubectlCommand = {
  path: ['options'],
  summary: 'List of global command-line options (applies to all commands).',
  usage: '[flags] [options]',
  examples: [],
  needs: 'local',
  flags: [],
  run: () =>
    ok({
      stdout: `The following options can be passed to any command:\n\n${GLOBAL_FLAGS.map(flagHelp).join('\n\n')}\n`,
    }),
};

function serverOf(target: Target, context: CommandContext): string {
  const managed = getResource(context.cloud, target.cluster, 'Microsoft.ContainerService/ManagedClusters');
  return `https://${managed?.fqdn ?? ''}:443`;
}
