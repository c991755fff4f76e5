/** The theme a reader has chosen, kept under the key that Starlight's theme provider reads. */
const KEY = 'starlight-theme';

type Theme = 'auto' | 'dark' | 'light';

declare const StarlightThemeProvider: { updatePickers(theme: Theme): void };

const asTheme = (text: string | null): Theme => (text === 'dark' || text === 'light' ? text : 'auto');

const kept = (): Theme => {
  try {
    return asTheme(localStorage.getItem(KEY));
  } catch {
    return 'auto';
  }
};

const keep = (theme: Theme): void => {
  try {
    localStorage.setItem(KEY, theme === 'auto' ? '' : theme);
  } catch {
    // Storage is full or refused: the theme holds until the next page.
  }
};

/** Connects every theme control of the page (the header has one, the menu of a phone another). */
export function connectThemeSelects(): void {
  const light = matchMedia('(prefers-color-scheme: light)');
  let chosen = kept();
  const show = (): void => {
    StarlightThemeProvider.updatePickers(chosen);
    const system = light.matches ? 'light' : 'dark';
    document.documentElement.dataset.theme = chosen === 'auto' ? system : chosen;
  };
  show();
  light.addEventListener('change', show);
  for (const select of document.querySelectorAll<HTMLSelectElement>('starlight-theme-select select')) {
    select.addEventListener('change', () => {
      chosen = asTheme(select.value);
      keep(chosen);
      show();
    });
  }
}
