// The house rules that no off-the-shelf linter knows, each a pure function from one source file to its complaints.
// test/house-rules.test.ts runs them over the tree and shows that each bites on a planted bad file.
import path from 'node:path';
import { parseSync } from 'oxc-parser';

export interface SourceFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export type Rule = (file: SourceFile) => string[];

interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
}

/** What each folder of src/ may import from the others; its own files and the ones listed, nothing else. */
const layers: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  clock: ['kernel'],
  property: ['kernel'],
  model: ['kernel', 'property'],
  engine: ['kernel', 'clock', 'property', 'model'],
  gate: ['kernel', 'property', 'model', 'engine'],
  report: ['kernel', 'property', 'model', 'engine', 'gate'],
  cli: ['kernel', 'clock', 'property', 'model', 'engine', 'gate', 'report', 'index.ts'],
  'index.ts': ['kernel', 'clock', 'property', 'model', 'engine', 'gate', 'report'],
};

const linesMax = 450;

/** kernel <- clock, property <- model <- engine <- gate <- report <- cli; only src/cli knows Node; src/ never knows models/. */
const importDirection: Rule = (file) => {
  const from = layerOf(file.path);
  if (from === undefined) return [];
  const complaints: string[] = [];
  const complain = (at: Import, why: string) =>
    complaints.push(`${file.path}:${at.line} imports ${at.specifier}: ${why}`);
  const may = from === 'models' ? Object.keys(layers).filter((layer) => layer !== 'cli') : layers[from];
  if (may === undefined) return [`${file.path}: src/${from} is not a layer; give it a place in test/house-rules.ts`];
  for (const found of importsOf(file)) {
    const { specifier } = found;
    if (specifier.startsWith('node:')) {
      if (from !== 'cli') complain(found, 'only src/cli may import Node');
    } else if (specifier.startsWith('.')) {
      const target = path.posix.join(path.posix.dirname(file.path), specifier);
      const to = layerOf(target);
      if (to === undefined) complain(found, 'it lies outside src/ and models/');
      else if (to === 'models' && from !== 'models') complain(found, 'src/ never imports models/');
      else if (to !== from && !may.includes(to)) complain(found, `${from} may not know ${to}`);
      else if (to !== from && from === 'report' && !found.typeOnly) complain(found, 'a report imports only types');
    } else if (specifier === 'halfopen') {
      if (from !== 'models') complain(found, 'inside src/, import the file itself');
    } else if (from === 'kernel' || from === 'models') {
      complain(found, `${from} depends on no package`);
    }
  }
  return complaints;
};

/** Biome denies the globals; this denies `Math.random`, and `Math` passed about as a value, by which it could be reached. */
const noHostRandomness: Rule = (file) => {
  if (!isPure(file.path)) return [];
  const complaints: string[] = [];
  walk(parse(file), (node, parent) => {
    if (node.type !== 'Identifier' || node.name !== 'Math') return;
    const member = parent?.type === 'MemberExpression' && parent.object === node ? parent : undefined;
    if (parent?.type === 'MemberExpression' && member === undefined && parent.computed !== true) return;
    const property = member?.property as SyntaxNode | undefined;
    if (property !== undefined && member?.computed !== true && property.name !== 'random') return;
    complaints.push(`${file.path}:${lineAt(file, node.start)} reaches Math.random: ask the kernel (choose, between)`);
  });
  return complaints;
};

/** Biome denies `Promise`; this denies the syntax that makes one unnamed. */
const noAsync: Rule = (file) => {
  if (!isPure(file.path)) return [];
  const complaints: string[] = [];
  walk(parse(file), (node) => {
    const asynchronous = node.type === 'AwaitExpression' || node.async === true || node.await === true;
    if (asynchronous) complaints.push(`${file.path}:${lineAt(file, node.start)} is asynchronous: yield to the kernel`);
  });
  return complaints;
};

