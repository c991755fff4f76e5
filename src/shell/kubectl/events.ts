import { err, ok } from '../../model/result.ts';
import { chooseObjects } from './choose-objects.ts';
import { alignCells } from './columns.ts';
import { ALL_NAMESPACES_FLAG, type KubectlCommand } from './command.ts';
import { clientError } from './failure.ts';
import { tableOf } from './rows.ts';

export const EVENTS: KubectlCommand = {
  path: ['events'],
  summary: 'Display events.',
  usage: '[--for TYPE/NAME] [options]',
  examples: [{ does: 'List the events of a pod', line: 'kubectl events --for pod/web' }],
  needs: 'cluster',
  flags: [
    ALL_NAMESPACES_FLAG,
    {
      name: 'for',
      type: { kind: 'string' },
      help: 'Filter events to only those pertaining to the specified resource.',
    },
    { name: 'no-headers', type: { kind: 'flag' }, help: 'Do not print headers.' },
    { name: 'types', type: { kind: 'list', split: 'comma' }, help: 'Output only events of given types.' },
    {
      name: 'watch',
      shorthand: 'w',
      type: { kind: 'flag' },
      help: 'Watch for changes.',
      notSimulated: 'nothing changes here while a command runs',
    },
  ],
  run: (input, target, context) => {
    const { flags } = input;
    const chosen = chooseObjects(['events'], flags, target);
    if (!chosen.ok) return chosen;
    const about = flags.text('for');
    if (about !== null && about.split('/').length !== 2) {
      return err(clientError('--for must be in resource/name form'));
    }
    const types = flags.list('types').map((each) => each.toLowerCase());
    const events = chosen.value.groups
      .flatMap((group) => group.objects)
      .filter(
        (event) =>
          event.kind === 'Event' &&
          (about === null ||
            about.toLowerCase() ===
              `${event.involvedObject.kind.toLowerCase()}/${event.involvedObject.name}`) &&
          (types.length === 0 || types.includes(event.type.toLowerCase())),
      );
    if (events.length === 0) {
      return ok({
        stderr:
          chosen.value.namespace === null
            ? 'No events found.\n'
            : `No events found in ${chosen.value.namespace} namespace.\n`,
      });
    }
    const table = tableOf('Event');
    const header = chosen.value.namespace === null ? ['NAMESPACE', ...table.columns] : table.columns;
    const rows = events.map((event) => {
      const { cells } = table.row(event, context.cloud.now);
      return chosen.value.namespace === null ? [event.metadata.namespace ?? '', ...cells] : cells;
    });
    return ok({ stdout: alignCells(flags.isOn('no-headers') ? rows : [header, ...rows]) });
  },
};
