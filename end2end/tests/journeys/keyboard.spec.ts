// (i) From sign-in to submission and back with the keyboard alone.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { type Locator, type Page } from '@playwright/test';
import { PASSPHRASE } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths, say } from '../../fixtures/words.ts';

/** Presses Tab, or Shift+Tab, until the element has the focus. */
const tabTo = async (page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
  for (let presses = 0; presses < 150; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never reaches ${String(target)}`);
};

inBothLanguages((language, words) => {
  test('sign in, write, order, delete, undo, submit and withdraw without a pointer', async ({ page }) => {
    const { keyboard } = page;
    await page.goto(paths[language].home);
    await expect(page.getByRole('main').getByRole('link', { name: words.nav.sign_in })).toBeVisible();
    await keyboard.press('Tab');
    await expect(page.locator('a.skip')).toBeFocused();
    await tabTo(page, page.getByRole('main').getByRole('link', { name: words.nav.sign_in }));
    await keyboard.press('Enter');
    await expect(page.locator('#page-title')).toBeFocused();
    await tabTo(page, page.getByLabel(words.sign_in.email));
    await keyboard.type('federal@demo.example');
    await tabTo(page, page.getByLabel(words.sign_in.passphrase));
    await keyboard.type(PASSPHRASE);
    await keyboard.press('Enter');

    const report = new Report(page, language);
    await expect(report.name).toBeVisible();
    await expect(page.locator('#page-title')).toBeFocused();
    await tabTo(page, report.name);
    await keyboard.type('Clavier Seul');
    await tabTo(page, report.phone);
    await keyboard.type('555-0199');
    for (const title of ['First', 'Second']) {
      await tabTo(page, report.adder('achievements'));
      await keyboard.press('Enter');
      await expect(report.title(report.items('achievements').last())).toBeFocused();
      await keyboard.type(title);
      await keyboard.press('Tab');
      await keyboard.type(`Text of ${title}.`);
    }
    const titles = async () => (await report.all('achievements')).map((item) => item.title);
    await tabTo(page, report.items('achievements').last().getByRole('checkbox').nth(1));
    await keyboard.press('Space');
    await expect(report.items('achievements').last().getByRole('checkbox').nth(1)).toBeChecked();
    await tabTo(page, report.items('achievements').last().getByRole('radio', { checked: true }));
    await keyboard.press(language === 'en' ? 'ArrowRight' : 'ArrowLeft');
    const chosen = report.items('achievements').last().getByRole('radio', { checked: true });
    await expect(chosen).toHaveValue(language === 'en' ? 'fr' : 'en');

    await tabTo(page, report.button(report.items('achievements').last(), words.item.move_up), 'Shift+Tab');
    await keyboard.press('Enter');
    await expect.poll(titles).toEqual(['Second', 'First']);
    await expect(report.button(report.items('achievements').first(), words.item.move_up)).toBeFocused();
    await expect(page.locator('#announcements')).toHaveText(say(words.item.moved, { n: 1, total: 2 }));

    await tabTo(page, report.button(report.items('achievements').first(), words.item.delete));
    await keyboard.press('Enter');
    await expect.poll(titles).toEqual(['First']);
    const undo = page.getByRole('button', { name: say(words.item.restore, { title: 'Second' }) });
    await expect(undo).toBeFocused();
    await keyboard.press('Enter');
    await expect.poll(titles).toEqual(['Second', 'First']);
    await expect(report.title(report.items('achievements').first())).toBeFocused();

    await tabTo(page, report.submit);
    await keyboard.press('Enter');
    await expect(page.locator('.receipt')).toBeVisible();
    await report.sent();
    await expect(report.submit).toBeFocused();
    await tabTo(page, page.getByRole('button', { name: words.submit.withdraw, exact: true }));
    await keyboard.press('Enter');
    await expect(page.getByRole('button', { name: words.submit.cancel, exact: true })).toBeFocused();
    await tabTo(page, page.getByRole('button', { name: words.submit.withdraw_confirm, exact: true }));
    await keyboard.press('Space');
    await expect(page.getByText(words.submit.not_yet)).toBeVisible();
    await expect(report.submit).toBeFocused();
  });

  test('an incomplete report leads to what is missing', async ({ page }) => {
    await page.goto(paths[language].signIn);
    await page.getByLabel(words.sign_in.email).fill('federal@demo.example');
    await page.getByLabel(words.sign_in.passphrase).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    const report = new Report(page, language);
    await tabTo(page, report.submit);
    await page.keyboard.press('Enter');
    const summary = page.locator('#missing');
    await expect(summary).toBeFocused();
    for (const text of [words.submit.missing_name, words.submit.missing_way, words.submit.missing_items]) {
      await expect(summary.getByRole('link', { name: text })).toBeVisible();
    }
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(report.name).toBeFocused();
    await expect(page.locator('.receipt')).toHaveCount(0);
  });
});
