/**
 * `az ssh vm`, of the extension ssh: it finds the VM's address and starts OpenSSH with it. Read from
 * azext_ssh (Azure/azure-cli-extensions, src/ssh, 2.0) in 2026-11.
 */
import { listOwnResources } from '../../model/azure/resource-store.ts';
import { publicAddressOf } from './network-json.ts';
import { virtualMachineInterfaces } from '../../model/azure/virtual-machine.ts';
import type { VirtualMachine } from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { requireResourceGroup } from '../../model/azure/resource-group.ts';
import type { CommandResult } from '../command.ts';
import { readSshArguments, SSH_PORT } from '../ssh-arguments.ts';
import type { AzArguments, AzCommand, AzFailure, AzFiles, AzOutcome } from './command.ts';
import { anyResourceGroup, flag, ignored, refused, text } from './option.ts';
import { optionalList, optionalText, refusedByAzure, usageFailure, type Ran } from './outcome.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';
const ARC_TYPES = [
  'microsoft.hybridcompute',
  'microsoft.hybridcompute/machines',
  'microsoft.connectedvmwarevsphere/virtualmachines',
];
const AZURE_TYPES = ['microsoft.compute', 'microsoft.compute/virtualmachines'];

/** What the workstation's OpenSSH calls itself, first of all in its log. */
const OPENSSH = 'OpenSSH_9.6p1 Ubuntu-3ubuntu13.5, OpenSSL 3.0.13 30 Jan 2024';

export const sshCommands: readonly AzCommand[] = [
  {
    path: ['ssh', 'vm'],
    summary: 'SSH into Azure VMs or Arc Servers.',
    reads: (args) =>
      ['publicKeyFile', 'privateKeyFile'].flatMap((dest) => {
        const path = optionalText(args, dest);
        return path === undefined ? [] : [path, `${path}.pub`];
      }),
    options: [
      text('--hostname --ip', 'The public (or reachable private) IP address (or hostname) of the VM.', {
        dest: 'ip',
      }),
      text('--local-user', 'The username for a local user.'),
      text('--name --vm-name -n', 'The name of the VM.'),
      text('--port', 'SSH port.', {
        notSimulated: 'sshd listens on port 22 everywhere',
        simulatedValue: String(SSH_PORT),
      }),
      flag('--prefer-private-ip', 'Will prefer private IP.  Requires connectivity to the private IP.'),
      text('--private-key-file -i', 'The RSA private key file path.'),
      text('--public-key-file -p', 'The RSA public key file path.'),
      anyResourceGroup,
      text(
        '--resource-type',
        'Resource type should be either Microsoft.Compute/virtualMachines, Microsoft.HybridCompute/machines, or Microsoft.ConnectedVMwareSphere/virtualMachines.',
      ),
      text('--ssh-proxy-folder', 'Path to the folder where the ssh proxy should be saved.'),
      ...ignored('there are no Arc servers', 'flag:--yes --yes-without-prompt -y'),
      ...refused('certificates of OpenSSH', '--certificate-file -c'),
      ...refused('remote desktops', 'flag:--rdp --winrdp'),
      ...refused('another OpenSSH than that of the workstation', '--ssh-client-folder'),
      {
        names: [],
        dest: 'sshArgs',
        type: { kind: 'list' },
        help: 'Additional arguments passed to OpenSSH.',
      },
    ],
    examples: [
      {
        does: 'Give a local user name to SSH with local user credentials using key based authentication.',
        line: 'az ssh vm --local-user username --resource-group myResourceGroup --name myVM --private-key-file key',
      },
      {
        does: 'Give the public IP (or hostname) of a VM to SSH using AAD issued certificates',
        line: 'az ssh vm --ip 1.2.3.4',
      },
      {
        does: 'Using additional ssh arguments',
        line: 'az ssh vm --ip 1.2.3.4 -- -A -o ForwardX11=yes',
      },
    ],
    run: sshVm,
  },
];

function sshVm(cloud: Cloud, args: AzArguments, files: AzFiles): Ran {
  const problem = wrongArguments(args);
  if (problem !== null) return problem;
  const target = targetOf(cloud, args);
  if (!target.ok) return target;
  const { address, warnings } = target.value;
  const localUser = optionalText(args, 'localUser');
  const privateKey = optionalText(args, 'privateKeyFile');
  if (localUser === undefined) {
    const missing = missingKey(args, files);
    if (missing !== null) return missing;
  }
  const port = optionalText(args, 'port');
  // A key that Microsoft Entra ID has signed names the user as Azure knows it, in small letters.
  const user = localUser ?? cloud.subscription.user.toLowerCase();
  const words = [
    `${user}@${address}`,
    ...(privateKey === undefined ? [] : ['-i', privateKey]),
    ...(port === undefined ? [] : ['-p', port]),
    ...(optionalList(args, 'sshArgs') ?? []),
  ];
  const request = readSshArguments(words);
  if ('complaint' in request && request.complaint.includes('not simulated'))
    return usageFailure(request.complaint.trimEnd());
  return ok({
    cloud,
    warnings,
    ssh: { args: words, then: (result, next) => outcomeOf(result, next, localUser, warnings) },
  });
}

