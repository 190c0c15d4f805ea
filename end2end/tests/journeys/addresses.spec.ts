// Every screen has its address: links change it, Back and a reload lead where it says.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { pageOf } from '../../fixtures/people.ts';
import { paths } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  test('links, Back, Forward and reload agree with the address', async ({ context, page }) => {
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    const menu = mine.getByRole('navigation', { name: words.nav.label });
    await menu.getByRole('link', { name: words.nav.board }).click();
    await expect(mine).toHaveURL(new RegExp(`${paths[language].board}$`));
    await expect(mine.getByRole('heading', { level: 1 })).toHaveText(words.titles.board);
    await expect(mine.locator('#page-title')).toBeFocused();
    await expect(mine).toHaveTitle(new RegExp(words.titles.board));
    await mine.goBack();
    await expect(mine).toHaveURL(new RegExp(`${paths[language].report}$`));
    await expect(mine.locator('#contact-name')).toBeVisible();
    await mine.goForward();
    await expect(mine.locator('.card').first()).toBeVisible();
    await mine.reload();
    await expect(mine.getByRole('heading', { level: 1 })).toHaveText(words.titles.board);
  });

  test('the bare address leads to the language last used', async ({ context, page }) => {
    await page.close();
    const mine = await context.newPage();
    await mine.goto(paths[language].home);
    await expect(mine.locator('#page-title')).toBeVisible();
    await mine.goto('/');
    await expect(mine).toHaveURL(new RegExp(`${paths[language].home}$`));
    await expect(mine.locator('html')).toHaveAttribute('lang', language);
  });
});
