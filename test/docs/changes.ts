/** A source file of a model, by its path from the root of the repository. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** The smallest change that removes a finding, as the comment beside it says. */
export interface Change {
  readonly finding: string;
  readonly path: string;
  /** What is changed: `Reference.fail`, a class, or a constant. */
  readonly where: string;
  readonly why: string;
}

/** The changes that comments of a source name a finding for. */
export function changesIn({ path, text }: Source): readonly Change[] {
  const changes: Change[] = [];
  for (const { 1: comment = '', 2: line = '', index } of text.matchAll(
    /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*\n([^\n]*)/g,
  )) {
    if (!/findings? `/i.test(comment)) continue;
    const where = symbolOf(line, text.slice(0, index));
    if (where === undefined) continue;
    const why = comment.replaceAll(/\s*\n\s*\* ?/g, ' ').trim();
    for (const [, finding = ''] of why.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)) changes.push({ finding, path, where, why });
  }
  return changes;
}

/** What the line behind a comment declares; a method with its class. */
function symbolOf(line: string, before: string): string | undefined {
  const [, top] = line.match(/^(?:export )?(?:const|class|abstract class) (\w+)/) ?? [];
  if (top !== undefined) return top;
  const [, method] = line.match(/^ {2}(?:(?:protected|public|override|get|async) )*\*?(\w+)\(/) ?? [];
  const owner = [...before.matchAll(/^(?:export )?(?:abstract )?class (\w+)/gm)].at(-1)?.[1];
  return method === undefined || owner === undefined ? undefined : `${owner}.${method}`;
}
