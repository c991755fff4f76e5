/** The rules of each group as a table: what each one says to the packets, and a form to change it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { isDefaultRule } from '../../model/nsg/rule-traffic.ts';
import type { NsgRule } from '../../model/nsg/rule-traffic.ts';
import { placeText, ruleCells, ruleStatus } from '../../planner/calculators/nsg-evaluator-words.ts';
import type { InputIssue } from '../../planner/input.ts';
import type { NsgAnswer } from '../../planner/nsg-evaluator.ts';
import { tableOf, withNewRule } from '../../planner/nsg-table.ts';
import type { RuleCells, TextGroup, TextRule } from '../../planner/nsg-text.ts';
import { NsgRuleForm } from './NsgRuleForm.tsx';

interface RulesProps {
  /** Prefix of element ids; unique on the page. */
  readonly id: string;
  readonly text: string;
  readonly answer: NsgAnswer;
  /** The answer is not that of the text. */
  readonly isStale: boolean;
  readonly isOnePacket: boolean;
  readonly issues: readonly InputIssue[];
  readonly onInput: (text: string) => void;
}

export function NsgRules(props: RulesProps) {
  const { id, text, answer, onInput } = props;
  const [open, setOpen] = useState<string | null>(null);
  const toFocus = useRef<string | null>(null);
  const groups = tableOf(text);
  useEffect(() => {
    if (toFocus.current === null) return;
    document.getElementById(toFocus.current)?.focus();
    toFocus.current = null;
  });
  const add = (group: TextGroup | null): void => {
    const next = withNewRule(text, group, answer.question.direction);
    const rule = tableOf(next)
      .find((each) => group === null || each.name === group.name)
      ?.rules.filter(({ kind }) => kind === 'custom')
      .at(-1);
    if (rule !== undefined) {
      setOpen(keyOf(rule));
      toFocus.current = `${id}-rule-${keyOf(rule)}-name`;
    }
    onInput(next);
  };
  return (
    <section class="calc-part nsg-groups">
      <h2>The rules</h2>
      {groups.length === 0 && <p>The table comes back as soon as the rules can be read.</p>}
      {groups.map((group, at) => (
        <GroupTable
          key={`${group.name}-${at}`}
          {...props}
          group={group}
          open={open}
          onOpen={setOpen}
          onAdd={() => add(group)}
          onDeleted={() => {
            setOpen(null);
            toFocus.current = addId(id, group);
          }}
        />
      ))}
      {groups.length === 0 && text.trim() === '' && (
        <button type="button" class="nsg-button" onClick={() => add(null)}>
          Add a rule
        </button>
      )}
    </section>
  );
}

interface GroupProps extends RulesProps {
  readonly group: TextGroup;
  readonly open: string | null;
  readonly onOpen: (key: string | null) => void;
  readonly onAdd: () => void;
  readonly onDeleted: () => void;
}

/** A row: a rule of the text, or a default rule that the text leaves out. */
interface Row {
  readonly text: TextRule | null;
  readonly rule: NsgRule | null;
}

function GroupTable(props: GroupProps) {
  const { id, group, answer, isStale, onAdd } = props;
  const placed = answer.question.groups.filter(({ name }) => name.toLowerCase() === group.name.toLowerCase());
  const known = placed[0]?.rules ?? [];
  const rows: readonly Row[] = [
    ...group.rules.map((each) => ({
      text: each,
      rule: known.find(({ name }) => name === each.cells.name) ?? null,
    })),
    ...known
      .filter((rule) => isDefaultRule(rule) && !group.rules.some(({ cells }) => cells.name === rule.name))
      .map((rule) => ({ text: null, rule })),
  ].sort((a, b) => priorityOf(a) - priorityOf(b));
  const { direction } = answer.question;
  const here = rows.filter((row) => directionOf(row) !== other(direction));
  const elsewhere = rows.filter((row) => directionOf(row) === other(direction));
  const places = placed.map((each) => placeText(each)).join(' and ');
  const isCalledAfterPlace = places.toLowerCase() === group.name.toLowerCase();
  const title = isCalledAfterPlace
    ? `Group on the ${places}`
    : `${group.name}${places === '' || isStale ? '' : `, on the ${places}`}`;
  return (
    <div class="nsg-group">
      <RuleTable {...props} caption={`${title}: ${direction.toLowerCase()} rules`} rows={here} />
      {elsewhere.length > 0 && (
        <details>
          <summary>
            {elsewhere.length} {other(direction).toLowerCase()} rules of {group.name}
          </summary>
          <RuleTable
            {...props}
            caption={`${title}: ${other(direction).toLowerCase()} rules`}
            rows={elsewhere}
          />
        </details>
      )}
      <button type="button" id={addId(id, group)} class="nsg-button" onClick={onAdd}>
        Add a rule<span class="visually-hidden"> to {group.name}</span>
      </button>
    </div>
  );
}

function addId(id: string, group: TextGroup): string {
  return `${id}-add-${group.name}`;
}

/** A table with more rows than this shows the first, and those that have a say; Azure allows 1,000 rules. */
const LONG = 40;
const FIRST = 10;

