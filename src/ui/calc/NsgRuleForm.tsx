/** One security rule as a form: every change goes into the text at once. */
import { COLUMN_NAMES } from '../../planner/nsg-rules.ts';
import type { InputIssue } from '../../planner/input.ts';
import { withCell, withoutRule } from '../../planner/nsg-table.ts';
import type { RuleColumn, TextGroup, TextRule } from '../../planner/nsg-text.ts';

interface FormProps {
  readonly id: string;
  readonly text: string;
  readonly group: TextGroup;
  readonly rule: TextRule;
  readonly issues: readonly InputIssue[];
  readonly onInput: (text: string) => void;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

const FIELDS: readonly {
  readonly column: RuleColumn;
  readonly label: string;
  readonly choices?: readonly string[];
}[] = [
  { column: 'name', label: 'Name' },
  { column: 'priority', label: 'Priority' },
  { column: 'direction', label: 'Direction', choices: ['Inbound', 'Outbound'] },
  { column: 'access', label: 'Access', choices: ['Allow', 'Deny'] },
  { column: 'protocol', label: 'Protocol', choices: ['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', '*'] },
  { column: 'source', label: 'Source' },
  { column: 'sourcePorts', label: 'Source ports' },
  { column: 'destination', label: 'Destination' },
  { column: 'destinationPorts', label: 'Destination ports' },
];

export function NsgRuleForm({ id, text, group, rule, issues, onInput, onClose, onDeleted }: FormProps) {
  const name = rule.cells.name;
  return (
    <div
      id={id}
      class="nsg-form"
      role="group"
      aria-label={`Rule ${name} of ${group.name}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      {FIELDS.map(({ column, label, choices }) => {
        const fieldId = `${id}-${column}`;
        const value = rule.cells[column];
        const wrong = issuesOf(issues, group.name, name, column);
        const change = (next: string): void => onInput(withCell(text, group, rule, column, next));
        const common = {
          id: fieldId,
          'aria-invalid': wrong.length > 0,
          'aria-describedby': `${fieldId}-error`,
        };
        const isStrange = choices?.some((each) => each.toLowerCase() === value.toLowerCase()) === false;
        return (
          <div key={column} class="calc-field" data-wrong={wrong.length > 0 ? '' : undefined}>
            <label for={fieldId}>{label}</label>
            {choices === undefined ? (
              <input
                {...common}
                type="text"
                autocomplete="off"
                spellcheck={false}
                inputMode={column === 'priority' ? 'numeric' : 'text'}
                value={value}
                onInput={(event) => change(event.currentTarget.value)}
              />
            ) : (
              <select {...common} value={value} onInput={(event) => change(event.currentTarget.value)}>
                {isStrange && (
                  <option value={value} selected>
                    {value === '' ? 'not said' : value}
                  </option>
                )}
                {choices.map((each) => (
                  <option key={each} value={each} selected={each.toLowerCase() === value.toLowerCase()}>
                    {each}
                  </option>
                ))}
              </select>
            )}
            <div id={`${fieldId}-error`} class="calc-error">
              {wrong.map(({ message, instead }) => (
                <p key={message}>
                  {message}
                  {instead === null ? '' : ` Try ${instead}`}
                </p>
              ))}
            </div>
          </div>
        );
      })}
      <p class="nsg-form-ends">
        <button type="button" class="nsg-button" onClick={onClose}>
          Done
        </button>
        <button
          type="button"
          class="nsg-button"
          onClick={() => {
            onInput(withoutRule(text, group, rule));
            onDeleted();
          }}
        >
          Delete {name}
        </button>
      </p>
    </div>
  );
}

/** What is wrong with one cell, without the place that the form shows anyway. */
function issuesOf(
  issues: readonly InputIssue[],
  group: string,
  rule: string,
  column: RuleColumn,
): readonly InputIssue[] {
  const where = `rule ${rule === '' ? 'without a name' : rule} of ${group}, ${COLUMN_NAMES[column]}: `;
  return issues.flatMap((issue) => {
    const at = issue.message.indexOf(where);
    if (at >= 0) return [{ ...issue, message: issue.message.slice(at + where.length) }];
    // Of two rules with one priority the later one is complained of, whichever was changed.
    const isRival = column === 'priority' && issue.message.includes(` is that of ${rule} too `);
    return isRival && issue.message.includes(` of ${group}, `) ? [issue] : [];
  });
}