/**
 * az reads what ssh writes to stderr and prints it itself, on stdout and with an end of line more, and its own
 * exit code is 0 whatever ssh's was (Azure/azure-cli-extensions#6831).
 */
function outcomeOf(
  result: CommandResult,
  cloud: Cloud,
  localUser: string | undefined,
  warnings: readonly string[],
): AzOutcome {
  const denied = /: Permission denied \(publickey\)\.\n/.exec(result.stderr);
  let said = result.stderr === '' ? '' : `${result.stderr}\n`;
  if (localUser === undefined && result.exitCode !== 0) {
    // With a key of its own az has ssh write a log and shows that.
    said = `${OPENSSH}\n${result.stderr}`;
    if (denied !== null)
      said = `${OPENSSH}\n${result.stderr.slice(0, denied.index + denied[0].length)}${ENTRA}`;
  }
  return {
    cloud,
    printed: result.stdout + said,
    warnings,
    durationSeconds: 0,
    ...(result.enter === undefined ? {} : { enter: result.enter }),
  };
}

const ENTRA =
  '(Without --local-user it is Microsoft Entra ID that logs in, for which the VM needs the extension AADSSHLoginForLinux.\nExtensions of VMs are not simulated in this workbook: give --local-user, as in az ssh vm --local-user azureuser ...)\n';

function wrongArguments(args: AzArguments): Result<never, AzFailure> | null {
  const group = optionalText(args, 'resourceGroup');
  const name = optionalText(args, 'name');
  const ip = optionalText(args, 'ip');
  const type = optionalText(args, 'resourceType')?.toLowerCase();
  if (type !== undefined && ![...AZURE_TYPES, ...ARC_TYPES].includes(type))
    return usageFailure(
      '--resource-type must be either "Microsoft.Compute/virtualMachines", "Microsoft.HybridCompute/machines", or "Microsoft.ConnectedVMwarevSphere/virtualMachines".',
      2,
    );
  if (group === undefined && name === undefined && ip === undefined)
    return usageFailure('The VM must be specified by --ip or --resource-group and --vm-name/--name', 2);
  if ((group === undefined) !== (name === undefined))
    return usageFailure('--resource-group and --vm-name/--name must be provided together', 2);
  if (ip !== undefined && (name !== undefined || group !== undefined))
    return usageFailure('--ip cannot be used with --resource-group or --vm-name/--name', 2);
  return null;
}

interface Target {
  readonly address: string;
  readonly warnings: readonly string[];
}

function targetOf(cloud: Cloud, args: AzArguments): Result<Target, AzFailure> {
  const ip = optionalText(args, 'ip');
  const warnings =
    args['sshProxyFolder'] === undefined
      ? []
      : ['Target machine is not an Arc Server, --ssh-proxy-folder value will be ignored.'];
  if (ip !== undefined) return ok({ address: ip, warnings });
  const group = optionalText(args, 'resourceGroup') ?? '';
  const name = optionalText(args, 'name') ?? '';
  const there = requireResourceGroup(cloud, group);
  if (!there.ok) return refusedByAzure(there.error);
  const vm = listOwnResources(cloud, TYPE, group).find(
    (one) => one.name.toLowerCase() === name.toLowerCase(),
  );
  const type = optionalText(args, 'resourceType')?.toLowerCase();
  if (vm === undefined || (type !== undefined && ARC_TYPES.includes(type)))
    return err({
      kind: 'usage',
      exitCode: 3,
      message: `A valid resource ${name} in the resource group ${group} was not found. `,
      recommendation: 'Please ensure the active subscription is set properly and resource exists.',
    });
  const found = addressOf(cloud, vm, args['preferPrivateIp'] === true ? 'private' : 'public');
  return ok({ address: found.address, warnings: [...warnings, ...found.warnings] });
}

/** Of the first configuration that has one, NIC by NIC; the private one where none is public. */
function addressOf(cloud: Cloud, vm: VirtualMachine, wanted: 'private' | 'public'): Target {
  const privates: string[] = [];
  for (const configuration of virtualMachineInterfaces(cloud, vm).flatMap((nic) => nic.ipConfigurations)) {
    const { privateIPAddress } = configuration;
    if (wanted === 'private') return { address: privateIPAddress, warnings: [] };
    const shown = publicAddressOf(cloud, configuration);
    if (shown !== null) return { address: shown, warnings: [] };
    privates.push(privateIPAddress);
  }
  return {
    address: privates[0] ?? '',
    warnings: [
      'No public IP detected, attempting private IP (you must bring your own connectivity).',
      'Use --prefer-private-ip to avoid this message.',
    ],
  };
}

/** Keys that are to be signed must be there. */
function missingKey(args: AzArguments, files: AzFiles): Result<never, AzFailure> | null {
  const privateKey = optionalText(args, 'privateKeyFile');
  const publicKey =
    optionalText(args, 'publicKeyFile') ?? (privateKey === undefined ? undefined : `${privateKey}.pub`);
  if (publicKey !== undefined && files.read(publicKey) === null)
    return usageFailure(`Public key file ${publicKey} not found`);
  return privateKey !== undefined && files.read(privateKey) === null
    ? usageFailure(`Private key file ${privateKey} not found`)
    : null;
}
