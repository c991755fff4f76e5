import { azureError } from '../../model/azure/error.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import { ok } from '../../model/result.ts';
import type { AzCommand, Json } from './command.ts';
import { groupOfId, list, nameOfId, noWaitFlag, text } from './option.ts';
import { optionalList, refusedByAzure, textArgument, usageFailure } from './outcome.ts';
import { quoteWord } from '../quote.ts';

export const RUN_COMMANDS = ['RunShellScript', 'ifconfig'];

/** What the guest agent reports: both streams in one text. */
export function report(stdout: string, stderr: string): Json {
  return {
    value: [
      {
        code: 'ProvisioningState/succeeded',
        displayStatus: 'Provisioning succeeded',
        level: 'Info',
        message: `Enable succeeded: \n[stdout]\n${stdout}\n[stderr]\n${stderr}`,
        time: null,
      },
    ],
  };
}

export const runCommandCommands: readonly AzCommand[] = [
  {
    path: ['vm', 'run-command', 'invoke'],
    summary: 'Execute a specific run command on a vm.',
    options: [
      groupOfId,
      nameOfId('--name -n', 'The name of the Virtual Machine.'),
      text('--command-id', 'The command id.', { required: true }),
      noWaitFlag,
      list('--parameters', "Space-separated parameters in the format of '[name=]value'."),
      list('--scripts', 'Space-separated script lines. Use @{file} to load script from a file.'),
    ],
    examples: [
      {
        does: 'Install nginx on a VM.',
        line: 'az vm run-command invoke -g MyResourceGroup -n MyVm --command-id RunShellScript --scripts "sudo apt-get update && sudo apt-get install -y nginx"',
      },
    ],
    run: (cloud, args) => {
      const found = requireResource(
        cloud,
        'Microsoft.Compute/virtualMachines',
        textArgument(args, 'resourceGroup'),
        textArgument(args, 'name'),
      );
      if (!found.ok) return refusedByAzure(found.error);
      const wanted = textArgument(args, 'commandId');
      const commandId = RUN_COMMANDS.find((one) => one.toLowerCase() === wanted.toLowerCase());
      if (commandId === undefined) {
        return refusedByAzure(
          azureError(
            'NotFound',
            `The entity was not found. Run command '${wanted}' is not simulated in this workbook; use RunShellScript.`,
          ),
        );
      }
      if (found.value.powerState !== 'VM running') {
        return refusedByAzure(
          azureError('OperationNotAllowed', 'Cannot modify extensions in the VM when the VM is not running.'),
        );
      }
      const lines = commandId === 'ifconfig' ? ['ip addr show'] : (optionalList(args, 'scripts') ?? []);
      if (lines.length === 0) return usageFailure('usage error: --scripts SCRIPT_LINE [SCRIPT_LINE ...]');
      return ok({
        cloud,
        durationSeconds: 30,
        inside: {
          place: { kind: 'vm', id: found.value.id },
          script: [...parameterLines(optionalList(args, 'parameters') ?? []), ...lines].join('\n'),
          then: (result, next) => ({ cloud: next, output: report(result.stdout, result.stderr) }),
        },
      });
    },
  },
];

/**
 * Returns the lines that the agent puts before a script for its parameters: each is a variable and, in order, a
 * positional argument (https://github.com/Azure/azure-cli/issues/10400). azure-cli names those without a name.
 */
export function parameterLines(parameters: readonly string[]): readonly string[] {
  if (parameters.length === 0) return [];
  let unnamed = 0;
  const pairs = parameters.map((text) => {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
    return name === undefined ? { name: `arg${++unnamed}`, value: text } : { name, value: value ?? '' };
  });
  return [
    `export ${pairs.map(({ name, value }) => `${name}=${quoteWord(value)}`).join(' ')}`,
    `set -- ${pairs.map(({ value }) => quoteWord(value)).join(' ')}`,
  ];
}
