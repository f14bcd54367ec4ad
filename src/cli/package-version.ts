import { existsSync, readFileSync } from 'node:fs';

/** The version of the package that this file belongs to: above the sources, or above what is compiled from them. */
export function packageVersion(): string {
  const manifests = ['../../package.json', '../../../package.json'].map((file) => new URL(file, import.meta.url));
  const manifest = manifests.find((file) => existsSync(file));
  if (manifest === undefined) return 'unknown';
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
