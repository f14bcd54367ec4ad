import { LearnedLateError, UnfollowableError } from '../../kernel/errors.ts';
import { Explorer } from '../exhaustive/explorer.ts';
import { Reduction } from '../exhaustive/reduction.ts';
import type { Subject } from '../run.ts';
import { type Aim, type Alternative, Attempt, Explained, type Means, NOTHING_EXPLAINED } from './attempt.ts';
import type { Observed, Vocabulary } from './observation.ts';
import { eventsOf } from './trail.ts';
import { withOrigin } from './window.ts';

export interface MatchLimits {
  /** States that may be looked at between two events of a log. */
  readonly maxStates: number;
  /** Asked now and then; what it answers ends the search, and says why. */
  readonly stop?: () => string | undefined;
}

/** The log is no behaviour of the model. */
export interface Refusal {
  /** Which event cannot be explained, from 0; the number of events where it is that no more of them come. */
  readonly index: number;
  /** What the model might have said then, and when. */
  readonly alternatives: readonly Alternative[];
  /** The last events that can be explained, and when the model says them. */
  readonly explained: ReturnType<typeof eventsOf>;
}

/** What matching came to: nothing yet, a refusal, or why there is no answer. */
export type Progress = undefined | { readonly refusal: Refusal } | { readonly stopped: string };

/** How many events of one run are kept, to match it again with what was learned in the meantime. */
const KEPT_MOST = 50_000;
/** States that may be looked at to say what the model would have said. */
const STATES_FOR_ALTERNATIVES = 4_000;

/** How many states are carried from one event to the next: first few, and where they explain nothing, more. */
const WIDTHS = [8, 64, Infinity] as const;

/** The states from which one event was looked for. */
interface Level {
  readonly event: Observed;
  readonly nodes: readonly Explained[];
}

/**
 * Whether logs are behaviours of one model: is there a run, of all with real-valued times, that says what the log tells, in
 * the order in which each lane told it, each event within its window? Only what is needed is remembered: the states that
 * explain the log so far, and the events that are as good as simultaneous.
 *
 * A yes is certain, however few states were carried along. So is a no: then all of them were, and like the answer of a search, it
 * stands only if nothing was learned after a decision to leave out orders that come to the same. Else the log is matched
 * again, with what is known by then.
 */
export class Matcher {
  readonly #means: Means;
  readonly #limits: MatchLimits;
  #nodes: readonly Explained[] = [];
  /** Those that are not explained yet, and the number of the first of them. */
  #events: Observed[] = [];
  #base = 0;
  /** Those just explained that may have happened later than the next one. */
  #levels: Level[] = [];
  /** All events so far, as long as they are not too many. */
  #history: Observed[] | undefined = [];
  #width = 0;
  /** Whether states were left behind because there were enough. */
  #wasCut = false;
  /** Whether the explorer has forgotten what the states are made of, because something matters that did not seem to. */
  #isStale = false;
  #states = 0;

  constructor(subject: Subject, vocabulary: Vocabulary, limits: MatchLimits) {
    const explorer = new Explorer(subject);
    explorer.write(vocabulary.names);
    this.#means = { explorer, reduction: new Reduction(explorer), vocabulary };
    this.#limits = limits;
  }

  /** States that were looked at, in all runs. */
  get states(): number {
    return this.#states;
  }

