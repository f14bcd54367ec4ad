/** What the reaper promises, what must be seen, and what is measured. In plain English first. */
import {
  always,
  measure,
  never,
  type Property,
  sometimes,
  sometimesExactly,
  within,
} from '../../src/property/property.ts';
import { abandonedBound, limitBound, type ReaperConfig, retentionBound } from './parameters.ts';
import type { World } from './world.ts';

/** What the events of this model carry, each some of it. */
interface Told {
  readonly session: number;
  readonly holders: number;
  readonly byHolder: boolean;
  readonly holdsSlot: boolean;
  readonly status: number;
  readonly escalating?: true;
  readonly doomed?: true;
  readonly inHand?: true;
  readonly overdue?: true;
  readonly hup?: true;
  readonly ended?: true;
  readonly dropped?: true;
  readonly signal: string;
  readonly graceLeft: string;
  readonly attached: boolean;
  readonly young: boolean;
  readonly err: string;
  readonly why: string;
  readonly by: string;
  readonly endedBy: string;
  readonly tooEarly: boolean;
}

const when = (event: string, where: (told: Told) => boolean) => ({ event, where });

const ABANDONED = { from: 'abandoned', to: 'no longer abandoned' } as const;

export function properties(config: ReaperConfig): readonly Property<World>[] {
  return [...promises(config), ...witnesses(config), ...measures()];
}

function promises(config: ReaperConfig): readonly Property<World>[] {
  return [
    within(
      'abandoned-reaped',
      'A process that nobody attaches to has ended at most reconnectGrace + tick + 2 x (shutdownGrace + tick) after its start ' +
        'or the last release of its slot, plus how late a sweep can run and come to it, plus the kill, plus one tick for each ' +
        'kill that fails, plus a microsecond of strictness.',
      abandonedBound(config),
      ABANDONED,
    ),
    within(
      'limit-enforced',
      'A process that reaches the limit of its lifetime has ended at most a tick later, plus how late a sweep can run and ' +
        'come to it, plus the kill, plus one tick for each kill that fails, plus a microsecond of strictness.',
      limitBound(config),
      { from: 'limit passes', to: 'process ends' },
    ),
    within(
      'finished-dropped',
      'The entry of a process that has ended leaves the map at most a tick + retention + a tick later, plus how late the ' +
        'runner hears of it, and a sweep can run and come to it.',
      retentionBound(config),
      { from: 'process ends', to: 'entry dropped' },
    ),
    never(
      'attached-not-signalled',
      'Neither SIGHUP nor SIGTERM of the reaper reaches a process that somebody is attached to.',
      when('signal arrives', (told) => told.attached && told.signal !== 'KILL'),
    ),
    never(
      'attached-not-killed-early',
      'A process that somebody is attached to is not killed before the limit of its lifetime.',
      when('signal arrives', (told) => told.attached && told.signal === 'KILL' && told.young),
    ),
    never(
      'reconnect-grace-given',
      'No signal is decided on until more than reconnectGrace has passed since the start of the process or the last release ' +
        'of its slot. (What was too old or doomed before is not decided on.)',
      when('escalates', (told) => told.graceLeft === 'to reconnect'),
    ),
    never(
      'shutdown-grace-given',
      'A process that SIGHUP or SIGTERM has reached has shutdownGrace to end before the next signal is decided on.',
      when('escalates', (told) => told.graceLeft === 'to shut down'),
    ),
    never(
      'live-never-dropped',
      'The entry of a process that lives is not dropped: nobody would ever reap it.',
      when('entry dropped', (told) => told.endedBy === 'nothing'),
    ),
    never(
      'finished-kept',
      'The entry of a process that ended without a kill is kept for the retention, counted from its end.',
      when('entry dropped', (told) => told.tooEarly),
    ),
    never(
      'finished-attachable',
      'While it is kept, a process that has ended can be attached to: its slot is not refused because it is doomed.',
      when(
        'attach refused',
        ({ ended, doomed, dropped, holders }) => ended === true && doomed === true && dropped !== true && holders === 0,
      ),
    ),
    never(
      'doomed-never-attached',
      'Nobody is attached to a process while the reaper signals it, or once it is to be killed.',
      when('slot taken', (told) => told.escalating === true || (told.doomed === true && told.ended !== true)),
    ),
    always(
      'dropped-refuses',
      'Once its entry is dropped, a process refuses everybody: also those who looked it up before.',
      ({ exec }) => !exec.isDropped || !exec.canBeAttached,
    ),
    never(
      'free-slot-granted',
      'A free slot is refused only while the reaper is at work on the process, or once it is doomed.',
      when('attach refused', (told) => told.holders === 0 && told.inHand !== true && told.doomed !== true),
    ),
    always('slot-exclusive', 'At most one session holds the slot.', ({ exec }) => exec.holders.get().length <= 1),
    never(
      'release-by-holder',
      'The slot is released by the session that holds it, and once.',
      when('slot released', (told) => !told.byHolder),
    ),
    never(
      'slot-not-lost',
      'No handler returns while its session still holds the slot.',
      when('handler returns', (told) => told.holdsSlot),
    ),
  ];
}

