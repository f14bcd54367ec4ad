import type { Clone } from './clone.ts';
import { commandsOf, type Fence, fencesOf, withFences } from './page.ts';

/** Reads a file of the repository that a page shows. */
type ReadFile = (file: string) => string;

/**
 * The page as it should be: below each command of a console block what it prints now, in a block under
 * `<!-- file: NAME -->` that file. Commands of npm install and test this very repository, so they are not run; they may
 * not show any output.
 */
export async function rerun(page: string, clone: Clone, read: ReadFile): Promise<string> {
  const blocks = new Map<Fence, readonly string[]>();
  for (const fence of fencesOf(page)) {
    const file = /^<!-- file: (\S+) -->$/.exec(fence.above)?.[1];
    if (file !== undefined) blocks.set(fence, linesOf(read(file)));
    else if (fence.language === 'console') blocks.set(fence, await runAgain(fence, clone));
  }
  return withFences(page, blocks);
}

async function runAgain(fence: Fence, clone: Clone): Promise<string[]> {
  const lines: string[] = [];
  for (const { command } of commandsOf(fence)) {
    lines.push(`$ ${command}`);
    if (!command.startsWith('npm ')) lines.push(...linesOf(await clone.run(command)));
  }
  return lines;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
