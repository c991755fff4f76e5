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
}

export function Grid({ caption, head, rows, cells = 'values' }: GridProps) {
  return (
    <div class="calc-table" tabIndex={0} role="region" aria-label={caption}>
      <table class="calc-grid" data-cells={cells}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ cells: [name, ...values], fits }, row) => (
            <tr key={row} data-fits={fits ? 'yes' : 'no'}>
              <th scope="row">{name}</th>
              {values.map((value, index) => (
                <td key={index}>{value}</td>
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
