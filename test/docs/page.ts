// What a Markdown page shows: fenced blocks, code spans, links. As much Markdown as the pages of this repository use.

/** A fenced block: its language, the lines in it, and where in the page they are. */
export interface Fence {
  readonly language: string;
  readonly lines: readonly string[];
  /** Index of its first line among the lines of the page. */
  readonly start: number;
  /** The line above the fence. */
  readonly above: string;
}

export function fencesOf(page: string): Fence[] {
  const lines = page.split('\n');
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const language = /^```(\w+)$/.exec(lines[at] as string)?.[1];
    if (language === undefined) {
      if (lines[at]?.startsWith('```')) throw new Error(`line ${at + 1} opens a block and does not say of what`);
      continue;
    }
    const end = lines.indexOf('```', at);
    if (end < 0) throw new Error(`the block that line ${at + 1} opens does not end`);
    fences.push({ language, lines: lines.slice(at + 1, end), start: at + 1, above: lines[at - 1] ?? '' });
    at = end;
  }
  return fences;
}

/** The page with the lines of each block replaced by what `lines` gives for it. */
export function withFences(page: string, lines: ReadonlyMap<Fence, readonly string[]>): string {
  const text = page.split('\n');
  for (const [fence, others] of [...lines].reverse()) text.splice(fence.start, fence.lines.length, ...others);
  return text.join('\n');
}

/** The page's prose: without its fenced blocks. */
function proseOf(page: string): string {
  return withFences(page, new Map(fencesOf(page).map((fence) => [fence, []])));
}

/** All that stands in backticks in the prose. */
export function codeSpansOf(page: string): string[] {
  return [...proseOf(page).matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, span]) => span as string);
}

/** The targets of all links. */
export function linksOf(page: string): string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
}

/** The fragments under which GitHub finds the page's headings. */
export function anchorsOf(page: string): string[] {
  const headings = [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, text]) => text as string);
  return headings.map(
    (text) =>
      `#${text
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(/\s/g, '-')}`,
  );
}

/** One `$ command` of a console block, and what is printed below it. */
export interface Command {
  readonly command: string;
  readonly printed: readonly string[];
}

export function commandsOf(fence: Fence): Command[] {
  const commands: { command: string; printed: string[] }[] = [];
  for (const line of fence.lines) {
    if (line.startsWith('$ ')) commands.push({ command: line.slice(2), printed: [] });
    else if (commands.length > 0) commands.at(-1)?.printed.push(line);
    else throw new Error(`line ${fence.start + 1} shows output without a command`);
  }
  return commands;
}

/** A command line in words, as a shell sees it: quotes hold words together. */
export function wordsOf(commandLine: string): string[] {
  return [...commandLine.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_quoted, double = '', single = '') => double + single),
  );
}
