// The session ends while a person writes: the words stay, the line says what to do, and signing in sends them.
import type { Page } from '@playwright/test';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { expectAccessible } from '../../fixtures/axe.ts';
import { fillSignIn, pageOf, signIn } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths, saying } from '../../fixtures/words.ts';
import { draftOf } from '../../fixtures/wire.ts';

/** Loads the page anew and waits for the last answer of its first exchange: none may bring a cookie afterwards. */
const untilQuiet = async (page: Page): Promise<void> => {
  const last = page.waitForResponse('**/api/reports/*');
  await page.reload();
  await (await last).finished();
  await expect(page.locator('#contact-name')).toBeVisible();
};

inBothLanguages((language, words) => {
  test('an ended session keeps the text and sends it after signing in', async ({ page, context, problems }) => {
    problems.allow(/status of 401/);
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    const report = new Report(mine, language);
    await untilQuiet(mine);
    await context.clearCookies();
    await report.name.fill('Written after the session ended');
    await report.says('sign-in');
    await expect(mine.locator('.status__text')).toHaveText(saying(words.status.sign_in, { count: 1 }));
    await mine.reload();
    await expect(report.name).toHaveValue('Written after the session ended');
    await report.says('sign-in');

    await mine.goto(paths[language].signIn);
    await expect(mine.getByText(words.sign_in.expired)).toBeVisible();
    await expect(mine.getByLabel(words.sign_in.email)).toHaveValue('federal@demo.example');
    await fillSignIn(mine, language, 'federal');
    await expect(report.name).toHaveValue('Written after the session ended');
    await report.sent();
    expect((await draftOf(mine)).contact.name.value).toBe('Written after the session ended');
  });

  test('a person sees where they are signed in and ends it there', async ({ page, device, problems }) => {
    problems.allow(/status of 401/);
    await signIn(page, language, 'federal');
    const elsewhere = await pageOf(await device(), language, 'federal');
    await page.locator('.bar__person').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.titles.sessions);
    const entries = page.locator('.waiting__entry');
    await expect(entries).toHaveCount(2);
    await expect(entries.filter({ hasText: words.sessions.current })).toHaveCount(1);
    await expect(entries.first()).toContainText('Chrome');
    await expectAccessible(page, 'sessions');
    await page.getByText(words.sessions.end, { exact: true }).click();
    await expect(entries).toHaveCount(1);
    await expect(page.locator('.ready')).toHaveText(saying(words.sessions.ended, { count: 1 }));
    await expect(page.locator('#page-title')).toBeFocused();
    const report = new Report(elsewhere, language);
    await report.name.fill('Written after the session was ended elsewhere');
    await report.says('sign-in');
    await expect(report.name).toHaveValue('Written after the session was ended elsewhere');
  });

  test('somebody else’s session does not send what this person wrote', async ({ page, context, playwright, server, problems }) => {
    problems.allow(/status of 40[13]/);
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    const report = new Report(mine, language);
    await untilQuiet(mine);
    const request = await playwright.request.newContext({ baseURL: server.url });
    await request.post('/api/sign-in', { data: { credentials: { email: 'on@demo.example', passphrase: 'tour-de-table' } } });
    await context.clearCookies();
    await context.addCookies((await request.storageState()).cookies);
    const before = JSON.stringify((await draftOf(mine)).contact);
    await report.name.fill('Not for Ontario');
    await report.says('sign-in');
    expect(JSON.stringify((await draftOf(mine)).contact)).toBe(before);
    await request.dispose();
  });
});
