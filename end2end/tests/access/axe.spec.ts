// (h) axe on every screen, in both languages, in light and dark.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { expectAccessible } from '../../fixtures/axe.ts';
import { conflictOn } from '../../fixtures/conflict.ts';
import { fillSignIn, pageOf, signIn, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths, say, words } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`signed out, ${colorScheme}`, async ({ page, problems }) => {
      problems.allow(/status of 40[14]/);
      await page.emulateMedia({ colorScheme });
      await page.goto(paths[language].home);
      await expect(page.locator('h1#page-title')).toBeVisible();
      await expectAccessible(page, 'home, signed out');
      await page.goto(paths[language].signIn);
      await expect(page.locator('#email')).toBeVisible();
      await expectAccessible(page, 'sign-in');
      await page.getByRole('button', { name: words.sign_in.submit }).click();
      await expect(page.locator('#sign-in-errors')).toBeFocused();
      await expectAccessible(page, 'sign-in with what is missing');
      await page.getByRole('link', { name: words.sign_in.need_email }).click();
      await expect(page.locator('#email')).toBeFocused();
      await fillSignIn(page, language, 'federal', 'wrong');
      await expect(page.locator('#sign-in-errors')).toContainText(words.sign_in.wrong);
      await expect(page.locator('#email')).toHaveValue('federal@demo.example');
      await expectAccessible(page, 'sign-in refused');
      await page.goto(paths[language].missing);
      await expect(page.getByRole('heading', { name: words.titles.not_found })).toBeVisible();
      await expectAccessible(page, 'not found');
    });

    test(`the report, ${colorScheme}`, async ({ page, context, device, problems }) => {
      problems.allowNetwork();
      problems.allow(/status of 409/);
      await page.emulateMedia({ colorScheme });
      await signIn(page, language, 'federal');
      await expectAccessible(page, 'report, empty');
      const report = new Report(page, language);
      await report.submitOne({ title: 'One', text: 'A text.' });
      const second = await report.add('achievements', { title: 'Two', text: 'Another text.' });
      const long = await report.add('meeting_topics', { title: 'Three', text: 'x'.repeat(20_001) });
      await expectAccessible(page, 'report with items, one too long');
      await report.button(second, words.item.delete).click();
      await expect(page.getByRole('button', { name: say(words.item.restore, { title: 'Two' }) })).toBeFocused();
      await expectAccessible(page, 'report with a deleted item');
      await page.getByRole('button', { name: words.submit.withdraw, exact: true }).click();
      await expectAccessible(page, 'report, asked to withdraw');
      await page.getByRole('button', { name: words.submit.cancel, exact: true }).click();
      await report.text(long).fill('Short enough.');
      await report.sent();
      await conflictOn(report, await device(), 'federal.2');
      await expect(report.conflict).toBeVisible();
      await expectAccessible(page, 'report with a conflict');
      await context.setOffline(true);
      await report.phone.fill('Offline');
      await report.saved();
      await page.getByRole('button', { name: words.nav.sign_out }).click();
      await expect(page.getByRole('alertdialog')).toBeVisible();
      await expectAccessible(page, 'report, signing out with unsent work');
    });

    test(`home, board and offline, ${colorScheme}`, async ({ page, context, device, problems }) => {
      problems.allowNetwork();
      await page.emulateMedia({ colorScheme });
      await signIn(page, language, 'council');
      await expect(page.locator('.connection')).toHaveAttribute('data-connection', 'live');
      await expectAccessible(page, 'board');
      await page.getByRole('checkbox', { name: words.section.meeting_topics }).check();
      await page.locator('.filters__toggle').click();
      await expectAccessible(page, 'board, filtered');
      await page.locator('.card__open').first().click();
      await expect(page.locator('.detail__contact')).toBeVisible();
      await expectAccessible(page, 'board, a card open');
      for (const view of ['matrix', 'charts', 'trend', 'member']) {
        await page.goto(`${paths[language].board}?view=${view}&q=service`);
        await expect(page.locator('.matrix, .bars, .trends, .tour').first()).toBeVisible();
        await expectAccessible(page, `board, ${view}`);
      }
      await page.goto(paths[language].home);
      await expect(page.getByRole('link', { name: words.home.board })).toBeVisible();
      await expectAccessible(page, 'home, signed in');
      await page.goto(paths[language].board);
      await expect(page.locator('.card').first()).toBeVisible();
      await context.setOffline(true);
      await page.reload();
      await expect(page.locator('.connection')).toHaveAttribute('data-connection', 'offline', { timeout: 15_000 });
      await expectAccessible(page, 'board, offline');

      const other = await device({ colorScheme });
      const drafting = await pageOf(other, language, 'federal');
      const report = new Report(drafting, language);
      await other.setOffline(true);
      await report.fillContact();
      await report.says('offline');
      await expectAccessible(drafting, 'report, offline');
    });
  }
});

// In light, their own journeys look at them; colours are the same in both languages.
test('what keeps words safe, dark', async ({ page, context, problems }) => {
  problems.allowNetwork();
  const { fr } = words;
  const heading = page.getByRole('heading', { level: 1 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn(page, 'fr', 'federal');
  await untilOffline(page);
  const report = new Report(page, 'fr');
  const item = await report.submitOne({ title: 'Un portail', text: 'Le portail ouvre en mai.' });
  const offered = page.waitForEvent('download');
  await page.getByRole('button', { name: fr.rescue.save }).click();
  const file = await (await offered).path();
  await report.text(item).fill('Le portail ouvre en juin.');
  await report.sent();

  await page.getByRole('link', { name: fr.history.open, exact: true }).click();
  await expect(heading).toHaveText(fr.titles.history);
  await expect(page.locator('.versions__entry')).toHaveCount(2);
  await expectAccessible(page, 'history of a text');
  await page.goto(paths.fr.council);
  await expect(page.locator('.differences__entry')).toHaveCount(1);
  await expectAccessible(page, 'what the council has');
  await page.goto(paths.fr.rescue);
  await page.getByLabel(fr.rescue.choose).setInputFiles(file);
  await expect(page.locator('#rescue-found h2')).toBeVisible();
  await expectAccessible(page, 'rescue file, differences');

  await page.goto(paths.fr.report);
  await expect(report.name).toBeVisible();
  await context.setOffline(true);
  await report.phone.fill('Hors ligne');
  await report.says('offline');
  await page.goto(paths.fr.outbox);
  await expect(page.locator('.waiting__entry')).toHaveCount(1);
  await expectAccessible(page, 'outbox');
});
