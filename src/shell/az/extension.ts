/** `az extension`: the two extensions that this workbook's commands come from, and aks-preview. */
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFiles, AzOption, Json } from './command.ts';
import { EXTENSIONS, findExtension, INSTALLED_PATH, installed, installedText } from './extension-index.ts';
import type { Extension } from './extension-index.ts';
import { choice, flag, ignored, refused, since, text } from './option.ts';
import { optionalText, textArgument, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';
import type { Cloud } from '../../model/cloud.ts';

const FOLDER = '/root/.azure/cliextensions';
const reads = (): readonly string[] => [INSTALLED_PATH];

const name = text('--name -n', 'Name of extension.', { required: true });
const pip: readonly AzOption[] = ignored(
  'nothing is downloaded here',
  'list:--pip-extra-index-urls',
  '--pip-proxy',
);
const index: readonly AzOption[] = refused('another index of extensions', '--index');

const allowPreview = since(
  '2.56.0',
  choice(
    '--allow-preview',
    ['false', 'true'],
    'Include preview packages for extension installation, if exists.',
    {
      noEffect: 'there is one version of each',
    },
  ),
);

function add(cloud: Cloud, args: AzArguments, files: AzFiles): Ran {
  const wanted = optionalText(args, 'name');
  if (wanted === undefined) {
    return usageFailure('usage error: --name NAME | --source SOURCE');
  }
  const extension = findExtension(wanted);
  if (extension === null) return unknown(wanted);
  const version = optionalText(args, 'version');
  if (version !== undefined && version !== 'latest' && version !== extension.version) {
    return usageFailure(
      `Version '${version}' not found for extension '${wanted}' in this workbook, which has ${extension.version}.\n\nUse --debug for more information`,
    );
  }
  if (installed(cloud, files).includes(extension.name)) {
    const again = `Extension '${extension.name}' ${extension.version} is already installed.`;
    const warnings =
      args['upgrade'] === true
        ? [again, `Latest version of '${extension.name}' is already installed.`]
        : [again];
    return ok({ cloud, warnings });
  }
  files.write(INSTALLED_PATH, installedText([...installed(cloud, files), extension.name]));
  return ok({
    cloud,
    durationSeconds: 10,
    warnings: extension.preview ? [`The installed extension '${extension.name}' is in preview.`] : [],
  });
}

function unknown(wanted: string): Ran {
  return usageFailure(
    `No extension found with name '${wanted}' in this workbook, which has ${EXTENSIONS.map((one) => one.name).join(', ')}.\n\nUse --debug for more information`,
  );
}

function notInstalled(wanted: string): Ran {
  return usageFailure(`The extension ${wanted} is not installed.`);
}

function shownOf(one: Extension): Json {
  return {
    experimental: false,
    extensionType: 'whl',
    name: one.name,
    path: `${FOLDER}/${one.name}`,
    preview: one.preview,
    version: one.version,
  };
}

export const extensionCommands: readonly AzCommand[] = [
  {
    path: ['extension', 'add'],
    summary: 'Add an extension.',
    reads,
    options: [
      text('--name -n', 'Name of extension.'),
      ...allowPreview,
      ...index,
      ...pip,
      ...refused('only extensions by name', '--source -s'),
      ...ignored('there is one folder', 'flag:--system'),
      flag('--upgrade', 'Update the extension if already installed, otherwise just install the extension.'),
      text('--version', 'The specific version of an extension.', { default: 'latest' }),
      flag('--yes -y', 'Do not prompt for confirmation.'),
    ],
    examples: [
      { does: 'Add extension by name', line: 'az extension add --name azure-firewall' },
      {
        does: 'Upgrade the extension if already installed',
        line: 'az extension add --upgrade --name azure-firewall',
      },
    ],
    run: add,
  },
  {
    path: ['extension', 'list'],
    summary: 'List the installed extensions.',
    reads,
    options: [],
    run: (cloud, _args, files) =>
      ok({
        cloud,
        output: installed(cloud, files).flatMap((each) => {
          const one = findExtension(each);
          return one === null ? [] : [shownOf(one)];
        }),
        durationSeconds: 0,
      }),
  },
  {
    path: ['extension', 'show'],
    summary: 'Show an extension.',
    reads,
    options: [name],
    run: (cloud, args, files) => {
      const wanted = textArgument(args, 'name');
      const one = findExtension(wanted);
      if (one === null || !installed(cloud, files).includes(wanted)) return notInstalled(wanted);
      return ok({
        cloud,
        output: {
          extensionType: 'whl',
          metadata: { name: one.name, summary: one.summary, version: one.version },
          name: one.name,
          path: `${FOLDER}/${one.name}`,
          version: one.version,
        },
        durationSeconds: 0,
      });
    },
  },
  {
    path: ['extension', 'remove'],
    summary: 'Remove an extension.',
    reads,
    options: [name],
    run: (cloud, args, files) => {
      const wanted = textArgument(args, 'name');
      if (!installed(cloud, files).includes(wanted)) return notInstalled(wanted);
      files.write(INSTALLED_PATH, installedText(installed(cloud, files).filter((one) => one !== wanted)));
      return ok({ cloud });
    },
  },
  {
    path: ['extension', 'update'],
    summary: 'Update an extension.',
    reads,
    options: [name, ...allowPreview, ...index, ...pip],
    run: (cloud, args, files) => {
      const wanted = textArgument(args, 'name');
      if (!installed(cloud, files).includes(wanted)) return notInstalled(wanted);
      return ok({
        cloud,
        warnings: [`Latest version of '${wanted}' is already installed.\n\nUse --debug for more information`],
      });
    },
  },
  {
    path: ['extension', 'list-available'],
    summary: 'List publicly available extensions. Here those that the workbook has.',
    reads,
    options: [
      ...index,
      flag('--show-details -d', 'Show the raw data from the extension index.', {
        notSimulated: 'the index itself is not here',
      }),
    ],
    run: (cloud, _args, files) =>
      ok({
        cloud,
        output: EXTENSIONS.map((one) => ({
          experimental: false,
          installed: installed(cloud, files).includes(one.name),
          name: one.name,
          preview: one.preview,
          summary: one.summary,
          version: one.version,
        })),
        durationSeconds: 0,
      }),
  },
];
