// The package's public entry: what a model is written with, the engines, and what the command line takes.
export { FakeTimersClock } from './clock/fake-timers-clock.ts';
export { type ExactMeasure, measureExactly, type Proof, Prover, prove, type SearchLimits } from './engine/prove.ts';
export { type Replayed, replay } from './engine/replay.ts';
export { type RecordedRun, type RunResult, record, run, type StrategyFor, Subject } from './engine/run.ts';
export { EMPTY_SCHEDULE, type Schedule, scheduleOf } from './engine/schedule.ts';
export {
  BATCH_SIZE,
  type BatchResult,
  batchSeed,
  type Counterexample,
  findCounterexample,
  NondeterminismError,
  simulateBatch,
} from './engine/simulate.ts';
export { digestOf, type TraceEvent } from './engine/trace.ts';
export type { Registry, RegistryEntry } from './gate/registry.ts';
export { formatSeedFile, parseSeedFile, type SeedFile, SeedFormatError } from './gate/seed-file.ts';
export { ANY_TIME, type Bounds, between, type Duration, type Ticks } from './kernel/bounds.ts';
export type { Cell, Plain, Ref } from './kernel/cell.ts';
export type { Channel, Received } from './kernel/channel.ts';
export type { Context } from './kernel/context.ts';
export type { Decision, Strategy } from './kernel/decision.ts';
export { ModelError, type ModelErrorKind } from './kernel/errors.ts';
export type { Limits, RunEnd } from './kernel/kernel.ts';
export type { Latch } from './kernel/latch.ts';
export type { Line } from './kernel/line.ts';
export { BREAK, loop, type Round } from './kernel/loop.ts';
export type { Mutex } from './kernel/mutex.ts';
export type { Process } from './kernel/process.ts';
export type { Program } from './kernel/program.ts';
export type { Signal } from './kernel/signal.ts';
export type { Sim } from './kernel/sim.ts';
export type { Ticker } from './kernel/ticker.ts';
export type { Timer } from './kernel/timer.ts';
export type { Proc } from './kernel/waitable.ts';
export type { Advice } from './model/advice.ts';
export { formatBounds, formatDuration, parseBounds, parseDuration, TextError } from './model/duration-text.ts';
export {
  type AnyModel,
  type Composition,
  DEFAULT_TICK_NS,
  defineModel,
  type Expectation,
  type Model,
  type Provable,
  type ToldEvent,
  UnknownNameError,
  type Variant,
} from './model/model.ts';
export { heavy, type MakeMutant, mutantsOf } from './model/mutant.ts';
export {
  type Config,
  count,
  derivedDuration,
  duration,
  oneOf,
  type Parameter,
  type Parameters,
  range,
  SettingError,
  type Settings,
} from './model/parameters.ts';
export {
  always,
  type EventPattern,
  measure,
  never,
  type Property,
  type SpanOf,
  sometimes,
  sometimesExactly,
  within,
} from './property/property.ts';
export type { Verdict, Violation } from './property/verdict.ts';
