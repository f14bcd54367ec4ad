import { batch, computed, type Signal, signal } from '@preact/signals';
import type { Over } from '../gate/sweep-axis.ts';
import type { SweepOutcome } from '../gate/sweep-outcome.ts';
import { opening, siteOf, withDefaults } from '../workbench/choices.ts';
import { hashOf, type Shown, shownIn } from '../workbench/link.ts';
import type { Exact, News, Opened, Ran, Texts } from '../workbench/messages.ts';
import { type Layout, type View, WHOLE } from './drawing/scale.ts';
import { GivenUp, type Laboratory } from './laboratory.ts';

/** A search, as far as it is. */
export type Search<T> =
  | { readonly state: 'none' }
  | { readonly state: 'working'; readonly news: News; readonly since: number }
  | { readonly state: 'done'; readonly answer: T; readonly key: string }
  | { readonly state: 'stopped' }
  | { readonly state: 'failed'; readonly message: string };

/** Which of the runs that a proof knows is shown, when it changes. */
export type Follow = 'mine' | 'greatest' | 'least' | 'breaks';

/** States after which the page gives up a proof, unless somebody stops it before. */
const MAX_STATES = 200_000;
/** Proofs that are kept, so that going back to a setting takes no time. */
const KEPT = 200;
const SEED_OF_SEARCHES = 1;

const SLIDER_MARK = 'change of a parameter';
export const TIMELINE_MEASURE = 'parameter to timeline';
const EXACT_MEASURE = 'parameter to exact worst case';

/** All that the page knows, and all that can be done. */
export class Store {
  readonly shown: Signal<Shown | undefined> = signal(undefined);
  readonly opened: Signal<Opened | undefined> = signal(undefined);
  readonly ran: Signal<Ran | undefined> = signal(undefined);
  readonly ranAgainst: Signal<Ran | undefined> = signal(undefined);
  readonly exact: Signal<Search<Exact>> = signal({ state: 'none' });
  readonly map: Signal<Search<SweepOutcome>> = signal({ state: 'none' });
  readonly finding: Signal<Search<Texts | undefined>> = signal({ state: 'none' });
  readonly follow: Signal<Follow> = signal('mine');
  /** Why what is wanted cannot be shown. */
  readonly problem: Signal<string | undefined> = signal(undefined);
  /** What was just done, for those who listen. */
  readonly said: Signal<string> = signal('');
  readonly cursor: Signal<number | undefined> = signal(undefined);
  readonly view: Signal<View> = signal(WHOLE);
  readonly layout: Signal<Layout> = signal('squeezed');
  readonly isEveryLane: Signal<boolean> = signal(false);
  readonly isEveryDecision: Signal<boolean> = signal(false);
  readonly model = computed(() => this.opened.value?.models.find(({ name }) => name === this.shown.value?.model));
  /** How wide the timelines are drawn, in pixels. */
  stageWidth = 900;
  readonly #laboratory: Laboratory;
  readonly #kept = new Map<string, Exact>();
  #isRunning = false;
  #runAgain = false;
  #exactKey = '';
  /** Of the seed that was opened last: told of once. */
  #wantedDigest: string | undefined;

  constructor(laboratory: Laboratory) {
    this.#laboratory = laboratory;
  }

  /** Load the models, and show what the address says. */
  async open(): Promise<void> {
    try {
      this.opened.value = await this.#laboratory.open();
    } catch (error) {
      this.problem.value = `the models cannot be loaded: ${textOf(error)}`;
      return;
    }
    if (this.opened.value.models.length === 0) {
      this.problem.value = 'expected a registry with models, got none, do: export const models = [yourModel]';
      return;
    }
    this.showAddress();
    window.addEventListener('popstate', () => this.showAddress());
    window.addEventListener('hashchange', () => this.showAddress());
  }

  showAddress(): void {
    const opened = this.opened.value;
    if (opened === undefined) return;
    const wanted = shownIn(location.hash) ?? opening(opened);
    if (wanted === undefined || (this.shown.value !== undefined && hashOf(wanted) === hashOf(this.shown.value))) return;
    this.follow.value = 'mine';
    this.#show(withDefaults(opened, wanted), 'replace');
    this.cursor.value = wanted.step;
  }

  /** Show something else. What moves all the time replaces the last entry of the history, the rest can be gone back to. */
  change(changes: Partial<Shown>, how: 'push' | 'replace' = 'push'): void {
    const shown = this.shown.value;
    if (shown !== undefined) this.#show({ ...shown, ...changes }, how);
  }

  /** Another model, variant, part or promise: what is not said follows from that. */
  pick(changes: Partial<Shown>): void {
    const [shown, opened] = [this.shown.value, this.opened.value];
    if (shown === undefined || opened === undefined) return;
    this.follow.value = 'mine';
    batch(() => {
      this.view.value = WHOLE;
      this.cursor.value = undefined;
    });
    this.#show(withDefaults(opened, { ...shown, ...changes }), 'push');
  }

