import { type Composition, defineModel, type Variant } from '../../src/model/model.ts';
import { mutants } from './mutants.ts';
import { type DashboardConfig, longestSuspension, parameters, watchedFor } from './parameters.ts';
import { properties } from './properties.ts';
import { PingOnlySession, PongDeadlineSession } from './runner.ts';
import { ReferenceTab, ResettingTab, Tab } from './tab.ts';
import { buildWorld, type Design, type World } from './world.ts';

// The findings, each with what removes it.
const HOLDS_SLOT =
  'suspended-holds-slot: nothing listens for the pong, so the slot is held for as long as the tab is suspended; #516 evicts it';
const RESET_AT_EXPIRY =
  'reset-at-expiry: the page resets a live terminal when its signed URL expires, after 300 s; #516 removed that';
const URL_OUTLIVED =
  'url-outlived: the tab comes back with a URL that is too old for an attach; the reference fetches a fresh one';

const NEVER_EVICTED = 'this runner evicts nobody';

const variants: Readonly<Record<string, Variant<Design>>> = {
  before: {
    about: 'Before #516: the runner pings and does not listen, and the page resets its terminal when its URL expires.',
    design: { Tab: ResettingTab, Session: PingOnlySession },
    expect: {
      kind: 'system',
      violates: {
        'suspended-tab-evicted': HOLDS_SLOT,
        'awake-tab-kept': RESET_AT_EXPIRY,
        'throttled-tab-kept': `${RESET_AT_EXPIRY}; throttled, up to a minute later`,
      },
    },
    unreachable: { 'returns-in-time': NEVER_EVICTED, 'returns-late': NEVER_EVICTED },
  },
  after: {
    about: '#516: the runner evicts who does not answer; the page leaves a live terminal alone.',
    design: { Tab, Session: PongDeadlineSession },
    expect: { kind: 'system', violates: { 'returns-after-url-life': URL_OUTLIVED } },
  },
  reference: {
    about: '#516, and a page that fetches a fresh URL before it attaches again.',
    design: { Tab: ReferenceTab, Session: PongDeadlineSession },
    expect: { kind: 'system', violates: {} },
  },
  ...mutants,
};

const compositions: Readonly<Record<string, Composition>> = {
  throttled: {
    about: 'A tab that is throttled at any time.',
    settings: { fate: 'is throttled', ends: 'never' },
    variants: {
      before: { refutes: ['awake-tab-kept'] },
      reference: { proves: ['awake-tab-kept', 'throttled-tab-kept'] },
    },
  },
  suspended: {
    about:
      'A tab that is suspended once, at any time, for up to a minute; its URL lives for 20 s only, which keeps this small.',
    settings: { fate: 'is suspended', suspension: '1s..60s', urlLife: '20s', ends: 'never' },
    variants: {
      before: { refutes: ['suspended-tab-evicted'] },
      after: { refutes: ['returns-after-url-life'] },
      reference: { proves: ['suspended-tab-evicted'], measures: ['suspended-to-settled'] },
    },
  },
};

export const dashboard = defineModel<typeof parameters, Design, World>({
  name: 'dashboard',
  question: 'What becomes of a terminal in a browser tab that is throttled, suspended, or older than its signed URL?',
  parameters,
  variants,
  build: buildWorld,
  properties,
  compositions,
  limits: (config: DashboardConfig) => ({ horizon: 2 * (watchedFor(config) + longestSuspension(config)) }),
});
