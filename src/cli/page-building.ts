import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';
import { InputError } from './input-error.ts';

/** A file of the page: its path there, and what is in it. */
export interface PageFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

type Vite = typeof import('vite');

/** The sources of the page, where there are any: the package has it built already. */
const sources = fileURLToPath(new URL('../explore/', import.meta.url));

export const hasSources = existsSync(path.join(sources, 'index.html'));

/** The page of the workbench, without any models. */
export async function buildPage(): Promise<readonly PageFile[]> {
  return built({
    ...common(sources),
    worker: { format: 'es' },
    build: { ...output, rolldownOptions: { input: path.join(sources, 'index.html') } },
  });
}

/** What a report needs to draw timelines: a script and a style sheet. */
export async function buildReport(): Promise<readonly PageFile[]> {
  return built({
    ...common(sources),
    build: {
      ...output,
      cssCodeSplit: false,
      lib: {
        entry: path.join(sources, 'report.tsx'),
        formats: ['iife'],
        name: 'halfopenReport',
        fileName: () => 'report.js',
        cssFileName: 'report',
      },
    },
  });
}

/** A module of models with all that it imports, for a browser: `registry.js`. */
export async function buildRegistry(url: string): Promise<readonly PageFile[]> {
  const entry = fileURLToPath(url);
  return built({
    ...common(path.dirname(entry)),
    resolve: { alias: packageAlias() },
    build: { ...output, lib: { entry, formats: ['es'], fileName: () => 'registry.js' } },
  });
}

/** In this repository the package goes by its own name, too. */
function packageAlias(): Record<string, string> {
  return hasSources ? { halfopen: fileURLToPath(new URL('../index.ts', import.meta.url)) } : {};
}

const output = { write: false, minify: true, target: 'es2023', modulePreload: false, emptyOutDir: false } as const;

function common(root: string): InlineConfig {
  return {
    root,
    base: './',
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  };
}

async function built(config: InlineConfig): Promise<readonly PageFile[]> {
  const result = await (await vite()).build(config);
  const outputs = Array.isArray(result) ? result : [result];
  return outputs.flatMap((each) =>
    'output' in each
      ? each.output.map((file) => ({ path: file.fileName, content: file.type === 'chunk' ? file.code : file.source }))
      : [],
  );
}

async function vite(): Promise<Vite> {
  try {
    return await import('vite');
  } catch {
    throw new InputError('vite, to bundle models for a browser', 'none', 'npm install --save-dev vite');
  }
}
