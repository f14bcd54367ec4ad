import type { Bounds, Ticks } from '../kernel/bounds.ts';
import { formatBounds, formatDuration, parseBounds, parseDuration, TextError } from './duration-text.ts';

/** One thing about a model that its user can set. `T` is what the model's code sees. */
export interface Parameter<T> {
  /** What it is, in a few words. */
  readonly about: string;
  /** What a text for it looks like. */
  readonly expects: string;
  /** Its value where nobody sets it, as text; or how it follows from the others. */
  readonly default: string;
  readonly derive?: (others: Readonly<Record<string, unknown>>) => T;
  /** All that it can be, where that is one of a few words. */
  readonly options?: readonly string[];
  /** Throws a TextError. */
  parse(text: string, tickNs: number): T;
  format(value: T, tickNs: number): string;
  /** The lengths of time in a value; none where it is a count or a word. */
  lengths(value: T): readonly Ticks[];
}

// biome-ignore lint/suspicious/noExplicitAny: any parameter, whatever it gives
export type Parameters = Readonly<Record<string, Parameter<any>>>;

/** The values of all of a model's parameters, as its code sees them. */
export type Config<P extends Parameters> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

/** Some of the parameters, as text: from a command line, a file, a variant. */
export type Settings = Readonly<Record<string, string>>;

/** A fixed length of time, `15s`. */
export function duration(defaultText: string, about: string): Parameter<Ticks> {
  return {
    about,
    expects: 'a duration such as 15s',
    default: defaultText,
    parse: parseDuration,
    format: formatDuration,
    lengths: (value) => [value],
  };
}

/** A fixed length of time that follows from other parameters unless it is set. */
export function derivedDuration<C extends Readonly<Record<string, unknown>>>(
  rule: string,
  derive: (others: C) => Ticks,
  about: string,
): Parameter<Ticks> {
  return { ...duration(rule, about), derive: (others) => derive(others as C) };
}

/** A length of time that the environment picks anew each time, `1ms..100ms`. */
export function range(defaultText: string, about: string): Parameter<Bounds> {
  return {
    about,
    expects: 'a range such as 1ms..100ms',
    default: defaultText,
    parse: parseBounds,
    format: formatBounds,
    lengths: ({ min, max }) => [min, max],
  };
}

/** A whole number >= `min`. */
export function count(defaultValue: number, about: string, min = 0): Parameter<number> {
  const expects = `a whole number >= ${min}`;
  return {
    about,
    expects,
    default: String(defaultValue),
    parse(text) {
      const value = Number(text);
      if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
        throw new TextError(`expected ${expects}, got "${text}"`);
      }
      return value;
    },
    format: String,
    lengths: () => [],
  };
}

/** One of a few words. The first is the default. */
export function oneOf<const T extends string>(options: readonly [T, ...T[]], about: string): Parameter<T> {
  const expects = `one of ${options.join(', ')}`;
  return {
    about,
    expects,
    default: options[0],
    options,
    parse(text) {
      const option = options.find((each) => each === text);
      if (option === undefined) throw new TextError(`expected ${expects}, got "${text}"`);
      return option;
    },
    format: (value) => value,
    lengths: () => [],
  };
}

/** A setting that the model does not have, or cannot take. The message is one line for the user. */
export class SettingError extends Error {}

/** The values of all parameters: defaults, then each of `layers` in turn. Throws a SettingError. */
export function configure<P extends Parameters>(
  parameters: P,
  tickNs: number,
  ...layers: readonly Settings[]
): Config<P> {
  const texts = new Map<string, string>();
  for (const layer of layers) {
    for (const [name, text] of Object.entries(layer)) {
      if (!Object.hasOwn(parameters, name)) {
        throw new SettingError(`unknown parameter "${name}"; this model has: ${Object.keys(parameters).join(', ')}`);
      }
      texts.set(name, text);
    }
  }
  const config: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const text = texts.get(name) ?? (parameter.derive === undefined ? parameter.default : undefined);
    if (text !== undefined) config[name] = parsed(name, parameter, text, tickNs);
  }
  for (const [name, parameter] of Object.entries(parameters)) {
    if (config[name] === undefined && parameter.derive !== undefined) config[name] = parameter.derive(config);
  }
  // V8 keeps what grew key by key as a hash table, and every look at a parameter would search it; a copy is a plain object.
  return { ...config } as Config<P>;
}

function parsed(name: string, parameter: Parameter<unknown>, text: string, tickNs: number): unknown {
  try {
    return parameter.parse(text, tickNs);
  } catch (error) {
    if (error instanceof TextError) throw new SettingError(`parameter ${name} (${parameter.about}): ${error.message}`);
    throw error;
  }
}

/** The values of all parameters as text, in the order in which the model lists them. */
export function describeConfig(
  parameters: Parameters,
  config: Readonly<Record<string, unknown>>,
  tickNs: number,
): Settings {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, parameter.format(config[name], tickNs)]),
  );
}