  /** Show a kept schedule, and say whether it is still the run that was kept. */
  openSeed(shown: Shown, digest: string): void {
    this.follow.value = 'mine';
    batch(() => {
      this.view.value = WHOLE;
      this.cursor.value = undefined;
    });
    this.#wantedDigest = digest;
    this.#show(shown, 'push');
  }

  /** The same without what `shown` does not have any more. */
  replace(shown: Partial<Shown>): void {
    this.#show(shown as Shown, 'push');
  }

  set(name: string, text: string | undefined, isMoving = false): void {
    const { settings } = this.shown.value as Shown;
    performance.mark(SLIDER_MARK);
    const { [name]: _, ...others } = settings;
    this.change({ settings: text === undefined ? others : { ...others, [name]: text } }, isMoving ? 'replace' : 'push');
  }

  setAll(settings: Texts): void {
    performance.mark(SLIDER_MARK);
    this.change({ settings: { ...this.shown.value?.settings, ...settings } });
  }

  /** Decide otherwise; with no text, as usual. */
  decide(name: string, text: string | undefined, isMoving = false): void {
    const { schedule } = this.shown.value as Shown;
    this.follow.value = 'mine';
    const { [name]: _, ...others } = schedule;
    const changed = text === undefined ? others : { ...others, [name]: text };
    this.change({ schedule: changed }, isMoving ? 'replace' : 'push');
  }

  /** Show the run that a proof knows, now and whenever there is another proof. */
  followTo(follow: Follow): void {
    this.follow.value = follow;
    const exact = this.exact.value;
    if (exact.state === 'done') this.#followExact(exact.answer);
  }

  step(by: number): void {
    const steps = this.ran.value?.timeline.steps ?? [];
    const isShown = (index: number) => {
      const step = steps[index];
      return step?.kind === 'event' || (step !== undefined && (!step.isDefault || this.isEveryDecision.value));
    };
    let next = this.cursor.value ?? (by > 0 ? -1 : steps.length);
    do next += by;
    while (next >= 0 && next < steps.length && !isShown(next));
    if (next >= 0 && next < steps.length) this.goTo(next);
  }

  goTo(step: number): void {
    this.cursor.value = step;
    const shown = this.shown.value;
    if (shown === undefined) return;
    const moved = { ...shown, step };
    this.shown.value = moved;
    history.replaceState(null, '', hashOf(moved));
  }

  /** Look for a schedule that breaks the promise, among random ones. */
  async find(): Promise<void> {
    const shown = this.shown.value;
    if (shown === undefined) return;
    const { property } = shown;
    const ask = { kind: 'find', site: siteOf(shown), property, seed: SEED_OF_SEARCHES } as const;
    const found = await this.#search('find', ask, this.finding, ({ schedule }) => schedule);
    if (found === undefined) return;
    const { schedule, tried } = found;
    this.said.value =
      schedule === undefined
        ? `sampled: ${property} held in ${tried} random schedules`
        : `${property} breaks, found at random schedule ${tried}, made as small as possible`;
    if (schedule !== undefined) {
      this.follow.value = 'mine';
      this.change({ schedule, scale: undefined });
    }
  }