/** Two simulations in one process must not meet, so nothing at the top of a module may change. */
const noModuleState: Rule = (file) => {
  if (!isShipped(file.path)) return [];
  const complaints: string[] = [];
  for (const statement of parse(file).body as SyntaxNode[]) {
    const declared =
      statement.type === 'ExportNamedDeclaration' ? (statement.declaration as SyntaxNode | null) : statement;
    if (declared?.type !== 'VariableDeclaration' || declared.kind === 'const') continue;
    complaints.push(`${file.path}:${lineAt(file, declared.start)} is mutable state of a module: put it into an object`);
  }
  return complaints;
};

/** A test that is skipped cannot fail, and one that is singled out skips the rest. */
const noSkippedTests: Rule = (file) => {
  if (!file.path.startsWith('test/')) return [];
  const complaints: string[] = [];
  walk(parse(file), (node) => {
    if (node.type !== 'MemberExpression') return;
    const property = node.property as SyntaxNode;
    const name = String(node.computed === true ? property.value : property.name);
    if (!['only', 'skip', 'todo', 'skipIf', 'runIf'].includes(name)) return;
    if (!['describe', 'suite', 'it', 'test', 'context'].includes(rootName(node))) return;
    complaints.push(`${file.path}:${lineAt(file, node.start)} uses .${name}: every test runs, every time`);
  });
  return complaints;
};

const noLongFiles: Rule = (file) => {
  const lines = file.text.replace(/\n$/, '').split('\n').length;
  if (!isShipped(file.path) || lines <= linesMax) return [];
  return [`${file.path} has ${lines} lines, over ${linesMax}: cut it in two`];
};

/** A file is named after what it is about. */
const noUtilities: Rule = (file) =>
  /(^|[/._-])utils?([/._-]|$)/i.test(file.path) ? [`${file.path}: name it after what it is about`] : [];

export const rules: Readonly<Record<string, Rule>> = {
  importDirection,
  noHostRandomness,
  noAsync,
  noModuleState,
  noSkippedTests,
  noLongFiles,
  noUtilities,
};

function isShipped(file: string): boolean {
  return file.startsWith('src/') || file.startsWith('models/');
}

/** Compiled without Node or DOM types, and denied the host's time and randomness. */
function isPure(file: string): boolean {
  return isShipped(file) && !file.startsWith('src/cli/');
}

/** `kernel` for src/kernel/zone.ts, `index.ts` for src/index.ts, `models` for all of models/. */
function layerOf(file: string): string | undefined {
  const [top, layer] = file.split('/');
  if (top === 'models') return 'models';
  return top === 'src' ? layer : undefined;
}

function importsOf(file: SourceFile): Import[] {
  const found: Import[] = [];
  walk(parse(file), (node) => {
    const source = (node.type === 'TSExternalModuleReference' ? node.expression : node.source) as
      | SyntaxNode
      | null
      | undefined;
    if (source === null || source === undefined) return;
    const specifier = source.type === 'Literal' ? String(source.value) : '(a computed module)';
    const typeOnly = node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type';
    found.push({ specifier, typeOnly, line: lineAt(file, node.start) });
  });
  return found;
}

function rootName(node: SyntaxNode): string {
  if (node.type === 'MemberExpression') return rootName(node.object as SyntaxNode);
  if (node.type === 'CallExpression') return rootName(node.callee as SyntaxNode);
  return String(node.name);
}

function parse(file: SourceFile): SyntaxNode {
  const parsed = parseSync(file.path, file.text);
  const [error] = parsed.errors;
  if (error !== undefined) throw new Error(`${file.path} does not parse: ${error.message}`);
  return parsed.program as unknown as SyntaxNode;
}

function walk(node: SyntaxNode, visit: (node: SyntaxNode, parent?: SyntaxNode) => void, parent?: SyntaxNode): void {
  visit(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit, node);
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function lineAt(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split('\n').length;
}
