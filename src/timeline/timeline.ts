import type { Asked, Message, ObservedRun } from '../engine/observe.ts';
import type { Subject } from '../engine/run.ts';
import { dataText } from '../model/data-text.ts';
import { formatDuration } from '../model/duration-text.ts';
import type { Property } from '../property/property.ts';
import { laneOf } from './lanes.ts';
import type { Arrow, Break, Group, Lane, LaneKind, PromiseSpan, Step, Timeline } from './model.ts';
import { endsOf, firstWords, Places } from './places.ts';
import { spansOf } from './spans.ts';

/** What is drawn of a run. `focus` is the promise that the reader looks at; those that break are shown in any case. */
export function timelineOf(subject: Subject, run: ObservedRun, focus?: string): Timeline {
  const places = new Places(run.messages);
  const sorted = new Sorted(places);
  const locks = new Set(run.objects.flatMap((object) => (object.kind === 'mutex' ? object.name : [])));
  for (const object of run.objects) {
    const { group, title } = places.groupOf(object.name);
    const lane = laneOf(object, { title, end: run.endedAt, locks, processes: run.objects });
    if (lane !== undefined) sorted.add(group, lane);
  }
  for (const place of places.names) sorted.add(place, { id: wireOf(place), title: place, isMain: true, kind: 'wire' });
  const promises = promiseLanes(subject, run, focus);
  const { groups, lanes, laneFor } = sorted.inOrder(promises, run);
  return {
    tickNs: subject.tickNs,
    end: run.endedAt,
    groups,
    lanes,
    arrows: run.messages.map((message) => arrowOf(message)),
    ...stepsOf(subject, run, laneFor),
  };
}

function wireOf(place: string): string {
  return `wire ${place}`;
}

function arrowOf(message: Message): Arrow {
  const { label, sent, due, arrived, decision } = message;
  const [from, to] = endsOf(message);
  const fate = due === undefined ? 'is lost' : arrived ? 'arrives' : 'is on its way';
  return {
    from: wireOf(from),
    to: wireOf(to),
    label,
    sent,
    ...(due === undefined || due === Infinity ? {} : { due }),
    fate,
    ...(decision === undefined ? {} : { decision }),
  };
}

/** The promise in focus, and those that break within a bound. */
function promiseLanes(subject: Subject, run: ObservedRun, focus: string | undefined): readonly Lane[] {
  const shown = new Set([focus, ...run.violations.map(({ property }) => property)]);
  return subject.properties.all.flatMap((property: Property): Lane[] => {
    if (!shown.has(property.name) || (property.kind !== 'within' && property.kind !== 'measure')) return [];
    const spans: readonly PromiseSpan[] = spansOf(property, run.trace);
    if (spans.length === 0) return [];
    return [{ id: `promise ${property.name}`, title: property.name, isMain: true, kind: 'promise', spans }];
  });
}

/** Lanes by group, while they are collected. */
class Sorted {
  readonly #places: Places;
  readonly #byGroup = new Map<string, Lane[]>();

  constructor(places: Places) {
    this.#places = places;
  }

  add(group: string, lane: Lane): void {
    const lanes = this.#byGroup.get(group);
    if (lanes === undefined) this.#byGroup.set(group, [lane]);
    else lanes.push(lane);
  }

