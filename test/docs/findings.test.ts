import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { registry } from '../../models/registry.ts';
import { sortedModels } from '../../src/gate/registry.ts';
import { parseSeedFile } from '../../src/gate/seed-file.ts';
import { findingsOf, findingsPage, type KeptSeed } from './findings.ts';

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

test('the page of findings says what the models declare', async () => {
  await expect(findingsPage(models, seeds())).toMatchFileSnapshot(path.join(root, 'models/attach/FINDINGS.md'));
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
