/**
 * The import table of the design as lint rules, the model's purity, and the typed rules that catch
 * dropped promises and forgotten union members. Formatting is prettier's alone.
 */
import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import astro from 'eslint-plugin-astro';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import type { Linter } from 'eslint';

/** Each layer may import itself and what stands below it: model <- planner, shell, quiz <- lab, progress <- ui, cli <- pages. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  planner: ['model'],
  shell: ['model'],
  quiz: ['model'],
  lab: ['model', 'planner', 'shell', 'quiz'],
  progress: ['model', 'planner', 'shell', 'quiz'],
  practice: ['model', 'quiz', 'lab', 'progress'],
  'course-config': ['lab'],
  ui: ['model', 'planner', 'shell', 'quiz', 'lab', 'progress', 'practice', 'course-config'],
  cli: ['model', 'planner', 'shell', 'quiz', 'lab', 'progress', 'course-config'],
  pages: ['model', 'planner', 'shell', 'quiz', 'lab', 'progress', 'practice', 'course-config', 'ui'],
};

/** Inside the model: resources never know packets, packets never know resources, only `compile` knows both. */
const MODEL: Readonly<Record<string, readonly string[]>> = {
  ip: [],
  limits: ['ip'],
  certificates: ['limits'],
  proxy: ['ip', 'limits', 'certificates'],
  azure: ['ip', 'limits', 'kubernetes', 'aks', 'proxy'],
  kubernetes: ['ip', 'limits', 'azure', 'aks'],
  aks: ['ip', 'limits', 'azure', 'kubernetes', 'firewall', 'nsg', 'routes', 'proxy', 'certificates'],
  network: ['ip', 'trace', 'proxy'],
  trace: ['ip', 'network', 'proxy'],
  nsg: ['ip', 'limits', 'azure'],
  routes: ['ip', 'limits'],
  firewall: ['ip', 'limits', 'azure', 'nsg'],
};

const layerZones = Object.entries(LAYERS).map(([layer, below]) => ({
  target: `./src/${layer}`,
  from: Object.keys(LAYERS)
    .filter((other) => other !== layer && !below.includes(other))
    .map((other) => `./src/${other}`),
  message: `src/${layer} may import only ${[layer, ...below].join(', ')} (design, section 2).`,
}));

const modelZones = Object.entries(MODEL).map(([part, known]) => ({
  target: `./src/model/${part}`,
  from: [...Object.keys(MODEL), 'compile']
    .filter((other) => other !== part && !known.includes(other))
    .map((other) => `./src/model/${other}`),
  message: `src/model/${part} may import only ${[part, ...known].join(', ')} (design, section 2).`,
}));

const config: Linter.Config[] = [
  {
    ignores: [
      'dist/',
      '.astro/',
      '.cache/',
      'workspace/',
      'node_modules/',
      'test-results/',
      'tests/fixtures/',
      'public/',
    ],
  },
  ...(tseslint.configs.recommendedTypeChecked as Linter.Config[]),
  ...astro.configs.recommended,
  {
    // Astro's own files and their inline scripts are checked by astro; plain JavaScript has no types to ask.
    files: ['**/*.astro', '**/*.astro/*.{js,ts}', '**/*.{js,mjs,cjs}'],
    ...(tseslint.configs.disableTypeChecked as Linter.Config),
  },
  {
    files: ['**/*.{ts,tsx,mts}'],
    ignores: ['**/*.astro/*.ts'],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        {
          allowDefaultCaseForExhaustiveSwitch: false,
          requireDefaultForNonUnion: false,
          considerDefaultExhaustiveForUnions: false,
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // An async signature is part of several contracts even where one body has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'import-x/no-restricted-paths': ['error', { zones: [...layerZones, ...modelZones] }],
      'import-x/no-duplicates': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/model/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument: use cloud.now.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument: use chance.ts.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time is an argument: use cloud.now.',
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\.|ip-num)',
              message: 'The model is pure: it imports only itself, and ip-num in ip/.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['tests/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['describe', 'it', 'test'].flatMap((object) =>
          ['only', 'todo'].map((property) => ({
            object,
            property,
            message: 'Every test runs, or states why it cannot.',
          })),
        ),
      ],
    },
  },
];

export default config;
