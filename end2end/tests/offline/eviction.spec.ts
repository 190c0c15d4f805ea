// The browser throws the site's storage away: what was sent is fetched again, and the page goes on.
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../../fixtures/test.ts';
import { queued } from '../../fixtures/network.ts';
import { fillSignIn, pageOf, signIn } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths } from '../../fixtures/words.ts';
import { draftOf } from '../../fixtures/wire.ts';

/** Deletes what the site stored, as a browser does that runs out of space. */
const evict = async (context: BrowserContext, page: Page, origin: string, storageTypes: string): Promise<void> => {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Storage.clearDataForOrigin', { origin, storageTypes });
};

test('under an open page: typing goes on, and both what was sent and what is typed then are there', async ({ context, page: mine, server, problems }) => {
  // The device no longer knows what the council said last: it is told once more.
  problems.allow(/status of 409/);
  await signIn(mine, 'en', 'federal');
  const report = new Report(mine, 'en');
  const item = await report.add('achievements', { title: 'Sent before', text: 'Sent before.' });
  await report.sent();
  await evict(context, mine, server.url, 'indexeddb');
  await report.text(item).press('Control+End');
  await mine.keyboard.type(' Typed after.');
  await report.sent();
  await expect(report.text(item)).toHaveValue('Sent before. Typed after.');
  await expect(report.conflict).toHaveCount(0);
  expect((await draftOf(mine)).items.map((one) => [one.title.value, one.text.value])).toEqual([
    ['Sent before', 'Sent before. Typed after.'],
  ]);
  await mine.reload();
  await expect(report.items('achievements')).toHaveCount(1);
  expect(await report.all('achievements')).toEqual([{ title: 'Sent before', text: 'Sent before. Typed after.' }]);
  expect(await queued(mine)).toBe(0);
});

test('of a closed page, with the session: what was sent is there after signing in; what was not is gone', async ({ context, page, server, problems }) => {
  problems.allowNetwork();
  problems.allow(/status of 401/);
  const before = await pageOf(context, 'fr', 'federal');
  const drafting = new Report(before, 'fr');
  await drafting.name.fill('Envoyé');
  await drafting.sent();
  await context.setOffline(true);
  await drafting.phone.fill('Pas envoyé');
  await drafting.says('offline');
  await before.close();
  await evict(context, page, server.url, 'all');
  await context.setOffline(false);
  await page.goto(paths.fr.report);
  const report = new Report(page, 'fr');
  await page.getByRole('main').getByRole('link', { name: report.words.nav.sign_in }).click();
  await fillSignIn(page, 'fr', 'federal');
  await expect(report.name).toHaveValue('Envoyé');
  await expect(report.phone).toHaveValue('');
  await report.phone.fill('Écrit de nouveau');
  await report.sent();
  expect((await draftOf(page)).contact.phone.value).toBe('Écrit de nouveau');
});