  async drawMap(over: readonly Over[], steps: number): Promise<void> {
    this.change({ over });
    const shown = this.shown.value as Shown;
    const { model, variant, composition, property, settings } = shown;
    const request = { model, variant, property, over, steps, settings: Object.fromEntries(notAlong(over, settings)) };
    const asked = { ...request, composition: composition ?? 'none' };
    await this.#search(
      'map',
      { kind: 'map', request: asked, maxStates: MAX_STATES },
      this.map,
      (answer) => answer,
      this.mapKey(over),
    );
  }

  /** What a map over these parameters hangs on. */
  mapKey(over: readonly Over[]): string {
    const { model, variant, composition, property, settings } = this.shown.value as Shown;
    return JSON.stringify([model, variant, composition, property, notAlong(over, settings).sort(), over]);
  }

  /** Prove now, also where that may not come to an end. */
  prove(): void {
    const shown = this.shown.value;
    if (shown !== undefined) void this.#prove(shown, keyOf(shown));
  }

  stop(whose: 'exact' | 'map' | 'find'): void {
    this.#laboratory.stop(whose);
    const search = { exact: this.exact, map: this.map, find: this.finding }[whose] as Signal<Search<unknown>>;
    search.value = { state: 'stopped' };
    this.#exactKey = whose === 'exact' ? '' : this.#exactKey;
  }

  #show(shown: Shown, how: 'push' | 'replace'): void {
    this.shown.value = shown;
    const hash = hashOf(shown);
    if (hash !== location.hash) {
      if (how === 'push') history.pushState(null, '', hash);
      else history.replaceState(null, '', hash);
    }
    void this.#run();
    const key = keyOf(shown);
    if (key === this.#exactKey) return;
    this.#exactKey = key;
    const kept = this.#kept.get(key);
    if (kept !== undefined) this.#proved(kept, key);
    else if (shown.composition === undefined) {
      this.#laboratory.stop('exact');
      this.exact.value = { state: 'none' };
    } else void this.#prove(shown, key);
  }

  /** Run what is shown; what has changed meanwhile is run after that. */
  async #run(): Promise<void> {
    if (this.#isRunning) {
      this.#runAgain = true;
      return;
    }
    this.#isRunning = true;
    do {
      this.#runAgain = false;
      await this.#runOnce(this.shown.value as Shown);
    } while (this.#runAgain);
    this.#isRunning = false;
  }

  async #runOnce(shown: Shown): Promise<void> {
    const { property, schedule, scale, against } = shown;
    const ask = { kind: 'run', site: siteOf(shown), property, schedule, scale } as const;
    try {
      const ran = await this.#laboratory.run(ask);
      const other =
        against === undefined
          ? undefined
          : await this.#laboratory.run({ ...ask, site: { ...ask.site, variant: against } });
      const [first] = ran.promises;
      if (property === '' && first !== undefined) {
        this.change({ property: first.name }, 'replace');
        return;
      }
      batch(() => {
        this.ran.value = ran;
        this.ranAgainst.value = other;
        this.problem.value = this.#digestProblem(ran);
        if ((this.cursor.value ?? 0) >= ran.timeline.steps.length) this.cursor.value = undefined;
      });
    } catch (error) {
      this.problem.value = textOf(error);
    }
  }

  #digestProblem({ digest }: Ran): string | undefined {
    const wanted = this.#wantedDigest;
    this.#wantedDigest = undefined;
    if (wanted === undefined || wanted === digest) return undefined;
    return `the seed is stale: the trace has changed since it was kept (digest ${wanted} then, ${digest} now)`;
  }

  async #prove(shown: Shown, key: string): Promise<void> {
    const ask = { kind: 'exact', site: siteOf(shown), property: shown.property, maxStates: MAX_STATES } as const;
    const answer = await this.#search('exact', ask, this.exact, (each) => each, key);
    if (answer === undefined) return;
    if (this.#kept.size >= KEPT) this.#kept.clear();
    this.#kept.set(key, answer);
    this.#proved(answer, key);
  }

  #proved(answer: Exact, key: string): void {
    this.exact.value = { state: 'done', answer, key };
    measureSince(EXACT_MEASURE);
    this.#followExact(answer);
  }

  #followExact({ shows }: Exact): void {
    const { value: follow } = this.follow;
    const played = follow === 'mine' ? undefined : shows[follow];
    if (played !== undefined) this.change({ scale: undefined, ...played }, 'replace');
  }

  /** Undefined where it was given up, or failed. */
  async #search<A extends Parameters<Laboratory['search']>[1], T>(
    whose: 'exact' | 'map' | 'find',
    ask: A,
    search: Signal<Search<T>>,
    answerOf: (answer: Awaited<ReturnType<Laboratory['search']>> & AnswerTo<A>) => T,
    key = '',
  ): Promise<AnswerTo<A> | undefined> {
    const since = performance.now();
    search.value = { state: 'working', news: {}, since };
    try {
      const answer = await this.#laboratory.search(whose, ask, (news) => {
        search.value = { state: 'working', news, since };
      });
      search.value = { state: 'done', answer: answerOf(answer as never), key };
      return answer as AnswerTo<A>;
    } catch (error) {
      if (!(error instanceof GivenUp)) search.value = { state: 'failed', message: textOf(error) };
      return undefined;
    }
  }
}

type AnswerTo<A extends { readonly kind: string }> = A['kind'] extends keyof import('../workbench/messages.ts').Answers
  ? import('../workbench/messages.ts').Answers[A['kind']]
  : never;

/** What a proof depends on. */
function keyOf({ model, variant, composition, property, settings }: Shown): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([model, variant, composition, property, sorted]);
}

/** The settings of parameters that a map does not vary. */
function notAlong(over: readonly Over[], settings: Texts): [name: string, text: string][] {
  return Object.entries(settings).filter(([name]) => !over.some((each) => plainName(each.name) === name));
}

function plainName(name: string): string {
  return name.replace(/\.max$/, '');
}

/** How long it took since a parameter was changed, for those who measure the page. */
export function measureSince(name: string): void {
  if (performance.getEntriesByName(SLIDER_MARK).length > 0) performance.measure(name, SLIDER_MARK);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
