// A computer that others use: what was sent is erased from it, what was not sent waits for its author.
import type { Page } from '@playwright/test';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { fillSignIn, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { stored } from '../../fixtures/stored.ts';
import { type Language, paths, words } from '../../fixtures/words.ts';

const signInShared = async (page: Page, language: Language): Promise<void> => {
  await page.goto(paths[language].signIn);
  await page.getByLabel(words[language].sign_in.shared).check();
  await fillSignIn(page, language, 'federal');
  await page.waitForURL(`**${paths[language].report}`);
};

inBothLanguages((language, words) => {
  test('signing out erases what was sent and keeps what was not', async ({ page, context, problems }) => {
    problems.allowNetwork();
    await signInShared(page, language);
    const report = new Report(page, language);
    await expect(page.getByText(words.storage.shared)).toBeVisible();
    const sent = await report.add('achievements', { title: 'Sent title', text: 'Sent text' });
    await report.sent();
    await page.getByRole('link', { name: words.nav.board, exact: true }).click();
    const theirs = await page.locator('.card__open').first().innerText();
    expect(theirs).not.toBe('');
    await expect.poll(() => stored(page)).toContain(theirs);
    await page.getByRole('link', { name: words.nav.report, exact: true }).click();
    await expect(report.title(sent)).toHaveValue('Sent title');
    await context.setOffline(true);
    await report.add('priorities', { title: 'Unsent title', text: 'Unsent text' });
    await report.says('offline');
    await page.getByRole('button', { name: words.nav.sign_out }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.sign_out.confirm }).click();
    await page.waitForURL(`**${paths[language].signIn}`);
    await expect.poll(() => stored(page)).not.toContain('Sent t');
    const left = await stored(page);
    expect(left).toContain('Unsent title');
    expect(left, 'no card of the board').not.toContain(theirs);
    expect(left).not.toContain('demo.example');

    await context.setOffline(false);
    await signInShared(page, language);
    await report.sent();
    expect(await report.all('achievements')).toEqual([{ title: 'Sent title', text: 'Sent text' }]);
    expect(await report.all('priorities')).toEqual([{ title: 'Unsent title', text: 'Unsent text' }]);
  });

  test('closing the browser is leaving, with no network too', async ({ profile, problems }) => {
    problems.allowNetwork();
    const context = await profile.open();
    const page = await context.newPage();
    await signInShared(page, language);
    const report = new Report(page, language);
    await report.add('achievements', { title: 'Sent title', text: 'Sent text' });
    await report.sent();
    await untilOffline(page);
    await page.reload();
    await expect(report.title(report.items('achievements').first())).toHaveValue('Sent title');
    await profile.close();

    const again = await profile.open();
    await again.setOffline(true);
    const later = await again.newPage();
    await later.goto(paths[language].report);
    await expect(later.getByRole('main').getByRole('link', { name: words.nav.sign_in })).toBeVisible();
    await expect.poll(() => stored(later)).not.toContain('Sent t');
    await again.setOffline(false);
    expect((await again.request.get('/api/council')).status(), 'the session ended with the browser').toBe(401);
  });
});
