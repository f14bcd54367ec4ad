import { FINER_SCALES } from '../engine/exhaustive/finer-scales.ts';
import type { Site } from '../gate/site.ts';
import type { Over } from '../gate/sweep-axis.ts';
import type { Settings } from '../model/parameters.ts';
import type { Played, Texts } from './messages.ts';

/** All that a page shows, but for where one looks: what is shared as a link. */
export interface Shown extends Site, Played {
  readonly property: string;
  readonly settings: Settings;
  /** A second variant, on the same schedule. */
  readonly against?: string;
  /** The parameters of the map. */
  readonly over?: readonly Over[];
  /** Which step one stands at. */
  readonly step?: number;
}

type Word = readonly [name: string, text: string];

/** The part of the address after `#`. What is read back is the same. */
export function hashOf(shown: Shown): string {
  const { model, variant, composition, property, against, settings, schedule, scale, over = [], step } = shown;
  const words: readonly Word[] = [
    ['model', model],
    ['variant', variant],
    ...(composition === undefined ? [] : [['on', composition] as const]),
    ['property', property],
    ...(against === undefined ? [] : [['against', against] as const]),
    ...Object.entries(settings).map(([name, text]): Word => [`set.${name}`, text]),
    ...Object.entries(schedule).map(([name, text]): Word => [`do.${name}`, text]),
    ...(scale === undefined ? [] : [['scale', String(scale)] as const]),
    ...over.map(({ name, from, to }): Word => ['over', `${name}=${from}..${to}`]),
    ...(step === undefined ? [] : [['step', String(step)] as const]),
  ];
  return `#${words.map((word) => word.map(encoded).join('=')).join('&')}`;
}

/** What an address says; undefined where it says nothing that one could show. Names are not checked here. */
export function shownIn(hash: string): Shown | undefined {
  const words = wordsIn(hash.replace(/^#/, ''));
  const one = (wanted: string) => words.find(([name]) => name === wanted)?.[1];
  const model = one('model') ?? '';
  if (model === '') return undefined;
  const [composition, against, scale, step] = [one('on'), one('against'), one('scale'), one('step')];
  const over = words.flatMap(([name, text]) => (name === 'over' ? overIn(text) : []));
  return {
    model,
    variant: one('variant') ?? '',
    property: one('property') ?? '',
    settings: withPrefix(words, 'set.'),
    schedule: withPrefix(words, 'do.'),
    ...(composition === undefined ? {} : { composition }),
    ...(against === undefined ? {} : { against }),
    ...(FINER_SCALES.includes(Number(scale)) ? { scale: Number(scale) } : {}),
    ...(over.length === 0 ? {} : { over }),
    ...(step !== undefined && /^\d{1,9}$/.test(step) ? { step: Number(step) } : {}),
  };
}

/** As a browser leaves it, with `+` for the blanks that names are full of. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%3A', ':').replaceAll('%2C', ',');
}

/** Words that cannot be read are left out. */
function wordsIn(text: string): readonly Word[] {
  return text.split('&').flatMap((word): Word[] => {
    const equals = word.indexOf('=');
    if (equals < 1) return [];
    try {
      return [[decoded(word.slice(0, equals)), decoded(word.slice(equals + 1))]];
    } catch (error) {
      if (error instanceof URIError) return [];
      throw error;
    }
  });
}

function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function overIn(text: string): readonly Over[] {
  const [, name, from, to] = /^([^=]+)=(.+?)\.\.(.+)$/.exec(text) ?? [];
  return name === undefined || from === undefined || to === undefined ? [] : [{ name, from, to }];
}

function withPrefix(words: readonly Word[], prefix: string): Texts {
  const found = words.filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, text]) => [name.slice(prefix.length), text]));
}
