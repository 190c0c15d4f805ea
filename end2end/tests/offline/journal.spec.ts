// The journal of an older program: every word of it is there. One that cannot be read is left as it is, and taken along
// in a rescue file.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import first from '../../../app/domain/tests/journal/schema-1.json' with { type: 'json' };
import second from '../../../app/domain/tests/journal/schema-2.json' with { type: 'json' };
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { PASSPHRASE } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths } from '../../fixtures/words.ts';

type Rows = Record<string, unknown>;
const MARK = 'schema';

/** Signs in without the app and leaves rows in its database, as an older program did. */
const leave = async (page: Page, fixture: Rows): Promise<Rows> => {
  const credentials = { email: 'federal@demo.example', passphrase: PASSPHRASE };
  await page.goto('/icons/icon.svg');
  const identity = await page.evaluate(
    async (body) => (await fetch('/api/sign-in', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json(),
    JSON.stringify({ credentials }),
  );
  const council = await page.evaluate(async () => (await fetch('/api/council')).json());
  const edition = council.editions.find((one: { state: string }) => one.state === 'open').id;
  const key = Object.keys(fixture).find((one) => one.includes('/field/')) ?? '';
  const [person = '', report = ''] = key.split('/');
  const text = JSON.stringify(fixture).replaceAll(report, `${edition}.${identity.member}`).replaceAll(person, identity.person);
  const rows: Rows = { ...JSON.parse(text), [`${identity.person}/council`]: council };
  // An operation's hash is of its report: the ones of the fixture are of another.
  for (const key of Object.keys(rows)) if (key.includes('/queue/')) delete rows[key];
  await page.evaluate(
    async ([rows, identity]) => {
      localStorage.setItem('roundtable.identity', JSON.stringify(identity));
      const db = await new Promise<IDBDatabase>((done, fail) => {
        const asked = indexedDB.open('roundtable', 1);
        asked.onupgradeneeded = () => ['drafts', 'board'].forEach((name) => asked.result.createObjectStore(name));
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => fail(asked.error);
      });
      const write = db.transaction('drafts', 'readwrite');
      for (const [key, row] of Object.entries(rows)) write.objectStore('drafts').put(JSON.stringify(row), key);
      await new Promise((done) => (write.oncomplete = done));
      db.close();
    },
    [rows, identity] as const,
  );
  // The council of the fixture is another one: what it would answer is not what is looked at here.
  for (const path of ['**/api/operations', '**/api/reports/**']) await page.route(path, (route) => route.abort());
  return rows;
};

const kept = (page: Page): Promise<Rows> =>
  page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((done) => {
      const asked = indexedDB.open('roundtable');
      asked.onsuccess = () => done(asked.result);
    });
    const store = db.transaction('drafts').objectStore('drafts');
    const all = <T>(asked: IDBRequest<T>) => new Promise<T>((done) => (asked.onsuccess = () => done(asked.result)));
    const [keys, values] = [await all(store.getAllKeys()), await all(store.getAll())];
    db.close();
    return Object.fromEntries(keys.map((key, n) => [String(key), JSON.parse(values[n])]));
  });

test.use({ serviceWorkers: 'block' });

inBothLanguages((language, words) => {
  for (const [name, fixture] of Object.entries({ first, second })) {
    test(`a journal of the ${name} schema is brought along with every word`, async ({ page, problems }) => {
      problems.allowNetwork();
      problems.allow(/favicon/);
      await leave(page, fixture);
      await page.goto(paths[language].report);
      const report = new Report(page, language);
      await expect(report.name).toHaveValue('Camille Exemple, au revoir');
      await expect(report.phone).toHaveValue('5'.repeat(300));
      await expect(report.conflict).toContainText('theirs@demo.example');
      expect(await report.all('priorities')).toEqual([{ title: 'Guichet unique', text: 'Un « guichet » : \u{1F341}\nfin' }]);
      expect((await kept(page))[MARK]).toBe(2);
    });
  }

  const broken: Record<string, { rows: (rows: Rows) => Rows; says: string }> = {
    'that a newer program wrote': { rows: (rows) => ({ ...rows, [MARK]: 3 }), says: words.storage.newer },
    'that nobody can read': {
      rows: (rows) => Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, key.includes('/late/') ? 'half a row' : row])),
      says: words.storage.unreadable,
    },
  };
  for (const [which, { rows, says }] of Object.entries(broken)) {
    test(`a journal ${which} is left as it is, and saved as a rescue file`, async ({ page, problems }) => {
      problems.allowNetwork();
      problems.allow(/favicon/);
      const left = await leave(page, rows(first));
      await page.goto(paths[language].report);
      const alert = page.getByRole('alert').filter({ hasText: says });
      await expect(alert).toBeVisible();
      const [file] = await Promise.all([page.waitForEvent('download'), alert.getByRole('button', { name: words.rescue.save }).click()]);
      const html = readFileSync(await file.path(), 'utf8');
      expect(html).toContain('Guichet unique');
      expect(html).toContain('mine@demo.example');
      const report = new Report(page, language);
      await report.name.fill('Written meanwhile');
      await report.saved();
      expect(await kept(page)).toEqual(left);
    });
  }
});
