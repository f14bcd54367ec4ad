// The house rules that no off-the-shelf linter knows, each a pure function from one source file, seen among the others,
// to its complaints.
// test/house-rules.test.ts runs them over the tree and shows that each bites on a planted bad file.
import path from 'node:path';
import { parseSync } from 'oxc-parser';

export interface SourceFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** `tree` is all the other files that are there, for what a file takes from them. */
export type Rule = (file: SourceFile, tree: readonly SourceFile[]) => string[];

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
  timeline: ['kernel', 'property', 'model', 'engine'],
  workbench: ['kernel', 'property', 'model', 'engine', 'gate', 'timeline'],
  explore: ['kernel', 'property', 'model', 'engine', 'gate', 'timeline', 'workbench'],
  report: ['kernel', 'property', 'model', 'engine', 'gate', 'workbench'],
  cli: ['kernel', 'clock', 'property', 'model', 'engine', 'gate', 'report', 'timeline', 'workbench', 'index.ts'],
  vitest: ['kernel', 'property', 'model', 'engine', 'gate', 'report', 'cli'],
  'index.ts': ['kernel', 'clock', 'property', 'model', 'engine', 'gate', 'report'],
};

/** The layers that know what they run on. */
const hosts: readonly string[] = ['cli', 'vitest', 'explore'];

/** Pure functions over the data of a report, which a report may call. */
const REPORTED = ['src/gate/outcome.ts', 'src/model/data-text.ts', 'src/model/duration-text.ts'];

const linesMax = 450;

/**
 * kernel <- clock, property <- model <- engine <- gate <- report <- cli <- vitest, and engine <- timeline, gate <- workbench
 * <- explore; only src/cli and src/vitest know Node, only src/explore a browser; src/ never knows models/.
 */
const importDirection: Rule = (file) => {
  const from = layerOf(file.path);
  if (from === undefined) return [];
  const complaints: string[] = [];
  const complain = (at: Import, why: string) =>
    complaints.push(`${file.path}:${at.line} imports ${at.specifier}: ${why}`);
  const may = from === 'models' ? Object.keys(layers).filter((layer) => !hosts.includes(layer)) : layers[from];
  if (may === undefined) return [`${file.path}: src/${from} is not a layer; give it a place in test/house-rules.ts`];
  for (const found of importsOf(file)) {
    const { specifier } = found;
    if (specifier.startsWith('node:')) {
      if (from !== 'cli' && from !== 'vitest') complain(found, 'only src/cli may import Node');
    } else if (specifier.startsWith('.')) {
      const target = path.posix.join(path.posix.dirname(file.path), specifier);
      const to = layerOf(target);
      if (to === undefined) complain(found, 'it lies outside src/ and models/');
      else if (to === 'models' && from !== 'models') complain(found, 'src/ never imports models/');
      else if (to !== from && !may.includes(to)) complain(found, `${from} may not know ${to}`);
      else if (to !== from && from === 'report' && !found.typeOnly && !REPORTED.includes(target)) {
        complain(found, `a report imports only types, and what reads its data: ${REPORTED.join(', ')}`);
      }
    } else if (specifier === 'halfopen') {
      if (from !== 'models') complain(found, 'inside src/, import the file itself');
    } else if (from === 'kernel' || from === 'models') {
      complain(found, `${from} depends on no package`);
    }
  }
  return complaints;
};

