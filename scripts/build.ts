// Makes dist/: the compiled program, and the models' regression schedules beside it, laid out as in the sources; and what
// is made for browsers, bundled: the workbench with the models, and what reports need of it.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPage, buildRegistry, buildReport, type PageFile } from '../src/cli/page-building.ts';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

rmSync(dist, { recursive: true, force: true });

const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const tsc = path.join(typescript, 'bin', 'tsc');
const compiled = spawnSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

cpSync(path.join(root, 'models'), path.join(dist, 'models'), {
  recursive: true,
  filter: (file) => statSync(file).isDirectory() || file.endsWith('.json'),
});
chmodSync(path.join(dist, 'bin', 'halfopen.js'), 0o755);

const registry = pathToFileURL(path.join(root, 'models', 'registry.ts')).href;
write('explore', [...(await buildPage()), ...(await buildRegistry(registry))]);
write('report', await buildReport());

function write(folder: string, files: readonly PageFile[]): void {
  for (const { path: name, content } of files) {
    const file = path.join(dist, folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
