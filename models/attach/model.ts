import { defineModel, type Variant } from '../../src/model/model.ts';
import type { Design } from './handler.ts';
import { mutants } from './mutants.ts';
import { type AttachConfig, parameters } from './parameters.ts';
import { properties } from './properties.ts';
import { Slot } from './slot.ts';
import { NoPing, PingOnly, PongDeadline, Reference } from './variants.ts';
import { buildWorld, watchedFor, type World } from './world.ts';

const variants: Readonly<Record<string, Variant<Design>>> = {
  'no-ping': {
    about: 'Before #505: nothing is ever pinged.',
    design: { Handler: NoPing, Slot },
    expect: { kind: 'system', violates: {} },
  },
  'ping-only': {
    about: '#505: a ping every 15 s; nobody listens for the pong.',
    design: { Handler: PingOnly, Slot },
    expect: { kind: 'system', violates: {} },
  },
  'pong-deadline': {
    about: '#516, exactly as merged: the pong handler re-arms a read deadline of 3 x the interval.',
    design: { Handler: PongDeadline, Slot },
    expect: { kind: 'system', violates: {} },
  },
  reference: {
    about: '#516 with the smallest changes under which every property holds.',
    design: { Handler: Reference, Slot },
    expect: { kind: 'system', violates: {} },
  },
  ...mutants,
};

export const attach = defineModel<typeof parameters, Design, World>({
  name: 'attach',
  question: 'Is a dead client always evicted within three intervals, and a live one never, at every timing?',
  parameters,
  variants,
  build: buildWorld,
  properties,
  limits: (config: AttachConfig) => ({
    horizon: watchedFor(config) + config.giveUp.max + 4 * config.pongWait,
  }),
});
