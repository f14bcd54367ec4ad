import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Registry } from '../gate/registry.ts';
import type { AnyModel } from '../model/model.ts';
import { InputError } from './input-error.ts';

/** The URL of a registry module that the user names, relative to where he is. Throws an InputError. */
export function registryUrl(file: string, cwd: string): string {
  const absolute = path.resolve(cwd, file);
  if (!existsSync(absolute))
    throw new InputError('--registry to name a module', `no such file: ${file}`, 'check the path');
  return pathToFileURL(absolute).href;
}

/** Import a registry module: it exports `registry`, or `models`, whose seeds then lie beside it. Throws an InputError. */
export async function loadRegistry(url: string): Promise<Registry> {
  let module: { readonly registry?: Registry; readonly models?: readonly AnyModel[] };
  try {
    module = await import(/* @vite-ignore */ url);
  } catch (error) {
    const reason = String(error instanceof Error ? error.message : error).split('\n')[0];
    throw new InputError(`the registry ${url} to load`, `"${reason}"`, 'correct that module');
  }
  if (Array.isArray(module.registry?.entries)) return module.registry;
  if (Array.isArray(module.models)) {
    const folder = new URL('./', url);
    return { entries: module.models.map((model) => ({ model, folder })) };
  }
  throw new InputError(
    `the registry ${url} to export \`registry\` or \`models\``,
    `exports: ${Object.keys(module).join(', ') || 'none'}`,
    'export const models = [yourModel]',
  );
}