/** The rows that a long table begins with. */
function rowsThatMatter({ rows, open, group, answer, isStale, isOnePacket }: TableProps): readonly Row[] {
  const hasSay = ({ rule }: Row): boolean =>
    rule !== null &&
    !isStale &&
    ['decides', 'part', 'doubtful'].includes(
      ruleStatus(answer, group.name, rule, isOnePacket)?.standing ?? '',
    );
  return rows.filter(
    (row, at) => at < FIRST || hasSay(row) || (row.text !== null && keyOf(row.text) === open),
  );
}

const HEAD = ['Rule', 'Priority', 'Says', 'To these packets'] as const;

interface TableProps extends GroupProps {
  readonly caption: string;
  readonly rows: readonly Row[];
}

function RuleTable(props: TableProps) {
  const { caption, rows } = props;
  const [isWhole, setWhole] = useState(false);
  const isLong = rows.length > LONG;
  const shown = isLong && !isWhole ? rowsThatMatter(props) : rows;
  return (
    <>
      {isLong && (
        <p class="nsg-long">
          {isWhole
            ? `All ${rows.length} rules. `
            : `${shown.length} of ${rows.length} rules: the first ${FIRST}, and those that decide. `}
          <button type="button" class="nsg-button" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show those that decide' : `Show all ${rows.length}`}
          </button>
        </p>
      )}
      <div class="calc-table" tabIndex={0} role="region" aria-label={caption}>
        <table class="calc-grid nsg-table" role="table" data-cells="prose" data-stacks="">
          <caption>{caption}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {HEAD.map((name) => (
                <th key={name} role="columnheader" scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {shown.map((row) => (
              <RuleRow
                key={row.text === null ? `default ${row.rule?.name ?? ''}` : keyOf(row.text)}
                {...props}
                row={row}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function RuleRow(props: GroupProps & { readonly row: Row }) {
  const { id, group, row, answer, isStale, isOnePacket, open, onOpen, onDeleted } = props;
  const cells = cellsOf(row);
  const status = row.rule === null || isStale ? null : ruleStatus(answer, group.name, row.rule, isOnePacket);
  const { text } = row;
  const key = text === null ? null : keyOf(text);
  const isOpen = key !== null && key === open;
  const formId = `${id}-rule-${key ?? ''}`;
  return (
    <>
      <tr role="row" data-standing={status?.standing}>
        <th role="rowheader" scope="row">
          {cells.name}{' '}
          {text !== null && text.kind === 'custom' && (
            <button
              type="button"
              class="nsg-button"
              aria-expanded={isOpen}
              aria-controls={isOpen ? formId : undefined}
              onClick={() => onOpen(isOpen ? null : key)}
            >
              {isOpen ? 'Close' : 'Edit'}
              <span class="visually-hidden"> {cells.name}</span>
            </button>
          )}
        </th>
        <td role="cell" data-label={HEAD[1]}>
          {cells.priority}
        </td>
        <td role="cell" data-label={HEAD[2]}>
          <strong>{cells.access}</strong> {cells.protocol === '*' ? 'any protocol' : cells.protocol} from{' '}
          <code>{endText(cells.source, cells.sourcePorts)}</code> to{' '}
          <code>{endText(cells.destination, cells.destinationPorts)}</code>
        </td>
        <td role="cell" data-label={HEAD[3]}>
          {status === null ? 'not known yet' : status.text}
        </td>
      </tr>
      {isOpen && text !== null && (
        <tr role="row" class="nsg-edit">
          <td role="cell" colSpan={HEAD.length}>
            <NsgRuleForm
              id={formId}
              text={props.text}
              group={group}
              rule={text}
              issues={props.issues}
              onInput={props.onInput}
              onClose={() => onOpen(null)}
              onDeleted={onDeleted}
            />
          </td>
        </tr>
      )}
    </>
  );
}

function cellsOf({ text, rule }: Row): Omit<RuleCells, 'direction'> {
  if (text !== null) return text.cells;
  const none = { source: [], sourcePorts: [], destination: [], destinationPorts: [], protocol: '' };
  const cells = rule === null ? none : ruleCells(rule);
  return {
    name: rule?.name ?? '',
    priority: String(rule?.priority ?? ''),
    access: rule?.access ?? '',
    protocol: cells.protocol,
    source: cells.source.join(', '),
    sourcePorts: cells.sourcePorts.join(', '),
    destination: cells.destination.join(', '),
    destinationPorts: cells.destinationPorts.join(', '),
  };
}

/** `10.0.1.4, ports 80, 443`. */
function endText(addresses: string, ports: string): string {
  const where = addresses.trim() === '*' ? 'anywhere' : spaced(addresses);
  if (ports.trim() === '*') return where;
  return `${where}, ${/^\d+$/.test(ports.trim()) ? 'port' : 'ports'} ${spaced(ports)}`;
}

function spaced(list: string): string {
  return list.replaceAll(/\s*,\s*/g, ', ');
}

/** Where a rule stands in the text; the same as long as no rule before it goes away. */
function keyOf({ spot }: TextRule): string {
  return spot.path.join('-');
}

function priorityOf({ text, rule }: Row): number {
  const number = Number(text?.cells.priority ?? rule?.priority);
  return Number.isFinite(number) ? number : 0;
}

function directionOf({ text, rule }: Row): string {
  const word = (text?.cells.direction ?? rule?.direction ?? '').toLowerCase();
  return word.startsWith('out') ? 'Outbound' : word.startsWith('in') ? 'Inbound' : '';
}

function other(direction: string): string {
  return direction === 'Inbound' ? 'Outbound' : 'Inbound';
}
