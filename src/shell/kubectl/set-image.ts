import { err, ok } from '../../model/result.ts';
import type { KubectlCommand } from './command.ts';
import { clientError } from './failure.ts';
import { changeContainers, SET_FLAGS } from './set-template.ts';

export const SET_IMAGE: KubectlCommand = {
  path: ['set', 'image'],
  summary: 'Update the image of a pod template.',
  usage: '(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... [options]',
  examples: [
    { does: 'Set the image of a deployment', line: 'kubectl set image deployment/web web=nginx:1.27' },
  ],
  needs: 'cluster',
  flags: SET_FLAGS,
  run: (input, target, context) => {
    const isChange = (arg: string) => /^[^/=]+=/.test(arg);
    const split = input.args.findIndex(isChange);
    const resources = split < 0 ? input.args : input.args.slice(0, split);
    const images = new Map(
      (split < 0 ? [] : input.args.slice(split)).map((each): [string, string] => {
        const [name = '', image = ''] = each.split(/=(.*)/s);
        return [name, image];
      }),
    );
    if (resources.length === 0)
      return err(
        clientError('one or more resources must be specified as <resource> <name> or <resource>/<name>'),
      );
    if (images.size === 0) return err(clientError('at least one image update is required'));
    return changeContainers(
      input,
      resources,
      target,
      context,
      'image updated',
      'image',
      (container) => {
        const image = images.get(container.name) ?? images.get('*');
        return ok(image === undefined ? container : { ...container, image });
      },
      [...images.keys()].filter((name) => name !== '*'),
    );
  },
};
