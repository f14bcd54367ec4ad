import { parseDuration, TextError } from '../model/duration-text.ts';
import type { LogEvent } from './log-format.ts';

/** Something that must be so in any log, whatever wrote it. */
export type LogCheck =
  /** `to` comes at most `boundNs` after `from`, for each value of the field `by` on its own where there is one. */
  | {
      readonly kind: 'within';
      readonly says: string;
      readonly from: string;
      readonly to: string;
      readonly boundNs: number;
      readonly by?: string;
    }
  | { readonly kind: 'never'; readonly says: string; readonly event: string }
  /** No second `from` before the `to` of the first. */
  | {
      readonly kind: 'exclusive';
      readonly says: string;
      readonly from: string;
      readonly to: string;
      readonly by?: string;
    };

/** Where a log breaks a check. */
export interface Broken {
  readonly check: string;
  readonly trial: number;
  /** The line that shows it, or none where it is the end of the trial. */
  readonly line: number | undefined;
  readonly message: string;
}

const EXAMPLE = `'client dead -> slot released: 45s by session'`;

/** `FROM -> TO: BOUND`, with `by FIELD` where there may be several at once. Throws a TextError. */
export function withinCheck(text: string): LogCheck {
  const [, from, to, bound, by] = /^(.+?) -> (.+?): (\S+)(?: by (\S+))?$/.exec(text) ?? [];
  if (from === undefined || to === undefined || bound === undefined)
    throw new TextError(`expected --within to be such as ${EXAMPLE}, got "${text}"`);
  return {
    kind: 'within',
    says: text,
    from,
    to,
    boundNs: parseDuration(bound, 1),
    ...(by === undefined ? {} : { by }),
  };
}

export function neverCheck(event: string): LogCheck {
  return { kind: 'never', says: `never ${event}`, event };
}

/** `TAKEN -> RELEASED`, with `by FIELD` where it matters who releases. Throws a TextError. */
export function exclusiveCheck(text: string): LogCheck {
  const [, from, to, by] = /^(.+?) -> (.+?)(?: by (\S+))?$/.exec(text) ?? [];
  if (from === undefined || to === undefined)
    throw new TextError(`expected --exclusive to be such as 'slot taken -> slot released by session', got "${text}"`);
  return { kind: 'exclusive', says: text, from, to, ...(by === undefined ? {} : { by }) };
}

interface Begun {
  readonly key: string;
  readonly atNs: number;
  readonly line: number;
}

/** Asks one log all checks, while it is read: what it remembers is what has begun and not ended. */
export class LogChecks {
  readonly broken: Broken[] = [];
  readonly #checks: readonly LogCheck[];
  readonly #errorNs: number;
  #begun: Begun[][] = [];
  #trial = 1;

  /** Two times differ from what they should by at most the measuring error each. */
  constructor(checks: readonly LogCheck[], errorNs: number) {
    this.#checks = checks;
    this.#errorNs = errorNs;
    this.begin(1);
  }

  begin(trial: number): void {
    this.#trial = trial;
    this.#begun = this.#checks.map(() => []);
  }

  next(event: LogEvent): void {
    for (const [index, check] of this.#checks.entries()) this.#ask(check, this.#begun[index] as Begun[], event);
  }

  /** What has not come by now did not come before `untilNs`. */
  end(untilNs: number | undefined): void {
    this.#checks.forEach((check, index) => {
      if (check.kind !== 'within' || untilNs === undefined) return;
      for (const { atNs, line } of this.#begun[index] as Begun[]) {
        const waited = untilNs - atNs;
        if (waited > check.boundNs + 2 * this.#errorNs)
          this.#note(
            check,
            undefined,
            `"${check.from}" in line ${line}, and no "${check.to}" for ${milliseconds(waited)}`,
          );
      }
    });
  }

  #ask(check: LogCheck, begun: Begun[], event: LogEvent): void {
    if (check.kind === 'never') {
      if (event.name === check.event) this.#note(check, event.line, `"${event.name}"`);
      return;
    }
    const key = String(check.by === undefined ? '' : event.data?.[check.by]);
    if (event.name === check.to) {
      const index = begun.findIndex((each) => each.key === key);
      const [ended] = index < 0 ? [] : begun.splice(index, 1);
      if (check.kind === 'exclusive' && ended === undefined)
        this.#note(check, event.line, `"${check.to}" by one who had no "${check.from}"`);
      if (check.kind === 'within' && ended !== undefined) this.#compare(check, ended, event);
    }
    if (event.name === check.from) {
      const [holder] = begun;
      if (check.kind === 'exclusive' && holder !== undefined)
        this.#note(check, event.line, `"${check.from}" while another one has it since line ${holder.line}`);
      if (check.kind === 'exclusive' || !begun.some((each) => each.key === key))
        begun.push({ key, atNs: event.atNs, line: event.line });
    }
  }

  #compare(check: Extract<LogCheck, { kind: 'within' }>, begun: Begun, { atNs, line }: LogEvent): void {
    const took = atNs - begun.atNs;
    if (took <= check.boundNs + 2 * this.#errorNs) return;
    this.#note(check, line, `"${check.to}" comes ${milliseconds(took)} after "${check.from}" in line ${begun.line}`);
  }

  #note(check: LogCheck, line: number | undefined, message: string): void {
    this.broken.push({ check: check.says, trial: this.#trial, line, message });
  }
}

function milliseconds(ns: number): string {
  return `${Number((ns / 1e6).toFixed(3))}ms`;
}
