interface Props<Draft> {
  readonly title: string;
  readonly text: string;
  readonly starts: readonly { readonly label: string; readonly draft: Draft }[];
  readonly onStart: (draft: Draft) => void;
}

/** Inputs that somebody may begin with, a button each. */
export function Starts<Draft>({ title, text, starts, onStart }: Props<Draft>) {
  return (
    <section class="calc-part">
      <h2>{title}</h2>
      <p>{text}</p>
      <ul class="calc-starts">
        {starts.map(({ label, draft }) => (
          <li key={label}>
            <button type="button" onClick={() => onStart(draft)}>
              {label}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
