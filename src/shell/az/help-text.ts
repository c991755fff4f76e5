/** `--help` in azure-cli's layout: Command, Arguments by group, Examples; or Group, Subgroups, Commands. */
import { childrenOf } from './command-tree.ts';
import type { AzCommand, AzOption } from './command.ts';
import { allOptions } from './option.ts';

const WIDTH = 100;

export function commandHelp(command: AzCommand): string {
  const name = command.path.join(' ');
  const options = allOptions(command.options);
  const headings = [...new Set(options.map((option) => option.group ?? ''))];
  const ordered = [
    '',
    ...headings.filter((heading) => heading !== '' && heading !== 'Global').sort(),
    'Global',
  ].filter((heading) => headings.includes(heading));
  const labels = options.map((option) => option.names.toSorted(longFirst).join(' '));
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const markWidth = options.some((option) => option.required === true) ? '[Required]'.length + 1 : 0;
  const sections = ordered.map((heading) => {
    const rows = options
      .filter((option) => (option.group ?? '') === heading)
      .toSorted(byRequiredThenName)
      .map((option) => optionRow(option, labelWidth, markWidth));
    return `${heading === '' ? 'Arguments' : `${heading} Arguments`}\n${rows.join('\n')}\n`;
  });
  return [
    '',
    'Command',
    wrap(`az ${name} : ${command.summary}`, 4, 8),
    '',
    sections.join('\n'),
    ...examples(command),
    wrap('This is a simulated command of the workbook; options marked "Not simulated" are refused.', 0, 0),
    '',
  ].join('\n');
}

export function groupHelp(
  path: readonly string[],
  commands: readonly AzCommand[],
  summaries: Readonly<Record<string, string>>,
): string {
  const children = childrenOf(path, commands);
  const names = [...children.groups, ...children.commands.map((one) => one.path.at(-1) ?? '')];
  const width = Math.max(...names.map((name) => name.length));
  const row = (name: string, summary: string): string =>
    wrap(`${name.padEnd(width)} : ${summary}`, 4, 4 + width + 3);
  const under = path.join(' ');
  const summary = summaries[under];
  const lines = [
    '',
    'Group',
    wrap(`az${under === '' ? '' : ` ${under}`}${summary === undefined ? '' : ` : ${summary}`}`, 4, 8),
    '',
  ];
  if (children.groups.length > 0) {
    lines.push('Subgroups:');
    for (const name of children.groups) {
      lines.push(row(name, summaries[[...path, name].join(' ')] ?? ''));
    }
    lines.push('');
  }
  if (children.commands.length > 0) {
    lines.push('Commands:');
    for (const one of children.commands) lines.push(row(one.path.at(-1) ?? '', one.summary));
    lines.push('');
  }
  lines.push('These are the commands that the workbook simulates; real az has more.', '');
  return lines.join('\n');
}

function optionRow(option: AzOption, labelWidth: number, markWidth: number): string {
  const label = option.names.toSorted(longFirst).join(' ').padEnd(labelWidth);
  const mark = markWidth === 0 ? '' : (option.required === true ? '[Required]' : '').padStart(markWidth);
  const allowed = allowedValues(option);
  const text = [
    option.help,
    ...(allowed === null ? [] : [` Allowed values: ${allowed}.`]),
    ...(option.default === undefined ? [] : [` Default: ${option.default}.`]),
  ].join(' ');
  return wrap(`${label}${mark} : ${text}`, 4, 4 + labelWidth + markWidth + 3);
}

function allowedValues(option: AzOption): string | null {
  switch (option.type.kind) {
    case 'enum':
      return option.type.values.toSorted().join(', ');
    case 'boolean':
      return 'false, true';
    case 'string':
    case 'integer':
    case 'flag':
    case 'list':
    case 'lists':
    case 'pairs':
      return null;
  }
}

/** azure-cli prints `--name -n`: long names first, each sort by alphabet. */
function longFirst(a: string, b: string): number {
  const dashes = Number(b.startsWith('--')) - Number(a.startsWith('--'));
  return dashes !== 0 ? dashes : a < b ? -1 : 1;
}

function byRequiredThenName(a: AzOption, b: AzOption): number {
  const required = Number(b.required === true) - Number(a.required === true);
  if (required !== 0) return required;
  const [first, second] = [a, b].map((option) => option.names.toSorted(longFirst)[0] ?? '');
  return (first ?? '') < (second ?? '') ? -1 : 1;
}

function examples(command: AzCommand): readonly string[] {
  if (command.examples === undefined || command.examples.length === 0) return [];
  return [
    'Examples',
    ...command.examples.flatMap(({ does, line }) => [wrap(does, 4, 4), wrap(line, 8, 8), '']),
  ];
}

/** Breaks a text at spaces so that no line is wider than a help page. */
function wrap(text: string, first: number, next: number): string {
  const lines: string[] = [];
  let line = ' '.repeat(first);
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line.trimEnd());
      line = ' '.repeat(next) + word;
    } else {
      line += empty ? word : ` ${word}`;
    }
    empty = false;
  }
  lines.push(line.trimEnd());
  return lines.join('\n');
}