function witnesses(config: ReaperConfig): readonly Property<World>[] {
  const ends = (by: string) => when('process ends', (told) => told.by === by);
  const fails = (name: string) => when('signal failed', (told) => told.signal === name);
  return [
    sometimes('ends-by-itself', 'A process ends by itself.', ends('itself')),
    sometimes('hup-enough', 'SIGHUP is enough.', ends('HUP')),
    sometimes('term-needed', 'SIGTERM is needed, and enough.', ends('TERM')),
    sometimes(
      'kill-needed',
      'SIGKILL is needed.',
      when('doomed', (told) => told.why === 'TERM was not enough'),
    ),
    sometimes('hup-fails', 'SIGHUP fails.', fails('HUP')),
    sometimes('term-fails', 'SIGTERM fails.', fails('TERM')),
    sometimes('kill-fails', 'A kill fails, and is tried again.', fails('KILL')),
    sometimes(
      'limit-while-attached',
      'A process that somebody is attached to is killed at its limit.',
      when('signal arrives', (told) => told.attached && told.signal === 'KILL' && !told.young),
    ),
    sometimes(
      'ends-in-hand',
      'A process ends while a signal is on its way to it.',
      when('signal failed', (told) => told.err === 'no such process'),
    ),
    sometimes(
      'dropped-after-retention',
      'An entry is dropped after its retention.',
      when('entry dropped', (told) => told.why === 'retention'),
    ),
    sometimesExactly(
      'attach-at-grace-end',
      'Somebody attaches exactly when the reconnect grace ends.',
      config.reconnectGrace,
      ABANDONED,
    ),
    sometimes(
      'attach-before-sweep',
      'Somebody attaches when the grace is over, just before a sweep sees it.',
      when('slot taken', (told) => told.overdue === true),
    ),
    sometimes(
      'attach-after-hup',
      'Somebody attaches after SIGHUP has arrived.',
      when('slot taken', (told) => told.hup === true),
    ),
    sometimes(
      'attach-while-escalating',
      'Somebody who comes while a signal is on its way is refused.',
      when('attach refused', (told) => told.escalating === true && told.holders === 0),
    ),
    sometimes(
      'attach-to-finished',
      'Somebody attaches to a process that has ended.',
      when('slot taken', (told) => told.ended === true),
    ),
    sometimes(
      'second-attach-refused',
      'A second attach is refused: somebody is attached.',
      when('attach refused', (told) => told.holders > 0),
    ),
    sometimes(
      'attach-not-found',
      'An attach gets 404.',
      when('attach answered', (told) => told.status === 404),
    ),
    sometimes(
      'upgrade-fails',
      'An upgrade fails.',
      when('attach answered', (told) => told.status === 500),
    ),
  ];
}

function measures(): readonly Property<World>[] {
  return [
    measure('abandoned-to-end', 'From the last release to the end of the process, or to the next attach.', ABANDONED),
    measure('limit-to-end', 'From the limit of the lifetime to the end of the process.', {
      from: 'limit passes',
      to: 'process ends',
    }),
    measure('end-to-drop', 'From the end of a process to the drop of its entry.', {
      from: 'process ends',
      to: 'entry dropped',
    }),
    measure('hup-to-term', 'From the arrival of SIGHUP until SIGTERM is sent.', {
      from: when('signal arrives', (told) => told.signal === 'HUP'),
      to: when('signal sent', (told) => told.signal === 'TERM'),
      restart: true,
    }),
  ];
}
