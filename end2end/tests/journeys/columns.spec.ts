// What the members share, in one glance: every theme with its first cards on the first screen of a laptop, and on a
// phone not far below it; what is not looked for steps aside.
import { type Page } from '@playwright/test';
import { pageOf, signIn } from '../../fixtures/people.ts';
import { Remote } from '../../fixtures/room.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { paths } from '../../fixtures/words.ts';

/** Where the first card of each theme begins. */
const tops = (page: Page): Promise<number[]> =>
  page.locator('.group:visible').evaluateAll((groups) => groups.map((group) => (group.querySelector('.card')?.getBoundingClientRect().top ?? Infinity) + scrollY));

/** The cards that can be seen and lie under the open one; and whether some gave way to it. */
const out = (page: Page): Promise<{ under: number; behind: boolean }> =>
  page.evaluate(() => {
    const open = document.querySelector('.card--open')?.getBoundingClientRect() ?? new DOMRect();
    const shown = [...document.querySelectorAll('.card:not(.card--open)')].filter((card) => card.checkVisibility({ visibilityProperty: true }));
    const under = shown.map((card) => card.getBoundingClientRect()).filter((box) => box.left < open.right && open.left < box.right && box.top < open.bottom && open.top < box.bottom);
    return { under: under.length, behind: document.querySelector('.card--behind') !== null };
  });

inBothLanguages((language, words) => {
  const { board } = words;

  test('each theme has a column beside the others on a laptop, under its count, which stays in sight', async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await signIn(page, language, 'council');
    await expect.poll(async () => Math.max(...(await tops(page)))).toBeLessThan(720);
    const count = await page.locator('.group').count();
    expect(count).toBe(5);
    const themes = page.getByRole('navigation', { name: board.themes }).getByRole('link');
    const lefts = (selector: string) => page.locator(selector).evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().left)));
    expect(await lefts('.themes li')).toEqual(await lefts('.group'));
    await page.mouse.wheel(0, 1500);
    await expect(themes.first()).toBeInViewport({ ratio: 1 });
    // Whoever goes by keyboard sees where they are, below the counts.
    for (const open of [page.locator('.group').first().locator('.card__open').nth(3), page.locator('.group').last().locator('.card__open').nth(1)]) {
      await open.focus();
      const [box, bar] = [await open.boundingBox(), await page.locator('.themes').boundingBox()];
      expect(box?.y).toBeGreaterThanOrEqual((bar?.y ?? 0) + (bar?.height ?? Infinity) - 1);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    expect((await tops(page))[0]).toBeLessThan(1_100);
  });

  test('an open card has the room that reading needs, on the screen, and Escape closes it where it was opened', async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await signIn(page, language, 'council');
    for (const group of [page.locator('.group').first(), page.locator('.group').nth(2), page.locator('.group').last()]) {
      const title = group.locator('.card__open').first();
      const card = group.locator('.card').first();
      await title.hover();
      const closed = await card.boundingBox();
      await title.click();
      await expect(card.locator('.detail')).toBeVisible();
      const open = await card.boundingBox();
      expect(open?.width).toBeGreaterThan(440);
      expect(open?.x).toBeGreaterThanOrEqual(0);
      expect((open?.x ?? 0) + (open?.width ?? 0)).toBeLessThanOrEqual(1280);
      expect(open?.y).toBe(closed?.y);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280);
      // No card sticks out from under it, and whoever goes by keyboard meets none there.
      await expect.poll(() => out(page)).toEqual({ under: 0, behind: true });
      await card.getByRole('button', { name: board.copy_link }).focus();
      await page.keyboard.press('Escape');
      await expect(page.locator('.card--open')).toHaveCount(0);
      await expect(title).toBeFocused();
      await expect(page).not.toHaveURL(/item=/);
      await expect(page.locator('.card--behind')).toHaveCount(0);
    }
  });

  test('Escape in an open card closes it and does not lead back to the presenter; the next one does', async ({ page, device }) => {
    await page.close();
    const remote = await Remote.on(await device(), 'en', 'council');
    await remote.take();
    await remote.view('charts').click();
    const here = await pageOf(await device(), language, 'observer');
    await here.locator('.follow button').click();
    await expect(here.locator('.bars').first()).toBeVisible();
    await here.getByRole('link', { name: board.view_columns, exact: true }).click();
    await here.locator('.card__open').first().click();
    await expect(here.locator('.card--open')).toHaveCount(1);
    await here.keyboard.press('Escape');
    await expect(here.locator('.card--open')).toHaveCount(0);
    await expect(here.locator('.cards').first()).toBeVisible();
    await here.keyboard.press('Escape');
    await expect(here.locator('.bars').first()).toBeVisible();
  });

  test('as one reads on, what stands above stays where it is', async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await signIn(page, language, 'council');
    // One with more than twice as many as are drawn at first.
    const group = page.locator('.group').nth(1);
    const drawn = await group.locator('.card').count();
    await group.locator('.card').first().evaluate((card) => {
      const [cards, fewest] = [card.parentElement as HTMLElement, { cards: Infinity }];
      new MutationObserver(() => (fewest.cards = Math.min(fewest.cards, cards.children.length))).observe(cards, { childList: true });
      Object.assign(globalThis, { fewest, above: card });
    });
    await group.locator('.more').scrollIntoViewIfNeeded();
    await expect.poll(() => group.locator('.card').count()).toBeGreaterThan(drawn);
    const [fewest, stays] = await page.evaluate(() => {
      const { fewest, above } = globalThis as unknown as { fewest: { cards: number }; above: Element };
      return [fewest.cards, above.isConnected];
    });
    expect(fewest).toBeGreaterThanOrEqual(drawn);
    expect(stays).toBe(true);
  });

  test('themes with nothing of what is looked for step aside, and come back', async ({ page }) => {
    await signIn(page, language, 'council');
    const groups = page.locator('.group:visible');
    await expect(groups).toHaveCount(5);
    const first = page.locator('.card__open').first();
    const title = ((await first.textContent()) ?? '').trim();
    const search = page.getByRole('search').getByLabel(board.search);
    await search.fill(title);
    await expect.poll(() => groups.count()).toBeLessThan(5);
    await expect(page.locator('.themes a:visible')).toHaveCount(await groups.count());
    await expect(groups.first().locator('.card')).toHaveCount(1);
    await search.fill('zzzz');
    await expect(groups).toHaveCount(0);
    await expect(page.getByText(board.none_match)).toBeVisible();
    await page.getByRole('button', { name: board.clear }).click();
    await expect(groups).toHaveCount(5);
    await expect(groups.last().locator('.card').first()).toBeVisible();
    await page.goto(`${paths[language].board}?theme=digital-identity`);
    await expect(groups).toHaveCount(1);
  });
});
