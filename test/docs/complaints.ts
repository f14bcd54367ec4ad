// What can be wrong with what a page says, besides what its commands print. Each is a pure function to complaints.
import { anchorsOf, codeSpansOf, commandsOf, fencesOf, linksOf, wordsOf } from './page.ts';

/** What there is to name. */
export interface Facts {
  /** Variants, properties, findings, seeds, packages: all that is named in kebab-case. */
  readonly names: ReadonlySet<string>;
  /** The options of each command of halfopen. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly parameters: ReadonlySet<string>;
  readonly scripts: ReadonlySet<string>;
  readonly exists: (file: string) => boolean;
  /** Whether a word occurs in the sources. */
  readonly inSources: (word: string) => boolean;
}

type Complain = (page: string, facts: Facts) => string[];

const FOLDERS = /^(\.ci|bench|bin|examples|models|scripts|src|test)\//;
/** Places that the reader makes while he follows the page. */
const MADE_BY_READER = /^seeds\/|\.bak$/;

const files: Complain = (page, { exists }) => {
  const shown = fencesOf(page).flatMap(({ above }) => /^<!-- file: (\S+) -->$/.exec(above)?.[1] ?? []);
  const typed = halfopenLines(page).concat(otherLines(page)).flatMap(wordsOf);
  const spans = codeSpansOf(page);
  const paths = [...shown, ...typed, ...spans].filter(
    (word) => (FOLDERS.test(word) || /^[\w/-]+\.(ts|json|md|ya?ml)$/.test(word)) && !MADE_BY_READER.test(word),
  );
  return [...paths, ...linksOf(page).filter((link) => !/^(https?:|#)/.test(link))]
    .filter((file) => !exists(file))
    .map((file) => `there is no file ${file}`);
};

const anchors: Complain = (page) => {
  const known = anchorsOf(page);
  return linksOf(page)
    .filter((link) => link.startsWith('#') && !known.includes(link))
    .map((link) => `there is no heading ${link}`);
};

/** A name in kebab-case is a variant, a property, a finding, a seed; one with a capital or a call is in the sources. */
const names: Complain = (page, { names, inSources }) =>
  codeSpansOf(page).flatMap((span) => {
    if (/^[a-z0-9]+(-[a-z0-9]+)+$/.test(span)) return names.has(span) ? [] : [`nothing is called ${span}`];
    const identifier = /^(?:\w+\.)*(\w+)\(\)$/.exec(span)?.[1] ?? /^(?:class )?([A-Z]\w*(?:\.\w+)*)$/.exec(span)?.[1];
    const foreign = ['Date', 'TCP_USER_TIMEOUT'];
    if (identifier === undefined || foreign.includes(identifier)) return [];
    const last = identifier.split('.').at(-1) as string;
    return inSources(last) ? [] : [`the sources have no ${last}`];
  });

/** Every command of halfopen is one, with options and parameters that there are. */
const usage: Complain = (page, { options, parameters }) =>
  halfopenLines(page).flatMap((line) => {
    const [, command = '', ...words] = wordsOf(line);
    if (command === '--help') return [];
    const known = options.get(command);
    if (known === undefined) return [`halfopen has no command ${command}`];
    return words.flatMap((word, index) => {
      if (word.startsWith('--') && !known.includes(word)) return [`halfopen ${command} has no option ${word}`];
      const parameter = words[index - 1] === '--set' ? (word.split('=')[0] as string) : undefined;
      return parameter === undefined || parameters.has(parameter) ? [] : [`there is no parameter ${parameter}`];
    });
  });

/** An option that is only mentioned is one of some command. */
const mentionedOptions: Complain = (page, { options }) => {
  const known = [...options.values()].flat().concat('--help');
  return codeSpansOf(page)
    .filter((span) => span.startsWith('--'))
    .map((span) => wordsOf(span)[0] as string)
    .filter((option) => !known.includes(option))
    .map((option) => `halfopen has no option ${option}`);
};

/** npm is asked for scripts that there are, and shows nothing that nobody checks. */
const npm: Complain = (page, { scripts }) => {
  const complaints = fencesOf(page)
    .filter(({ language }) => language === 'console')
    .flatMap(commandsOf)
    .filter(({ command, printed }) => command.startsWith('npm ') && printed.length > 0)
    .map(({ command }) => `nobody checks what is shown of: ${command}`);
  for (const [, , run] of allCode(page).matchAll(/\bnpm (run )?(?:--silent )?([\w:-]+)/g)) {
    if (run !== undefined && run !== 'ci' && !scripts.has(run)) complaints.push(`npm has no script ${run}`);
  }
  return complaints;
};

/** A workflow is laid out as YAML, and has as many shards as it says. */
const workflow: Complain = (page) =>
  fencesOf(page)
    .filter(({ language }) => language === 'yaml')
    .flatMap(({ lines }) => {
      const complaints = yamlComplaints(lines);
      const shards = /^ *shard: \[([\d, ]+)\]$/m.exec(lines.join('\n'))?.[1]?.split(', ') ?? [];
      const of = [...lines.join('\n').matchAll(/--shard \$\{\{ matrix\.shard \}\}\/(\d+)/g)].map(([, n]) => n);
      if (of.length === 0) complaints.push('the workflow does not shard');
      if (of.some((n) => shards.join() !== Array.from({ length: Number(n) }, (_, i) => i + 1).join())) {
        complaints.push(`the shards ${shards.join(', ')} are not all of ${of.join(', ')}`);
      }
      return complaints;
    });

/** Maps and lists of plain scalars, two blanks a level: all that the workflow needs. */
function yamlComplaints(lines: readonly string[]): string[] {
  const complaints: string[] = [];
  let open = 0;
  for (const line of lines) {
    const [, blanks = '', dash = '', key, value = ''] =
      /^( *)(- )?(?:([\w-]+):(?: (.*))?|.*)$/.exec(line.trimEnd()) ?? [];
    const depth = blanks.length;
    const plain = !/: |^[&*!|>%@`]/.test(value) || /^\[.*\]$/.test(value);
    if (key === undefined || depth % 2 !== 0 || depth > open || !plain) complaints.push(`this is no YAML: ${line}`);
    open = depth + dash.length + (value === '' ? 2 : 0);
    if (value === '' && dash !== '') complaints.push(`this is no YAML: ${line}`);
  }
  return complaints;
}

export const complaints: Readonly<Record<string, Complain>> = {
  files,
  anchors,
  names,
  usage,
  mentionedOptions,
  npm,
  workflow,
};

/** All code of a page, in blocks and in spans, a piece a line. */
function allCode(page: string): string {
  const typed = fencesOf(page).flatMap(({ language, lines }) =>
    language === 'console' ? lines.filter((line) => line.startsWith('$ ')) : language === 'ts' ? [] : lines,
  );
  return [...typed, ...codeSpansOf(page)].join('\n');
}

/** Every command line that runs halfopen, without what it is piped into. */
function halfopenLines(page: string): string[] {
  const lines = allCode(page)
    .replaceAll(/\$\{\{.*?\}\}/g, 'VALUE')
    .split('\n');
  return lines.flatMap((line) => {
    const command = /(?:^|[ '])(?:npx tsx bin\/halfopen\.ts|npm run (?:--silent )?halfopen --|halfopen) ([^|>']+)/.exec(
      line,
    );
    const check = /npm run (?:--silent )?check -- ([^|>]+)/.exec(line);
    if (check !== null) return [`halfopen check ${check[1]}`];
    const isTyped = /^(\$ |npx |npm run |halfopen )/.test(line);
    return isTyped && command !== null ? [`halfopen ${command[1]}`] : [];
  });
}

/** The other commands that a console block runs. */
function otherLines(page: string): string[] {
  const commands = fencesOf(page)
    .filter(({ language }) => language === 'console')
    .flatMap(commandsOf);
  return commands.map(({ command }) => command).filter((command) => /^(cat|sed|mv|npx) /.test(command));
}
