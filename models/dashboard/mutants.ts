/** Wrong edits of the reference, a line each, that must be caught: each overrides the method that the edit is in. */
import { BREAK, type Round } from '../../src/kernel/loop.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Variant } from '../../src/model/model.ts';
import { mutantsOf } from '../../src/model/mutant.ts';
import { PongDeadlineSession } from './runner.ts';
import { ReferenceTab } from './tab.ts';
import type { Design } from './world.ts';

class PongByScript extends ReferenceTab {
  protected override *beforePong(): Proc {
    yield* this.pageWait(0, 'answer of the page');
  }
}

class ResetsWhenUrlExpires extends ReferenceTab {
  protected override onUrlExpired(): void {
    this.reset();
  }
}

class DoesNotReconnect extends ReferenceTab {
  protected override *afterEnd(): Round {
    return BREAK;
  }
}

class NoReadDeadline extends PongDeadlineSession {
  protected override armReadDeadline(): void {}
}

const reference: Design = { Tab: ReferenceTab, Session: PongDeadlineSession };
const mutant = mutantsOf('reference', (change: Partial<Design>): Design => ({ ...reference, ...change }));

export const mutants: Readonly<Record<string, Variant<Design>>> = {
  'throttled-client-timers': mutant('throttled-tab-kept', "pings are answered on the page's timers", {
    Tab: PongByScript,
  }),
  'resets-when-url-expires': mutant('awake-tab-kept', 'the page resets its terminal when its URL expires', {
    Tab: ResetsWhenUrlExpires,
  }),
  'does-not-reconnect': mutant('returns-within-url-life', 'the page does not attach again', { Tab: DoesNotReconnect }),
  'no-read-deadline': mutant('suspended-tab-evicted', 'no read deadline', { Session: NoReadDeadline }),
};