/** Ours or somebody else's, a model is written with what the package exports. */
const modelsTakeWhatIsExported: Rule = (file, tree) => {
  if (layerOf(file.path) !== 'models') return [];
  const entry = tree.find((each) => each.path === 'src/index.ts');
  const exported = entry === undefined ? [] : specifiersIn(entry, 'ExportSpecifier', 'exported');
  return specifiersIn(file, 'ImportSpecifier', 'imported')
    .filter(({ from }) => path.posix.join(path.posix.dirname(file.path), from).startsWith('src/'))
    .filter(({ name }) => !exported.some((each) => each.name === name))
    .map(({ name, line }) => `${file.path}:${line} takes ${name}: export it from src/index.ts`);
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

/** Not every machine has a browser: this one may be skipped, out loud. */
const browserTest = 'test/explore/page.test.ts';

/** A test that is skipped cannot fail, and one that is singled out skips the rest. */
const noSkippedTests: Rule = (file) => {
  if (!file.path.startsWith('test/')) return [];
  const mayBeSkipped = file.path === browserTest;
  const complaints: string[] = [];
  walk(parse(file), (node) => {
    if (node.type !== 'MemberExpression') return;
    const property = node.property as SyntaxNode;
    const name = String(node.computed === true ? property.value : property.name);
    if (!['only', 'skip', 'todo', 'skipIf', 'runIf'].includes(name) || (mayBeSkipped && name === 'skip')) return;
    if (!['describe', 'suite', 'it', 'test', 'context'].includes(rootName(node))) return;
    complaints.push(`${file.path}:${lineAt(file, node.start)} uses .${name}: every test runs, every time`);
  });
  return complaints;
};

/** Where a callback gives nothing back: what it makes is dropped. */
const callbackTakers: readonly string[] = ['line', 'whenEmpty', 'forEach'];

/**
 * A generator does nothing until somebody asks it to: `mutex.lock();` without `yield*` locks nothing, and no type says
 * so. What is a generator is read from the kernel, the models and what tests share, by name and number of arguments.
 */
const noDroppedGenerators: Rule = (file, tree) => {
  if (!/^(models|test)\//.test(file.path)) return [];
  const own = callablesIn(file);
  const shared = tree.filter(({ path: each }) => each !== file.path && holdsSharedGenerators(each));
  const mentioned = new Set(file.text.match(/\w+/g));
  // Of two methods of one name, one of a class that the file does not mention is hardly what it calls.
  const elsewhere = shared
    .flatMap(callablesIn)
    .filter(({ name, generator, of }) => !name.startsWith('#') && (generator || of === '' || mentioned.has(of)));
  const complaints: string[] = [];
  const look = (expression: SyntaxNode) => {
    for (const call of lastCalls(expression)) {
      const { name, method, ofThis } = calleeOf(call);
      const called = (callable: Callable) =>
        callable.name === name && callable.method === method && accepts(callable, call.arguments as SyntaxNode[]);
      const mine = own.filter(called);
      const candidates = mine.length > 0 && (ofThis || !method) ? mine : [...mine, ...elsewhere.filter(called)];
      if (candidates.length === 0 || !candidates.every(({ generator }) => generator)) continue;
      complaints.push(`${file.path}:${lineAt(file, call.start)} drops what ${name}() gives: write yield* before it`);
    }
  };
  walk(parse(file), (node, parent) => {
    if (node.type === 'ExpressionStatement') look(node.expression as SyntaxNode);
    else if (node.type === 'UnaryExpression' && node.operator === 'void') look(node.argument as SyntaxNode);
    else if (node.type === 'YieldExpression' && node.delegate === false && isNode(node.argument)) look(node.argument);
    else if (node.type === 'ArrowFunctionExpression' && node.expression === true && isDeaf(node, parent)) {
      look(node.body as SyntaxNode);
    }
  });
  return complaints;
};

/** What only the kernel may ask, for a log keeps nothing of it. */
const unlogged: readonly string[] = ['isReady', 'hasWaiters', 'wokenBy', 'frozen'];

/**
 * An exhaustive engine sees kernel objects and logs, and nothing else. So a field of a model's object is set by its
 * constructor, or while it is being made (its method's comment says "Only when ..."), and what is not logged is not asked.
 */
const noHiddenState: Rule = (file) => {
  if (layerOf(file.path) !== 'models') return [];
  const complaints: string[] = [];
  const complain = (node: SyntaxNode, why: string) =>
    complaints.push(`${file.path}:${lineAt(file, node.start)} ${why}`);
  const methods: SyntaxNode[] = [];
  walk(parse(file), (node) => {
    if (node.type === 'MethodDefinition' && node.kind !== 'constructor') methods.push(node);
    const property = node.type === 'MemberExpression' ? (node.property as SyntaxNode) : undefined;
    if (property?.type === 'Identifier' && unlogged.includes(String(property.name)))
      complain(node, `asks .${property.name}: no log keeps it`);
  });
  for (const method of methods) {
    const comment = file.text.slice(0, method.start).trimEnd();
    if (comment.endsWith('*/') && comment.slice(comment.lastIndexOf('/**')).includes('Only when')) continue;
    walk(method, (node) => {
      const target = (
        node.type === 'AssignmentExpression' ? node.left : node.type === 'UpdateExpression' ? node.argument : undefined
      ) as SyntaxNode | undefined;
      if (target?.type !== 'MemberExpression' || (target.object as SyntaxNode).type !== 'ThisExpression') return;
      complain(node, 'changes a field: keep it in a cell or a ref, or say "Only when ..." above the method');
    });
  }
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
  modelsTakeWhatIsExported,
  noHostRandomness,
  noAsync,
  noModuleState,
  noSkippedTests,
  noDroppedGenerators,
  noHiddenState,
  noLongFiles,
  noUtilities,
};

/** A function or method that is declared somewhere, as far as a call of it can be told from others. */
interface Callable {
  readonly name: string;
  readonly method: boolean;
  /** The class or interface that declares it, if it has a name. */
  readonly of: string;
  readonly generator: boolean;
  readonly argumentsMin: number;
  readonly argumentsMax: number;
}

function holdsSharedGenerators(file: string): boolean {
  return /^(src\/kernel|models|test\/(models|support|fixtures))\//.test(file) && !file.endsWith('.test.ts');
}

/** Each file is read once, however many look into it. */
const callablesByFile = new WeakMap<SourceFile, readonly Callable[]>();

function callablesIn(file: SourceFile): readonly Callable[] {
  const known = callablesByFile.get(file);
  if (known !== undefined) return known;
  const found: Callable[] = [];
  const owners = new Map<SyntaxNode, string>();
  callablesByFile.set(file, found);
  walk(parse(file), (node) => {
    if (isNode(node.id) && isNode(node.body) && ['ClassBody', 'TSInterfaceBody'].includes(node.body.type)) {
      for (const member of node.body.body as SyntaxNode[]) owners.set(member, nameOf(node.id));
    }
    if (node.type === 'FunctionDeclaration' || node.type === 'TSDeclareFunction') add(node, node.id, node, false);
    else if (node.type === 'TSMethodSignature') add(node, node.key, node, true);
    else if (node.type === 'VariableDeclarator') add(node, node.id, functionOf(node.init, node.id), false);
    else if (['MethodDefinition', 'TSAbstractMethodDefinition', 'Property'].includes(node.type)) {
      if (node.kind === 'method' || node.kind === 'init') add(node, node.key, functionOf(node.value), true);
    } else if (node.type === 'PropertyDefinition') add(node, node.key, functionOf(node.value, node), true);
    else if (node.type === 'TSPropertySignature') add(node, node.key, functionOf(undefined, node), true);
  });
  return found;

  function add(node: SyntaxNode, id: unknown, body: SyntaxNode | undefined, method: boolean): void {
    if (!isNode(id) || body === undefined) return;
    const params = (body.params as SyntaxNode[]).filter(
      (param) => !(param.type === 'Identifier' && param.name === 'this'),
    );
    const optional = ({ type, optional: marked }: SyntaxNode) =>
      marked === true || type === 'AssignmentPattern' || type === 'RestElement';
    const generator = body.generator === true || ['Proc', 'Round', 'Generator'].includes(typeNameOf(body.returnType));
    found.push({
      name: nameOf(id),
      method,
      of: owners.get(node) ?? '',
      generator,
      argumentsMin: params.filter((param) => !optional(param)).length,
      argumentsMax: params.some(({ type }) => type === 'RestElement') ? Infinity : params.length,
    });
  }
}

/** The function that a variable or a property holds: what its type says it is, or else its value. */
function functionOf(value: unknown, annotated?: unknown): SyntaxNode | undefined {
  const annotation = isNode(annotated) ? annotated.typeAnnotation : undefined;
  const type = isNode(annotation) ? annotation.typeAnnotation : undefined;
  return [type, value].filter(isNode).find(({ params }) => Array.isArray(params));
}

function typeNameOf(annotation: unknown): string {
  if (!isNode(annotation) || !isNode(annotation.typeAnnotation)) return '';
  const { typeName } = annotation.typeAnnotation;
  return isNode(typeName) ? nameOf(typeName) : '';
}

/** The calls whose results an expression comes to, of which nobody makes anything if nobody makes anything of it. */
function lastCalls(expression: SyntaxNode): SyntaxNode[] {
  const parts: Readonly<Record<string, readonly string[]>> = {
    ParenthesizedExpression: ['expression'],
    ChainExpression: ['expression'],
    TSAsExpression: ['expression'],
    TSNonNullExpression: ['expression'],
    LogicalExpression: ['left', 'right'],
    ConditionalExpression: ['consequent', 'alternate'],
    SequenceExpression: ['expressions'],
  };
  if (expression.type === 'CallExpression') return [expression];
  return (parts[expression.type] ?? []).flatMap((part) => [expression[part]].flat().filter(isNode).flatMap(lastCalls));
}

function calleeOf(call: SyntaxNode): { name: string; method: boolean; ofThis: boolean } {
  const callee = call.callee as SyntaxNode;
  if (callee.type !== 'MemberExpression') return { name: nameOf(callee), method: false, ofThis: false };
  const ofThis = ['ThisExpression', 'Super'].includes((callee.object as SyntaxNode).type);
  return { name: nameOf(callee.property as SyntaxNode), method: true, ofThis };
}

function accepts({ argumentsMin, argumentsMax }: Callable, given: readonly SyntaxNode[]): boolean {
  if (given.some(({ type }) => type === 'SpreadElement')) return true;
  return given.length >= argumentsMin && given.length <= argumentsMax;
}

/** Whether nobody hears what this function gives back. */
function isDeaf(callback: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent?.type === 'AssignmentExpression') {
    const left = parent.left as SyntaxNode;
    return left.type === 'MemberExpression' && nameOf(left.property as SyntaxNode) === 'onFire';
  }
  return (
    parent?.type === 'CallExpression' && parent.callee !== callback && callbackTakers.includes(calleeOf(parent).name)
  );
}

function nameOf(id: SyntaxNode): string {
  return id.type === 'PrivateIdentifier' ? `#${id.name}` : String(id.name ?? id.value);
}

function isShipped(file: string): boolean {
  return file.startsWith('src/') || file.startsWith('models/');
}

/** Compiled without Node or DOM types, and denied the host's time and randomness. */
function isPure(file: string): boolean {
  return isShipped(file) && !hosts.includes(layerOf(file) ?? '');
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

/** The names that a file imports or exports, and from where. */
function specifiersIn(file: SourceFile, type: string, named: string): { name: string; from: string; line: number }[] {
  const found: { name: string; from: string; line: number }[] = [];
  walk(parse(file), (node, parent) => {
    if (node.type !== type || !isNode(parent?.source)) return;
    const from = String(parent.source.value);
    found.push({ name: nameOf(node[named] as SyntaxNode), from, line: lineAt(file, node.start) });
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
