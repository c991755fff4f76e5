import { azureError } from '../../model/azure/error.ts';
import { ok } from '../../model/result.ts';
import type { AzCommand, Json } from './command.ts';
import { flag, ignored, refused, text } from './option.ts';
import { refusedByAzure, textArgument } from './outcome.ts';

/** The providers of what the workbook simulates; they are always registered. */
const NAMESPACES = [
  'Microsoft.Authorization',
  'Microsoft.Compute',
  'Microsoft.ContainerService',
  'Microsoft.ManagedIdentity',
  'Microsoft.Network',
  'Microsoft.Resources',
];

function find(text: string): string | null {
  return NAMESPACES.find((one) => one.toLowerCase() === text.toLowerCase()) ?? null;
}

function unknown(namespace: string) {
  return refusedByAzure(
    azureError(
      'NotSimulated',
      `The resource provider ${namespace} is not simulated in this workbook. Real Azure may have it.`,
    ),
  );
}

function providerJson(namespace: string): Json {
  return {
    namespace,
    registrationPolicy: 'RegistrationRequired',
    registrationState: 'Registered',
    resourceTypes: [],
  };
}

const namespace = text('--namespace -n', "The resource provider namespace, e.g. 'Microsoft.Compute'.", {
  required: true,
});

export const providerCommands: readonly AzCommand[] = [
  {
    path: ['provider', 'register'],
    summary: 'Register a provider. Here the ones that are simulated are registered already.',
    options: [
      namespace,
      flag('--wait', 'Wait for the registration to finish.', { noEffect: 'it is registered already' }),
      ...ignored('it is registered already', 'flag:--accept-terms', 'flag:--consent-to-permissions -c'),
      ...refused('management groups', '--management-group-id -m'),
    ],
    run: (cloud, args) => {
      const wanted = textArgument(args, 'namespace');
      return find(wanted) === null ? unknown(wanted) : ok({ cloud });
    },
  },
  {
    path: ['provider', 'show'],
    summary: 'Gets the specified resource provider.',
    options: [namespace, ...refused('resource types of a provider', '--expand')],
    run: (cloud, args) => {
      const wanted = textArgument(args, 'namespace');
      const found = find(wanted);
      return found === null ? unknown(wanted) : ok({ cloud, output: providerJson(found) });
    },
  },
  {
    path: ['provider', 'list'],
    summary: 'Gets all resource providers of the workbook.',
    options: [...refused('resource types of a provider', '--expand')],
    run: (cloud) => ok({ cloud, output: NAMESPACES.map(providerJson) }),
  },
];
