import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { registry } from '../../models/registry.ts';
import { sortedModels } from '../../src/gate/registry.ts';
import { parseSeedFile } from '../../src/gate/seed-file.ts';
import { type Change, changesIn } from './changes.ts';
import { findingsOf, findingsPage, holdersOf, type KeptSeed } from './findings.ts';

const root = path.resolve(import.meta.dirname, '../..');
const models = sortedModels(registry);

function seeds(): KeptSeed[] {
  return models.flatMap(({ name }) => {
    const folder = path.join('models', name, 'regressions');
    if (!existsSync(path.join(root, folder))) return [];
    return readdirSync(path.join(root, folder))
      .sort()
      .map((file) => {
        const at = path.posix.join('models', name, 'regressions', file);
        return { path: at, file: parseSeedFile(readFileSync(path.join(root, at), 'utf8')) };
      });
  });
}

function changes(): readonly Change[] {
  return models.flatMap(({ name }) => {
    const files = readdirSync(path.join(root, 'models', name)).filter((file) => file.endsWith('.ts'));
    return files.sort().flatMap((file) => {
      const at = path.posix.join('models', name, file);
      return changesIn({ path: at, text: readFileSync(path.join(root, at), 'utf8') });
    });
  });
}

test('the page of findings says what the models declare', async () => {
  await expect(findingsPage(models, seeds(), changes())).toMatchFileSnapshot(
    path.join(root, 'models/attach/FINDINGS.md'),
  );
}, 600_000);

test('every finding has a schedule that shows it', () => {
  const kept = seeds();
  const unshown = models.flatMap((model) =>
    findingsOf(model)
      .filter(({ name }) => !kept.some(({ file }) => file.name === name || file.why.includes(`${name}:`)))
      .map(({ name }) => `${model.name}: ${name}`),
  );
  expect(unshown).toEqual([]);
});

test('every finding is of a promise that some system keeps', () => {
  const broken = models.flatMap((model) =>
    findingsOf(model).flatMap(({ name, breaks }) =>
      breaks
        .filter(({ property }) => holdersOf(model, property).length === 0)
        .map(({ property }) => `${model.name}: ${name} breaks ${property}`),
    ),
  );
  expect(broken).toEqual([]);
});

test('a comment that names a finding tells of a change only where it stands beside code', () => {
  const text = [
    '/** About the file, and the finding `some-thing`. */',
    "import { x } from './x.ts';",
    'export class Reference extends Base {',
    '  /**',
    '   * Findings `a-thing` and `other-thing`: it waits',
    '   * for `nobody`.',
    '   */',
    '  protected override *fail(cause: string): Proc {',
    '  }',
    '}',
    '/** Finding `last-thing`: too short. */',
    'export const settings = 1;',
  ].join('\n');
  expect(changesIn({ path: 'models/m/variants.ts', text }).map(({ finding, where }) => `${finding} ${where}`)).toEqual([
    'a-thing Reference.fail',
    'other-thing Reference.fail',
    'last-thing settings',
  ]);
});