  /** A run of the model begins, and the log of it. */
  begin(): Progress {
    this.#history = [];
    this.#width = 0;
    return this.#certain(
      () => this.#restart(),
      () => undefined,
    );
  }

  /** The next event, in the order of the log. */
  next(event: Observed): Progress {
    if (this.#history !== undefined && this.#history.push(event) > KEPT_MOST) this.#history = undefined;
    return this.#certain(
      () => this.#take(event),
      () => undefined,
    );
  }

  /** No more events came before the clock of the log said `until`; undefined where nobody knows how long it was watched. */
  end(until: number | undefined): Progress {
    const finish = () => this.#finish(until);
    return this.#certain(finish, finish);
  }

  /** What `work` comes to, once that does not depend on what was not known yet; `after` is what it does behind all events. */
  #certain(work: () => Progress, after: () => Progress): Progress {
    let progress = this.#guarded(work);
    while (progress !== undefined && (this.#isStale || this.#wasCut || !this.#means.reduction.standsStill())) {
      const history = this.#history;
      if (history === undefined) return { stopped: `it would have to be matched again after ${KEPT_MOST} events` };
      if (this.#wasCut) this.#width++;
      progress = this.#guarded(() => {
        this.#restart();
        for (const event of history) {
          const before = this.#take(event);
          if (before !== undefined) return before;
        }
        return after();
      });
    }
    return progress;
  }

  #guarded(work: () => Progress): Progress {
    try {
      return work();
    } catch (error) {
      if (error instanceof UnfollowableError) return { stopped: error.message };
      if (!(error instanceof LearnedLateError)) throw error;
      this.#means.explorer.forget();
      this.#isStale = true;
      return { stopped: error.message };
    }
  }

  #restart(): undefined {
    const { explorer, reduction, vocabulary } = this.#means;
    reduction.begin();
    this.#events = [];
    this.#levels = [];
    this.#base = 0;
    this.#wasCut = false;
    this.#isStale = false;
    const outcomes = explorer.initial();
    if (outcomes.some(({ events }) => events.some(({ name }) => vocabulary.names.has(name))))
      throw new UnfollowableError('an event is told while the model is built');
    this.#nodes = outcomes.map((outcome) => new Explained(outcome, withOrigin(outcome.zone), NOTHING_EXPLAINED));
    return undefined;
  }

  /** The first event can be explained once all are known that may have happened before it. */
  #take(event: Observed): Progress {
    this.#events.push(event);
    while (this.#events.length > 1 && event.earliest > (this.#events[0] as Observed).latest) {
      const progress = this.#explainFirst();
      if (progress !== undefined) return progress;
    }
    return undefined;
  }

  #finish(until: number | undefined): Progress {
    while (this.#events.length > 0) {
      const progress = this.#explainFirst();
      if (progress !== undefined) return progress;
    }
    if (until === undefined) return undefined;
    const attempt = this.#attempt(
      { events: [], base: this.#base, goal: this.#base + 1, open: true, until },
      this.#nodes,
    );
    if (attempt.staysUntil || attempt.stopped !== undefined) return stoppedBy(attempt);
    return { refusal: refusalOf(attempt, this.#base) };
  }

  #explainFirst(): Progress {
    const [event] = this.#events as [Observed];
    const base = this.#base;
    const attempt = this.#attempt({ events: this.#events, base, goal: base + 1, open: false }, this.#nodes);
    if (attempt.stopped !== undefined) return stoppedBy(attempt);
    if (attempt.reached.length === 0) return { refusal: this.#refusal() };
    this.#levels = [
      ...this.#levels.filter((level) => level.event.latest >= event.earliest),
      { event, nodes: this.#nodes },
    ];
    this.#nodes = attempt.reached;
    this.#events.shift();
    this.#base++;
    return undefined;
  }

  /** The first event is where all runs end; it need not be the culprit. That is the last event of the shortest log that is refused. */
  #refusal(): Refusal {
    const base = this.#base - this.#levels.length;
    const nodes = this.#levels[0]?.nodes ?? this.#nodes;
    const all = [...this.#levels.map(({ event }) => event), ...this.#events];
    for (let count = 1; ; count++) {
      const aim = { events: all.slice(0, count), base, goal: base + count, open: true };
      if (count < all.length && this.#attempt(aim, nodes).reached.length > 0) continue;
      return refusalOf(this.#attempt({ ...aim, curious: true }, nodes, STATES_FOR_ALTERNATIVES), base + count - 1);
    }
  }

  #attempt(aim: Omit<Aim, 'maxStates' | 'enough' | 'stop'>, nodes: readonly Explained[], maxStates?: number): Attempt {
    const { maxStates: usual, stop = () => undefined } = this.#limits;
    const enough = WIDTHS[this.#width] as number;
    const attempt = new Attempt(this.#means, { ...aim, maxStates: maxStates ?? usual, enough, stop });
    attempt.run(nodes);
    if (attempt.wasCut) this.#wasCut = true;
    this.#states += attempt.states;
    return attempt;
  }
}

function stoppedBy({ stopped }: Attempt): Progress {
  return stopped === undefined ? undefined : { stopped };
}

function refusalOf({ alternatives, furthest }: Attempt, index: number): Refusal {
  const explained = eventsOf(furthest?.trail).filter((each) => each.index < index);
  return { index, alternatives: [...alternatives.values()], explained };
}
