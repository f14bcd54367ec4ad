/** What a tab may expect, what must be seen, and what is measured. In plain English first. */
import { always, measure, type Property, sometimes, within } from '../../src/property/property.ts';
import { type DashboardConfig, reconnectBound, roundTripBound } from './parameters.ts';
import type { World } from './world.ts';

interface TabEvent {
  readonly attached: boolean;
  readonly condition: string;
  readonly inTime: boolean;
  readonly status: number;
}

const when = (event: string, where: (data: TabEvent) => boolean) => ({ event, where });
const returns = (inTime: boolean) =>
  when('sees the end', (data) => data.condition === 'resumed' && data.inTime === inTime);
const attachedAgain = when('attach answered', ({ status }) => status === 101);

export function properties(config: DashboardConfig): readonly Property<World>[] {
  return [...promises(config), ...witnesses(), ...measures()];
}

function promises(config: DashboardConfig): readonly Property<World>[] {
  const { interval, readTimeout, latency } = config;
  const isPromised = interval + roundTripBound(config) < readTimeout;
  const kept = `Promised where interval + round trip < readTimeout; with these parameters it is ${isPromised ? '' : 'not '}promised.`;
  return [
    within(
      'suspended-tab-evicted',
      'A suspended tab holds the slot for at most readTimeout, plus one latency for a pong that was in flight; or it resumes.',
      readTimeout + latency.max,
      { from: when('suspended', ({ attached }) => attached), to: 'slot settled' },
    ),
    always(
      'awake-tab-kept',
      `A tab that nothing happens to keeps its session, however old its URL is. ${kept}`,
      ({ tab, slot }) => tab.condition !== 'awake' || slot.isHeld,
    ),
    always(
      'throttled-tab-kept',
      `A tab whose timers are throttled keeps its session: the browser answers pings by itself. ${kept}`,
      ({ tab, slot }) => tab.condition !== 'throttled' || slot.isHeld,
    ),
    within(
      'returns-within-url-life',
      'A tab that was evicted, resumes, and sees that in time for an attach within the life of its URL, is attached again ' +
        'after at most retry and four latencies (a fresh URL, if it fetches one, and the attach).',
      reconnectBound(config),
      { from: returns(true), to: attachedAgain },
    ),
    within('returns-after-url-life', 'The same where it sees it later.', reconnectBound(config), {
      from: returns(false),
      to: attachedAgain,
    }),
  ];
}

function witnesses(): readonly Property<World>[] {
  return [
    sometimes('tab-throttled', 'A tab is throttled.', 'throttled'),
    sometimes(
      'throttled-tab-answers',
      'A throttled tab answers a ping.',
      when('answers ping', ({ condition }) => condition === 'throttled'),
    ),
    sometimes('tab-suspended', 'A tab is suspended.', 'suspended'),
    sometimes(
      'resumes-in-time',
      'A tab resumes before it was evicted.',
      when('resumes', ({ attached }) => attached),
    ),
    sometimes('returns-in-time', 'A tab that was evicted comes back while its URL lives.', returns(true)),
    sometimes(
      'returns-late',
      'A tab that was evicted comes back when its URL has expired, or is about to.',
      returns(false),
    ),
  ];
}

function measures(): readonly Property<World>[] {
  return [
    measure('suspended-to-settled', 'From the suspension of a tab until its slot is free, or it resumes.', {
      from: when('suspended', ({ attached }) => attached),
      to: 'slot settled',
    }),
    measure('end-to-attached', 'From the end of a connection that a tab sees to its next attach.', {
      from: 'sees the end',
      to: attachedAgain,
    }),
  ];
}
