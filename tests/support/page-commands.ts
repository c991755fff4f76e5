/** Reads the commands that a lesson's components run, from the page's text. */
import ts from 'typescript';

export interface PageCommands {
  /** The component's own scenario; null means that of the page. */
  readonly scenario: string | null;
  /** What runs first and is not shown, then what is shown. */
  readonly commands: readonly string[];
}

/** Returns, for each component with `commands` or `setup`, what it runs, in order of the page. */
export function commandsInPage(body: string): readonly PageCommands[] {
  return [...body.matchAll(/^<[A-Z]\w*/gm)].flatMap(({ index }) => {
    const attributes = attributesAt(body.slice(index));
    const commands = [...(attributes.get('setup') ?? []), ...(attributes.get('commands') ?? [])];
    const [scenario = null] = attributes.get('scenario') ?? [];
    return commands.length === 0 ? [] : [{ scenario, commands }];
  });
}

/** The attributes of the element that the text starts with, as lists of texts; others are left out. */
function attributesAt(text: string): ReadonlyMap<string, readonly string[]> {
  const file = ts.createSourceFile('page.tsx', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found = new Map<string, readonly string[]>();
  const element = firstElement(file);
  for (const attribute of element?.attributes.properties ?? []) {
    if (!ts.isJsxAttribute(attribute) || attribute.initializer === undefined) continue;
    found.set(attribute.name.getText(), textsOf(attribute.initializer));
  }
  return found;
}

function firstElement(node: ts.Node): ts.JsxOpeningLikeElement | undefined {
  if (ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) return node;
  return ts.forEachChild(node, firstElement);
}

function textsOf(node: ts.Node): readonly string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isJsxExpression(node)) return node.expression === undefined ? [] : textsOf(node.expression);
  return ts.isArrayLiteralExpression(node) ? node.elements.flatMap(textsOf) : [];
}