  /** The wires lie side by side, with the first place's own lanes above them, and all others below. */
  inOrder(promises: readonly Lane[], run: ObservedRun) {
    const places = this.#places.names;
    const tellers = this.#addTellers(run);
    const isWire = (lane: Lane) => lane.kind === 'wire';
    const ofGroup = (name: string) => inReadingOrder((this.#byGroup.get(name) ?? []).filter((lane) => !isWire(lane)));
    const wires = places.flatMap((place) => (this.#byGroup.get(place) ?? []).filter(isWire));
    const [first, ...others] = places;
    const rest = [...this.#byGroup.keys()].filter((name) => !places.includes(name));
    const isLone = (name: string) => !tellers.has(name) && (this.#byGroup.get(name) ?? []).length < GROUP_LEAST;
    const parts: readonly (readonly [string, readonly Lane[]])[] = [
      ['promised', promises],
      ...(first === undefined ? [] : [[first, ofGroup(first)] as const]),
      ['network', wires],
      ...byWeight(others.map((name) => [name, ofGroup(name)] as const)),
      ...rest.filter((name) => !isLone(name)).map((name) => [name, this.#byGroup.get(name) ?? []] as const),
      ['others', rest.filter(isLone).flatMap((name) => (this.#byGroup.get(name) ?? []).map(withFullTitle))],
    ];
    const groups: Group[] = [];
    const lanes: Lane[] = [];
    for (const [name, own] of parts) {
      if (own.length === 0) continue;
      groups.push({ name, from: lanes.length, to: lanes.length + own.length });
      lanes.push(...own);
    }
    const ids = new Set(lanes.map(({ id }) => id));
    const laneFor = (name: string) => (ids.has(name) ? name : this.#homeOf(name, lanes));
    // Whoever has something to tell is worth showing, and whatever is not as usual.
    const unusual = run.asked.flatMap((asked) => (asked.isDefault ? [] : laneFor(ownerOf(whoAsks(asked)))));
    const told = new Set([...run.trace.map(({ lane }) => laneFor(lane)), ...unusual]);
    const shown = lanes.map((lane) => (told.has(lane.id) ? { ...lane, isMain: true } : lane));
    const main = new Set(shown.flatMap(({ id, isMain }) => (isMain ? id : [])));
    return { groups, lanes: shown, laneFor: (name: string) => (main.has(name) ? name : this.#homeOf(name, shown)) };
  }

  /** The groups that tell something; each of them needs a lane for it. */
  #addTellers(run: ObservedRun): ReadonlySet<string> {
    const tellers = new Set(run.trace.map(({ lane }) => this.#places.groupOf(lane).group));
    for (const group of tellers)
      if (!this.#byGroup.has(group)) this.add(group, { id: group, title: group, isMain: true, kind: 'wire' });
    return tellers;
  }

  /** Where something is drawn that has no lane of its own: with its place, or on the first lane of its group. */
  #homeOf(name: string, lanes: readonly Lane[]): string {
    const { group } = this.#places.groupOf(name);
    const known = lanes.filter(({ id }) => (this.#byGroup.get(group) ?? []).some((lane) => lane.id === id));
    const home =
      known.find(({ kind }) => kind === 'wire') ?? known.find(({ isMain }) => isMain) ?? known[0] ?? lanes[0];
    return home?.id ?? '';
  }
}

/** A group of fewer lanes than this, which tells nothing, is none. */
const GROUP_LEAST = 3;

function withFullTitle(lane: Lane): Lane {
  return { ...lane, title: lane.id };
}

function byWeight(parts: readonly (readonly [string, readonly Lane[]])[]): typeof parts {
  const weight = (lanes: readonly Lane[]) => lanes.filter(({ isMain }) => isMain).length;
  return [...parts].sort(([, one], [, other]) => weight(other) - weight(one));
}

const READING_ORDER: readonly LaneKind[] = ['process', 'mutex', 'level', 'deadline', 'state'];

/** What is numbered goes by its number (`session 1`), and inside that by what it is. */
function inReadingOrder(lanes: readonly Lane[]): readonly Lane[] {
  const numbers = [...new Set(lanes.map(({ title }) => numberedPart(title)))];
  const rank = ({ title, kind }: Lane) =>
    numbers.indexOf(numberedPart(title)) * READING_ORDER.length + READING_ORDER.indexOf(kind);
  return [...lanes].sort((a, b) => rank(a) - rank(b));
}

function numberedPart(title: string): string {
  const words = firstWords(title);
  return /\d$/.test(words) ? words : '';
}

function stepsOf(
  subject: Subject,
  run: ObservedRun,
  laneFor: (name: string) => string,
): Pick<Timeline, 'steps' | 'breaks'> {
  const steps: Step[] = [];
  /** For each event of the trace, its place among the steps. */
  const places: number[] = [];
  let told = 0;
  const tellDecisions = (events: number) => {
    for (let next = run.asked[told]; next !== undefined && next.after <= events; next = run.asked[++told])
      steps.push(decisionStep(subject, next, laneFor));
  };
  run.trace.forEach((event, index) => {
    tellDecisions(index);
    const { at, lane, name, data } = event;
    places.push(steps.push({ kind: 'event', at, lane: laneFor(lane), who: lane, name, data: dataText(data) }) - 1);
  });
  tellDecisions(Infinity);
  const breaks = run.violations.map(({ property, message, at }, index): Break => {
    const event = (run.violationsAfter[index] as number) - 1;
    const step = run.trace[event]?.at === at ? places[event] : undefined;
    return { property, message, at, ...(step === undefined ? {} : { step }) };
  });
  return { steps, breaks };
}

function decisionStep(subject: Subject, asked: Asked, laneFor: (name: string) => string): Step {
  const { name, kind, fault, at, value, isDefault, least, greatest, options } = asked;
  const who = whoAsks(asked);
  return {
    kind: 'decision',
    at,
    lane: laneFor(ownerOf(who)),
    who,
    name,
    decision: kind,
    fault,
    isDefault,
    value: typeof value === 'number' ? formatDuration(value, subject.tickNs) : value,
    ...(typeof value === 'number' && value !== Infinity ? { ticks: value } : {}),
    ...(least === undefined ? {} : { least }),
    ...(greatest === undefined || greatest === Infinity ? {} : { greatest }),
    ...(options === undefined ? {} : { options }),
  };
}

function whoAsks({ name }: Asked): string {
  return name.replace(/^tie: instead of /, '').replace(/ #\d+$/, '');
}

/** A decision is named after who asks and what for: `client 1 reader answer`. */
function ownerOf(who: string): string {
  return who.replace(/ (latency|sleep|yield|select)$/, '');
}
