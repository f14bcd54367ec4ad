import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReportAssets } from '../report/html.ts';
import { InputError } from './input-error.ts';
import { buildPage, buildRegistry, buildReport, hasSources, type PageFile } from './page-building.ts';

/** Where the package keeps what is made for browsers, built: the page with its own models, and what reports need. */
const prebuilt = (name: 'explore' | 'report') => fileURLToPath(new URL(`../../${name}/`, import.meta.url));

/** The page with its models: as the package has it, or bundled from what is in the working tree now. */
export function pageWith(isOwnRegistry: boolean, registryUrl: string): () => Promise<readonly PageFile[]> {
  if (!hasSources && isOwnRegistry) return async () => filesIn(prebuilt('explore'));
  const page = hasSources ? buildPage() : Promise.resolve(filesIn(prebuilt('explore')));
  return async () => {
    const [files, registry] = await Promise.all([page, buildRegistry(registryUrl)]);
    return [...files.filter((file) => file.path !== 'registry.js'), ...registry];
  };
}

/** The script and the style of a report that draws timelines. */
export async function reportAssets(): Promise<ReportAssets> {
  const files = hasSources ? await buildReport() : filesIn(prebuilt('report'));
  const textOf = (extension: string) =>
    files
      .filter((file) => file.path.endsWith(extension))
      .map(({ content }) => (typeof content === 'string' ? content : new TextDecoder().decode(content)))
      .join('\n');
  return { script: textOf('.js'), style: textOf('.css') };
}

function filesIn(folder: string): readonly PageFile[] {
  if (!existsSync(folder))
    throw new InputError('the page that the package brings', `no ${folder}`, 'npm run build, or install halfopen anew');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return { path: path.relative(folder, file).split(path.sep).join('/'), content: readFileSync(file) };
    });
}
