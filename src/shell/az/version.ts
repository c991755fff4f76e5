import { ok } from '../../model/result.ts';
import type { AzCommand } from './command.ts';

export const versionCommands: readonly AzCommand[] = [
  {
    path: ['version'],
    summary: 'Show the versions of Azure CLI modules and extensions in JSON format by default.',
    options: [],
    run: (cloud) =>
      ok({
        cloud,
        durationSeconds: 0,
        output: {
          'azure-cli': '2.45.0',
          'azure-cli-core': '2.45.0',
          'azure-cli-telemetry': '1.0.8',
          extensions: {},
        },
      }),
  },
];
