// Searching every edition: the council's server answers; without it the device still searches the board that is shown.
import { expectAccessible } from '../../fixtures/axe.ts';
import { signIn, untilOffline } from '../../fixtures/people.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { saying } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  const { board } = words;

  test('every edition is searched by the server, with what was looked for marked; a hit leads to its card and Back returns', async ({ page }) => {
    await signIn(page, language, 'council');
    const editions = await page.getByLabel(board.edition).locator('option').allTextContents();
    const search = page.getByLabel(board.search);
    const list = page.locator('.found');
    await expect(list).toHaveCount(0);
    await search.fill('numerique');
    await list.locator('summary').click();
    const entries = list.locator('.found__list > li');
    await expect(entries.first()).toBeVisible();
    await expect(list.getByRole('status')).toHaveText(new RegExp(`${saying(board.found).source}|${saying(board.found_at_least).source}`));
    // Accents and endings make no difference, and each hit shows where.
    for (const entry of await entries.all()) await expect(entry.locator('mark').first()).toHaveText(/^num[ée]rique/i);
    const over = await entries.locator('.card__when').allTextContents();
    const named = editions.filter((name) => over.some((text) => text.includes(name)));
    expect(named.length, `editions in ${over.join(' | ')}`).toBeGreaterThan(1);
    await expect(entries.locator('.found__title').first()).toHaveAttribute('lang', /^(en|fr)$/);
    await expectAccessible(page, 'board, every edition searched');

    const elsewhere = entries.filter({ hasText: editions[1] ?? '' }).first().locator('.found__title');
    const title = await elsewhere.textContent();
    await elsewhere.focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('.card--open .card__open')).toHaveText(title ?? '');
    await expect(page.getByLabel(board.edition).locator('option:checked')).toHaveText(editions[1] ?? '');
    await expect(page.locator('.card--open .card__open')).toBeInViewport();
    await page.goBack();
    await expect(search).toHaveValue('numerique');
    await expect(page.locator('.card mark').first()).toHaveText(/^num[ée]rique/i);

    // What is typed anew is asked anew while the list is open.
    if (!(await list.evaluate((element: HTMLDetailsElement) => element.open))) await list.locator('summary').click();
    await search.fill('zzzz');
    await expect(list.getByRole('status')).toHaveText(saying(board.found, { total: 0 }));
    await expect(entries).toHaveCount(0);
  });

  test('what is pressed right after typing keeps the words: a view, a filter, a cell of the matrix', async ({ page }) => {
    await signIn(page, language, 'council');
    const search = page.getByRole('search').getByLabel(board.search);
    const address = /[?&]q=numerique/;
    // Within a moment, in which the address does not have the words yet.
    const typed = async (then: () => Promise<void>) => {
      await search.fill('');
      await expect(page).not.toHaveURL(/[?&]q=/);
      await search.pressSequentially('numerique');
      await then();
      await expect(page).toHaveURL(address);
      await expect(search).toHaveValue('numerique');
    };
    await typed(() => page.getByRole('checkbox', { name: words.section.priorities }).check());
    await typed(() => page.getByRole('link', { name: board.view_matrix, exact: true }).click());
    const cell = page.locator('.matrix td a').first();
    await typed(async () => {
      // The matrix of these words.
      await expect(page.locator('.matrix tbody tr')).not.toHaveCount(0);
      await cell.click();
    });
    const count = Number((await page.locator('.chosen__count').textContent())?.match(/\d+/)?.[0]);
    await expect(page.locator('.card:visible')).toHaveCount(count);
    await expect(page.locator('.card:not(:has(mark))')).toHaveCount(0);
  });

  test('without a network it is said that the server does not answer, and the board is searched on the device', async ({ page, context, problems }) => {
    problems.allowNetwork();
    await signIn(page, language, 'council');
    await untilOffline(page);
    await expect(page.locator('.connection')).toHaveAttribute('data-connection', 'live');
    await context.setOffline(true);
    const search = page.getByLabel(board.search);
    await search.fill('numerique');
    await expect(page.locator('.card mark').first()).toHaveText(/^num[ée]rique/i);
    // Themes out of sight follow in their turn.
    await expect(page.locator('.card:not(:has(mark))')).toHaveCount(0);
    const cards = await page.locator('.card').count();
    const list = page.locator('.found');
    await list.locator('summary').click();
    await expect(list.getByRole('alert')).toHaveText(board.every_edition_offline);
    await search.fill('numeriques');
    await expect(list.getByRole('alert')).toHaveText(board.every_edition_offline);
    await expect(page.locator('.card mark').first()).toBeVisible();
    await search.fill('numerique');
    await expect(page.locator('.card')).toHaveCount(cards);
    // The server is asked after a pause in typing: it must have been asked in vain before the network is back.
    await expect(list.getByRole('alert')).toHaveText(board.every_edition_offline);
    await expectAccessible(page, 'board, every edition cannot be searched');
    // The way out of it is the button that the text stands by.
    await context.setOffline(false);
    await expect(page.locator('.connection')).toHaveAttribute('data-connection', 'live', { timeout: 30_000 });
    await list.getByRole('button', { name: words.part.retry }).click();
    await expect(list.locator('.found__list mark').first()).toHaveText(/^num[ée]rique/i);
  });
});
