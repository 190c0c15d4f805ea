// A browser that used the last release: it goes on with this server, takes the update, and has every word.
//
// fixtures/release-1-profile.tar.gz is the profile of that release's own app, with its service worker, after a person
// signed in, lost the network and wrote; the database is that release's too, as the server's tests have it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { PASSPHRASE, signIn } from '../../fixtures/people.ts';
import { Profile } from '../../fixtures/profile.ts';
import { type Item, Report } from '../../fixtures/report.ts';
import { Server } from '../../fixtures/server.ts';
import { newFolder } from '../../fixtures/template.ts';
import { expect, test as base } from '../../fixtures/test.ts';
import { paths, sections, words } from '../../fixtures/words.ts';

/** What the browser keeps belongs to an origin, and so to this port. */
const PORT = 39177;
const LANGUAGE = 'fr';
const WRITTEN: Item = { title: 'Écrit sans réseau', text: 'Un texte que seul cet appareil a : « déjà ! »' };
const SENT: Item = { title: 'Guichet', text: 'le leur' };
const PHONE = '555-0199';

const unpacked = (archive: string, into: string): string => {
  mkdirSync(into);
  execFileSync('tar', ['-xzf', path.resolve(import.meta.dirname, '../../..', archive), '-C', into]);
  return into;
};

const test = base.extend<{ server: Server; left: string }>({
  server: async ({}, use) => {
    const data = unpacked('server/store/tests/fixtures/release-1.tar.gz', path.join(newFolder(), 'data'));
    const server = await Server.start(data, PORT);
    await use(server);
    await server.kill();
  },
  left: async ({}, use) => use(unpacked('end2end/fixtures/release-1-profile.tar.gz', path.join(newFolder(), 'profile'))),
  profile: async ({ server, problems, left }, use) => {
    const profile = new Profile(server.url, problems, left);
    await use(profile);
    await profile.kill();
  },
});

test.describe.configure({ mode: 'serial' });

/** By ids: the older app has its own words. */
const signInAgain = async (page: Page): Promise<Report> => {
  await page.goto(paths[LANGUAGE].signIn);
  await page.locator('#email').fill('federal@demo.example');
  await page.locator('#passphrase').fill(PASSPHRASE);
  await page.locator('button[type="submit"]').click();
  await page.waitForURL(`**${paths[LANGUAGE].report}`);
  return new Report(page, LANGUAGE);
};

/** Everything is there, sent, and with a colleague who uses this release's app. */
const expectSent = async (report: Report, colleague: Page): Promise<Report> => {
  await expectAll(report);
  await report.sent();
  await signIn(colleague, LANGUAGE, 'federal.2');
  const theirs = new Report(colleague, LANGUAGE);
  await expectAll(theirs);
  return theirs;
};

const expectAll = async (report: Report): Promise<void> => {
  const all = async () => (await Promise.all(sections.map((section) => report.all(section)))).flat();
  await expect.poll(all).toHaveLength(2);
  expect(await all()).toEqual(expect.arrayContaining([SENT, WRITTEN]));
  await expect(report.phone).toHaveValue(PHONE);
};

test('the app of the last release sends what it has to this server, and takes the update', async ({ profile, device, problems }) => {
  problems.allowNetwork();
  problems.allow(/status of 401/);
  const page = await (await profile.open()).newPage();
  await page.goto(paths[LANGUAGE].report);
  // The older app answers by itself, from the device.
  const older = await page.evaluate(() => caches.keys());
  expect(older).toHaveLength(1);
  const report = await signInAgain(page);
  const colleague = await expectSent(report, await (await device()).newPage());

  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));
  await page.getByRole('button', { name: words[LANGUAGE].update.now }).click();
  await page.waitForFunction(() => !('notReloaded' in window));
  await expect.poll(() => page.evaluate(() => caches.keys())).not.toContain(older[0]);
  await expectAll(report);
  await report.text(report.items('achievements').last()).fill('Une suite, dans la nouvelle version');
  await report.sent();
  await expect(colleague.text(colleague.items('achievements').last())).toHaveValue('Une suite, dans la nouvelle version');
});

test('this app opens the storage of the last release and sends what is in it', async ({ profile, device, left, problems }) => {
  problems.allow(/status of 401/);
  // As after the browser has let go of the older app, and kept the words.
  rmSync(path.join(left, 'Default', 'Service Worker'), { recursive: true });
  const page = await (await profile.open()).newPage();
  const report = await signInAgain(page);
  await expectSent(report, await (await device()).newPage());
});
