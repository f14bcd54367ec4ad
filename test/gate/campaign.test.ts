import { expect, test } from 'vitest';
import { campaignSeed, nthSeed } from '../../src/gate/campaign.ts';
import { replayCommand, simulateCommand } from '../../src/gate/command.ts';

test('the seed of a campaign is the same for ever: kept commands depend on it', () => {
  expect(campaignSeed('1', 'attach', 'reference')).toMatchInlineSnapshot(`1843081366`);
  expect(campaignSeed('1', 'attach', 'ping-only')).toMatchInlineSnapshot(`-716688806`);
  expect(campaignSeed('2', 'attach', 'reference')).toMatchInlineSnapshot(`545461824`);
  expect([0, 1, 19].map((campaign) => nthSeed('1', campaign))).toEqual(['1', '1~1', '1~19']);
});

test('commands can be pasted into a shell', () => {
  const found = {
    model: 'attach',
    variant: 'ping only',
    property: "client's-gone",
    settings: { latency: '1ms..5ms', note: '$(rm -rf /)' },
    seed: 'a1b2~3',
    atSchedule: 2001,
    options: ['--registry', '~/my models.ts'],
  };
  expect(simulateCommand(found)).toMatchInlineSnapshot(
    `"halfopen simulate --model attach --variant 'ping only' --property 'client'\\''s-gone' --seed a1b2~3 --set latency=1ms..5ms --set 'note=$(rm -rf /)' --runs 2001 --registry '~/my models.ts'"`,
  );
  expect(
    simulateCommand({ ...found, settings: {}, seed: undefined, atSchedule: 2000, options: [] }),
  ).toMatchInlineSnapshot(`"halfopen simulate --model attach --variant 'ping only' --property 'client'\\''s-gone'"`);
  expect(replayCommand('a folder/x.json', [])).toMatchInlineSnapshot(`"halfopen replay 'a folder/x.json'"`);
});
