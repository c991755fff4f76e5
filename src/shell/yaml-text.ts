/** YAML that somebody gives to a command, read within bounds that keep a hostile text from hanging the shell. */
import { LineCounter, parseAllDocuments, YAMLParseError } from 'yaml';
import type { Document, ParseOptions, DocumentOptions, SchemaOptions } from 'yaml';
import { DEEPEST_YAML, hasManyAliases, placeTooDeep, repeatedKeys } from '../model/yaml-bounds.ts';

type Options = ParseOptions & DocumentOptions & SchemaOptions;

/** A manifest for every object of a large cluster is shorter; reading this much takes half a second. */
const LONGEST_YAML = 250_000;
const MOST_REPEATED = 100;

/** Why a text is not read at all, in words that follow "yaml: ". */
export function yamlRefusal(text: string): string | null {
  if (text.length > LONGEST_YAML) {
    const [has, most] = [text.length, LONGEST_YAML].map((each) => each.toLocaleString('en'));
    return `the text has ${has} characters, and this workbook reads ${most} at once`;
  }
  const deep = placeTooDeep(text, DEEPEST_YAML);
  if (deep !== null) {
    const most = DEEPEST_YAML.toLocaleString('en');
    return `line ${deep.line}: nested more than ${most} levels deep, which this workbook does not read`;
  }
  if (hasManyAliases(text)) return 'document contains excessive aliasing';
  return null;
}

/** Returns the documents of a text that `yamlRefusal` lets through, each with its errors in order. */
export function yamlDocuments(text: string, options: Options): readonly Document[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, {
    ...options,
    // The parser compares each key with each other one.
    uniqueKeys: false,
    lineCounter,
    logLevel: 'silent',
  });
  if (!Array.isArray(documents)) return [];
  for (const document of documents) {
    for (const at of repeatedKeys(document.contents)) {
      const { line, col } = lineCounter.linePos(at);
      const message = `Map keys must be unique at line ${line}, column ${col}:`;
      const error = new YAMLParseError([at, at + 1], 'DUPLICATE_KEY', message);
      error.linePos = [{ line, col }];
      document.errors.push(error);
    }
    document.errors.sort((one, other) => one.pos[0] - other.pos[0]);
  }
  return documents;
}

/** Returns the data of a document without errors. Throws where values repeat each other without an end. */
export function yamlData(document: Document): unknown {
  return document.toJS({ maxAliasCount: MOST_REPEATED });
}

/** Returns the data of a text with one document. Throws an error that says what is wrong with it. */
export function parseYaml(text: string, options: Options = {}): unknown {
  const refused = yamlRefusal(text);
  if (refused !== null) throw new Error(refused);
  const [document, second] = yamlDocuments(text, options);
  if (document === undefined) return null;
  const [error] = document.errors;
  if (error !== undefined) throw error;
  if (second !== undefined) throw new Error('the text has several documents, and one is read');
  return yamlData(document);
}
