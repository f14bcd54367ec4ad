import type { Registry } from '../src/gate/registry.ts';
import { attach } from './attach/model.ts';
import { canary } from './canary/model.ts';
import { client } from './client/model.ts';
import { dashboard } from './dashboard/model.ts';
import { endToEnd } from './end-to-end/model.ts';
import { proxy } from './proxy/model.ts';
import { reaper } from './reaper/model.ts';
import { serve } from './serve/model.ts';
import { terminal } from './terminal/model.ts';
import { wsHeartbeat } from './ws-heartbeat/model.ts';

/** The models that come with halfopen. */
export const registry: Registry = {
  entries: [
    { model: attach, folder: new URL('./attach/', import.meta.url) },
    { model: canary, folder: new URL('./canary/', import.meta.url) },
    { model: reaper, folder: new URL('./reaper/', import.meta.url) },
    { model: client, folder: new URL('./client/', import.meta.url) },
    { model: terminal, folder: new URL('./terminal/', import.meta.url) },
    { model: serve, folder: new URL('./serve/', import.meta.url) },
    { model: wsHeartbeat, folder: new URL('./ws-heartbeat/', import.meta.url) },
    { model: dashboard, folder: new URL('./dashboard/', import.meta.url) },
    { model: proxy, folder: new URL('./proxy/', import.meta.url) },
    { model: endToEnd, folder: new URL('./end-to-end/', import.meta.url) },
  ],
  requireCanary: true,
  // The 16-minute slot: a client that is gone as soon as it is attached, and nobody who listens for its pong.
  opensWith: {
    model: 'attach',
    variant: 'ping-only',
    composition: 'silent-death',
    property: 'dead-client-evicted',
    schedule: { 'client 1 end #1': '0' },
  },
};
