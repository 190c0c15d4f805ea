// A new version is announced and waits; it is taken when the person says so, and no word is lost.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { siteFolder } from '../../fixtures/environment.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { newFolder } from '../../fixtures/template.ts';
import { pageOf, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths } from '../../fixtures/words.ts';

const newerSite = (): string => {
  const folder = path.join(newFolder(), 'site');
  cpSync(siteFolder(), folder, { recursive: true });
  const file = path.join(folder, 'site.json');
  const site = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  writeFileSync(file, JSON.stringify({ ...site, version: `${site.version}-newer` }));
  return folder;
};

/** A newer build whose board starts with another script. */
const siteWithOtherBoard = (): string => {
  const folder = newerSite();
  const file = path.join(folder, 'site.json');
  const site = JSON.parse(readFileSync(file, 'utf8')) as { starts: { board: { boot: string } } };
  const boot = '/pkg/boot.newer.js';
  cpSync(path.join(folder, site.starts.board.boot), path.join(folder, boot));
  site.starts.board.boot = boot;
  writeFileSync(file, JSON.stringify(site));
  return folder;
};

inBothLanguages((language, words) => {
  test('while an update waits, the board opens with no network: nothing of the newer build is kept with the older', async ({ page, context, server, problems }) => {
    problems.allowNetwork();
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    await untilOffline(mine);
    await server.stop();
    await server.up(siteWithOtherBoard());
    // The worker asks for the board's own start behind the page.
    const asked = context.waitForEvent('request', (request) => request.serviceWorker() !== null && new URL(request.url()).pathname === paths[language].board);
    await mine.goto(paths[language].board);
    const card = mine.locator('.card').first();
    await expect(card).toBeVisible();
    await expect(mine.locator('.connection')).toHaveAttribute('data-connection', 'live');
    await (await asked).response();
    await context.setOffline(true);
    await mine.goto(paths[language].board);
    await expect(card).toBeVisible();
    await expect(mine.locator('.connection')).toHaveAttribute('data-connection', 'offline');
  });

  test('an update is announced, not forced, and taken when asked', async ({ page, context, server, problems }) => {
    problems.allowNetwork();
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    const report = new Report(mine, language);
    await untilOffline(mine);
    await mine.reload();
    await expect(report.name).toBeVisible();
    await server.stop();
    await server.up(newerSite());
    await mine.evaluate(() => Object.assign(window, { notReloaded: true }));
    await mine.evaluate(async () => (await navigator.serviceWorker.ready).update());
    const alert = mine.locator('.alerts').getByText(words.update.ready);
    await expect(alert).toBeVisible();
    await report.name.fill('Typed before the update');
    expect(await mine.evaluate(() => 'notReloaded' in window)).toBe(true);
    await expect.poll(() => mine.evaluate(() => caches.keys())).toHaveLength(2);

    await mine.getByRole('button', { name: words.update.now }).click();
    await mine.waitForFunction(() => !('notReloaded' in window));
    await expect(report.name).toHaveValue('Typed before the update');
    await expect(alert).toHaveCount(0);
    await expect.poll(() => mine.evaluate(async () => (await caches.keys()).join())).toMatch(/-newer\b/);
    await report.sent();
  });

  test('a second tab that is in the middle of a sentence keeps it when the first takes the update', async ({ page, context, server, problems }) => {
    problems.allowNetwork();
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    await untilOffline(mine);
    const second = await context.newPage();
    await second.goto(mine.url());
    const typing = new Report(second, language);
    await expect(typing.name).toBeVisible();
    await mine.reload();
    await server.stop();
    await server.up(newerSite());
    await mine.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect(mine.locator('.alerts').getByText(words.update.ready)).toBeVisible();
    await second.evaluate(() => Object.assign(window, { notReloaded: true }));
    await typing.name.fill('The last word');
    await mine.getByRole('button', { name: words.update.now }).click();
    await second.waitForFunction(() => !('notReloaded' in window));
    await expect(typing.name).toHaveValue('The last word');
  });
});
