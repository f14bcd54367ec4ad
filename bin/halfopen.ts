#!/usr/bin/env node
import { main } from '../src/cli/main.ts';

// The models lie beside the program, as sources or compiled as it is.
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
process.exitCode = await main(process.argv.slice(2), new URL(`../models/registry.${extension}`, import.meta.url).href);
