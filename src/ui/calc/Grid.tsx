/** A table of a calculator's answer: the first cell of each row names it. */
export interface GridRow {
  readonly cells: readonly string[];
  /** Marks a row that stands against the plan. */
  readonly fits: boolean;
}

interface GridProps {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly GridRow[];
  /** `prose`: cells hold sentences, which may break. */
  readonly cells?: 'values' | 'prose';
  /** `even`: short sentences side by side, none of which is squeezed for the next. */
  readonly columns?: 'even';
}

/**
 * A narrow window shows rows of more than two columns one below the other; the roles are written out
 * because a table that is no longer laid out as one loses them.
 */
export function Grid({ caption, head, rows, cells = 'values', columns }: GridProps) {
  const stacks = head.length > 2;
  return (
    <div class="calc-table" tabIndex={0} role="region" aria-label={caption}>
      <table
        class="calc-grid"
        role="table"
        data-cells={cells}
        data-columns={columns}
        data-stacks={stacks ? '' : undefined}
      >
        <caption>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {head.map((name) => (
              <th key={name} role="columnheader" scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ cells: [name, ...values], fits }, row) => (
            <tr key={row} role="row" data-fits={fits ? 'yes' : 'no'}>
              <th role="rowheader" scope="row">
                {name}
              </th>
              {values.map((value, index) => (
                <td
                  key={index}
                  role="cell"
                  data-label={head[index + 1]}
                  data-number={/^[\d,.]+$/.test(value) ? '' : undefined}
                >
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A row that nothing stands against. */
export function row(...cells: readonly string[]): GridRow {
  return { cells, fits: true };
}
