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

  test('an address of nothing says so, in the person’s language, and leads on', async ({ browser, page, server, problems }) => {
    problems.allow(/status of 404/);
    const stranger = await browser.newContext({ baseURL: server.url, locale: `${language}-CA` });
    const lost = await stranger.newPage();
    for (const path of [paths[language].missing, '/xx', '/report.']) {
      const answer = await page.request.get(`${server.url}${path}`, { headers: { accept: 'text/html' } });
      expect(answer.status(), path).toBe(404);
    }
    for (const path of [paths[language].missing, '/xx']) {
      await lost.goto(path);
      await expect(lost.getByRole('heading', { level: 1 })).toHaveText(words.titles.not_found);
      await lost.getByRole('link', { name: words.not_found.home }).click();
      await expect(lost).toHaveURL(new RegExp(`${paths[language].home}$`));
    }
    await stranger.close();
  });

  test('an address of an item, a member, a theme or an edition that is not here says so', async ({ context, page }) => {
    await page.close();
    const mine = await pageOf(context, language, 'council');
    const strayed = mine.locator('#strayed');
    await expect(mine.locator('.card').first()).toBeVisible();
    await expect(strayed).toHaveCount(0);
    const nobody = '0190c450-6c03-7303-8303-030303030303';
    const cases = [
      [`item=${nobody}`, words.board.no_such_item],
      ['item=nothing', words.board.no_such_item],
      [`member=${nobody}`, words.board.no_such_member],
      ['theme=dragons', words.board.no_such_theme],
      [`edition=${nobody}`, words.board.no_such_edition],
    ] as const;
    for (const [query, said] of cases) {
      await mine.goto(`${paths[language].board}?${query}`);
      await expect(strayed, query).toHaveText(said);
    }
    await mine.goto(paths[language].board);
    await mine.locator('.card__open').first().click();
    await expect(mine).toHaveURL(/item=/);
    await expect(strayed).toHaveCount(0);
    await mine.goto(paths[language].history);
    await expect(mine.getByText(words.history.no_field)).toBeVisible();
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
