import { expect, test } from 'vitest';
import type { Chains, LogPage, Members, Policies, Settings, SpaceInFull, Status, Storage, TableKey } from '../api/types';
import chains from '../../golden/chains.json';
import log from '../../golden/log.json';
import members from '../../golden/members.json';
import policies from '../../golden/policies.json';
import settings from '../../golden/settings.json';
import space from '../../golden/space.json';
import status from '../../golden/status.json';
import storage from '../../golden/storage.json';
import tables from '../../golden/tables.json';
import { lanes, rowPicture } from './dag';
import { fromText, label, toText } from './settings';

// What a node answers: the Java test GoldenAnswersTest says that it still does. That the page's types fit is checked when this is compiled.

/// A type whose choices of words are any words: a file of JSON says no more.
type Loose<T> = T extends string ? string : T extends (infer Each)[] ? Loose<Each>[] : T extends object ? { [Name in keyof T]: Loose<T[Name]> } : T;

const answers: {
  status: Loose<Status>; space: Loose<SpaceInFull>; policies: Loose<Policies>; storage: Loose<Storage>; members: Loose<Members>; log: Loose<LogPage>; chains: Loose<Chains>; tables: Loose<{ tables: TableKey[] }>;
} = { status, space, policies, storage, members, log, chains, tables };
const shownSettings = settings as unknown as Settings;                        // a value's type depends on its kind, which a file does not say

test('the log that a node tells is drawn in the lanes of the chains that it tells', () => {
  const drawn = lanes(answers.chains.chains);
  expect(drawn.count).toBe(1);
  for (const entry of (answers.log as LogPage).entries) expect(rowPicture(entry, drawn, new Map()).lane).toBe(0);
});

test('every setting that a node tells has a name for people, and comes back from its form as it was', () => {
  for (const setting of shownSettings.settings) {
    expect(label(setting.name)).not.toBe(setting.name);
    const back = fromText(setting, toText(setting));
    expect(back ?? []).toEqual(setting.value ?? []);
  }
});

test('every policy in force is among the choices', () => {
  const choices = answers.policies.choices.map(choice => choice.policy);
  for (const { policy } of answers.policies.tables) expect(choices).toContain(policy);
  expect(answers.storage.events).toBe(answers.space.events);
});
