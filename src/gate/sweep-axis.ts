import type { Subject } from '../engine/run.ts';
import type { Bounds } from '../kernel/bounds.ts';
import { formatDuration, parseDuration, TextError } from '../model/duration-text.ts';
import { type Parameter, SettingError, type Settings } from '../model/parameters.ts';

/** A parameter and the ends between which it is varied, as the user wrote them. */
export interface Over {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** A value of a parameter: as text, and as a number of seconds or of things. */
export interface Place {
  readonly text: string;
  readonly value: number;
}

/** A parameter that is varied in whole numbers: of ticks, or of whatever it counts. */
export interface Axis {
  /** `latency.max` for the upper end of a range: its lower end is kept. */
  readonly name: string;
  readonly about: string;
  readonly unit: 's' | '';
  /** The smallest difference between two values. */
  readonly step: string;
  readonly from: number;
  readonly to: number;
  placeOf(value: number): Place;
  settingOf(value: number): Settings;
}

/** How the upper end of a range is named. */
export const UPPER_END = '.max';
const NANOSECONDS_IN_A_SECOND = 1e9;

/** What `over` names in the parameters of `subject`, whose lower ends of ranges are kept. Throws a SettingError. */
export function axisOf(subject: Subject, over: Over): Axis {
  const parameters: Readonly<Record<string, Parameter<unknown>>> = subject.model.parameters;
  const name = over.name.endsWith(UPPER_END) ? over.name.slice(0, -UPPER_END.length) : over.name;
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (parameter === undefined) {
    throw new SettingError(`unknown parameter "${name}"; this model has: ${Object.keys(parameters).join(', ')}`);
  }
  const value = subject.config[name];
  const lengths = parameter.lengths(value);
  const isRange = lengths.length === 2;
  if (typeof value !== 'number' && !isRange) {
    throw new SettingError(
      `expected --over a parameter that is a length or a count, got ${name} (${parameter.expects}), do: --set ${name} to one of its values`,
    );
  }
  if (over.name !== name && !isRange) {
    throw new SettingError(`expected a range for ${over.name}, got ${name} (${parameter.expects}), do: --over ${name}`);
  }
  if (isRange) return rangeAxis(subject, name, parameter as Parameter<Bounds>, value as Bounds, over);
  return plainAxis(subject, name, parameter as Parameter<number>, lengths.length === 1, over);
}

function plainAxis(
  { tickNs }: Subject,
  name: string,
  parameter: Parameter<number>,
  isDuration: boolean,
  over: Over,
): Axis {
  const [from, to] = endsOf(over, (text) => parameter.parse(text, tickNs));
  return {
    name,
    about: parameter.about,
    ...unitOf(isDuration, tickNs),
    from,
    to,
    placeOf: (value) => ({
      text: parameter.format(value, tickNs),
      value: isDuration ? (value * tickNs) / NANOSECONDS_IN_A_SECOND : value,
    }),
    settingOf: (value) => ({ [name]: parameter.format(value, tickNs) }),
  };
}

function rangeAxis({ tickNs }: Subject, name: string, parameter: Parameter<Bounds>, kept: Bounds, over: Over): Axis {
  const [from, to] = endsOf(over, (text) => parseDuration(text, tickNs));
  if (from < kept.min) {
    const lower = formatDuration(kept.min, tickNs);
    throw new SettingError(
      `expected --over ${name}${UPPER_END} from its lower end ${lower} on, got ${over.from}, do: begin at ${lower}, or --set ${name} to a range with a smaller one`,
    );
  }
  return {
    name: `${name}${UPPER_END}`,
    about: parameter.about,
    ...unitOf(true, tickNs),
    from,
    to,
    placeOf: (value) => ({
      text: formatDuration(value, tickNs),
      value: (value * tickNs) / NANOSECONDS_IN_A_SECOND,
    }),
    settingOf: (value) => ({ [name]: parameter.format({ ...kept, max: value }, tickNs) }),
  };
}

function unitOf(isDuration: boolean, tickNs: number): Pick<Axis, 'unit' | 'step'> {
  return isDuration ? { unit: 's', step: formatDuration(1, tickNs) } : { unit: '', step: '1' };
}

function endsOf(over: Over, parse: (text: string) => number): readonly [number, number] {
  const [from, to] = [over.from, over.to].map((text) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof TextError) throw new SettingError(`--over ${over.name}: ${error.message}`);
      throw error;
    }
  }) as [number, number];
  if (from < to) return [from, to];
  throw new SettingError(
    `expected --over ${over.name} with the smaller end first, got ${over.from}..${over.to}, do: write it ${over.name}=5s..30s`,
  );
}
