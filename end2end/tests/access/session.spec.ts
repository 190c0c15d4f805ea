// The session ends while a person writes: the words stay, the line says what to do, and signing in sends them.
import type { Page } from '@playwright/test';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { fillSignIn, pageOf } from '../../fixtures/people.ts';
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
