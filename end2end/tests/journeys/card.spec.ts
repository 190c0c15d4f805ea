// A card opened in place is the whole item: printed by itself, led to by its link on any device, with what it said
// before and what others said like it in other editions.
import { type Page } from '@playwright/test';
import { expectAccessible } from '../../fixtures/axe.ts';
import { fillSignIn, pageOf, signIn, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { other, saying } from '../../fixtures/words.ts';

/** The texts that would be on paper, and whose they are: the open card's, or what else. */
const onPaper = (page: Page): Promise<{ card: string; rest: string[] }> =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const [card, rest]: [string[], string[]] = [[], []];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent?.trim() ?? '';
      const box = element?.getBoundingClientRect();
      // What only a screen reader hears is a pixel wide.
      const seen = element?.checkVisibility({ visibilityProperty: true }) && box && box.width > 1 && box.height > 1;
      if (text && seen) (element?.closest('.card--open') ? card : rest).push(text);
    }
    return { card: card.join(' '), rest };
  });

inBothLanguages((language, words) => {
  const { board } = words;

  test('the print button prints the open card, whole, under its theme, and nothing that is pressed', async ({ page }) => {
    await page.addInitScript(() => {
      Object.assign(globalThis, { printed: 0 });
      window.print = () => void ((globalThis as unknown as { printed: number }).printed += 1);
    });
    await signIn(page, language, 'council');
    const card = page.locator('.card').nth(1);
    const title = ((await card.locator('.card__open').textContent()) ?? '').trim();
    const text = ((await card.locator('.card__text').textContent()) ?? '').trim();
    const theme = await card.locator('xpath=ancestor::section//h2').textContent();
    await card.locator('.card__open').click();
    await expect(card.locator('.detail__contact')).toBeVisible();
    await card.getByRole('button', { name: board.print, exact: true }).click();
    expect(await page.evaluate(() => (globalThis as unknown as { printed: number }).printed)).toBe(1);

    await page.emulateMedia({ media: 'print' });
    const paper = await onPaper(page);
    for (const said of [title, text, '@demo.example']) expect(paper.card).toContain(said);
    expect(paper.rest).toEqual([theme]);
    for (const pressed of await page.locator('button:not(.card__open), input, select, summary, nav').all()) await expect(pressed).toBeHidden();
    // Nothing of the card is cut off as it is on the closed card.
    const cut = await card.locator('.card__text').evaluate((element) => element.scrollHeight - element.clientHeight);
    expect(cut).toBeLessThanOrEqual(1);
  });

  test('a link that was copied leads to the same open card on another device, in the language of the link, signed in or not', async ({ page, context, device, problems }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await signIn(page, language, 'council');
    // One that stands further down than the first screen.
    const last = page.locator('.group').last();
    const id = await last.locator('.card').last().getAttribute('data-card');
    // By its id: more cards come as one nears the end.
    const card = last.locator(`[data-card="${id}"]`);
    await card.locator('.card__open').click();
    await card.getByRole('button', { name: board.copy_link }).click();
    await expect(card.getByText(board.copied)).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const text = await card.locator('.card__text').textContent();

    const elsewhere = await pageOf(await device({ viewport: { width: 360, height: 740 } }), other(language), 'observer');
    await elsewhere.goto(link);
    const open = elsewhere.locator('.card--open');
    await expect(open).toHaveCount(1);
    await expect(open).toHaveAttribute('data-card', id ?? '');
    await expect(open.locator('.card__open')).toBeInViewport();
    await expect(open.locator('.card__text')).toHaveText(text ?? '');
    await expect(elsewhere.locator('html')).toHaveAttribute('lang', language);
    await expectAccessible(elsewhere, 'board, a card open on a phone');

    // Whoever has to sign in first comes to the card then, and in the language that was chosen meanwhile.
    problems.allow(/status of 401/);
    const signedOut = await (await device()).newPage();
    await signedOut.goto(link);
    await signedOut.getByRole('main').getByRole('link', { name: words.nav.sign_in }).click();
    await signedOut.getByRole('link', { name: words.nav.language }).click();
    await fillSignIn(signedOut, other(language), 'federal');
    await expect(signedOut.locator('.card--open')).toHaveAttribute('data-card', id ?? '');
    await expect(signedOut.locator('html')).toHaveAttribute('lang', other(language));
  });

  test('an amended card shows what it said before, and when', async ({ page, device }) => {
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const room = await pageOf(await device(), language, 'council');
    await expect(room.locator('.connection')).toHaveAttribute('data-connection', 'live');
    const item = await report.submitOne({ title: 'First wording', text: 'It opens in May.' });
    const card = room.locator('.card', { hasText: /(First|Second|Third) wording/ });
    await expect(card).toHaveCount(1);
    await card.locator('.card__open').click();
    await expect(card.getByText(board.history)).toHaveCount(0);

    const amend = async (title: string, text: string) => {
      await report.title(item).fill(title);
      await report.text(item).fill(text);
      await report.sent();
      await report.submitAgain();
      await expect(card.locator('.card__open')).toHaveText(title);
      await expect(card.locator('.card__text').first()).toHaveText(text);
    };
    await amend('Second wording', 'It opens in June.');
    const versions = card.locator('.versions > li');
    await card.getByText(board.history).click();
    await expect(versions).toHaveCount(1);
    await expect(versions.locator('.card__title')).toHaveText('First wording');
    await expect(versions.locator('.card__text')).toHaveText('It opens in May.');
    await expect(versions.locator('.card__when')).toHaveText(saying(board.version_at));
    // What it says now stands over it, beside when.
    await expect(card.locator('article > .card__when')).toHaveText(saying(board.amended_at));
    await expectAccessible(room, 'board, a card with its earlier versions');

    // Amended once more while somebody looks: the list follows, the newest of what it said before stands first.
    await amend('Third wording', 'It opens in July.');
    await expect(versions.locator('.card__text')).toHaveText(['It opens in June.', 'It opens in May.']);
    const whens = await versions.locator('.card__when').allTextContents();
    expect(whens).toHaveLength(2);
  });

  test('what an amended card said before is on the device without anybody having opened it: it is read with no network', async ({ page, device, problems }) => {
    problems.allowNetwork();
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const context = await device();
    const room = await pageOf(context, language, 'council');
    await untilOffline(room);
    await expect(room.locator('.connection')).toHaveAttribute('data-connection', 'live');
    const item = await report.submitOne({ title: 'First wording', text: 'It opens in May.' });
    const card = room.locator('.card', { hasText: /(First|Second) wording/ });
    await expect(card).toHaveCount(1);
    // The devices of a room do not all ask at once.
    const brought = room.waitForResponse(/\/amendments$/);
    await report.title(item).fill('Second wording');
    await report.sent();
    await report.submitAgain();
    await expect(card.locator('.card__open')).toHaveText('Second wording');
    await (await brought).finished();
    await context.setOffline(true);
    for (const fresh of [false, true]) {
      if (fresh) {
        await room.reload();
        await expect(room.locator('.connection')).toHaveAttribute('data-connection', 'offline');
      }
      await card.locator('.card__open').click();
      await card.getByText(board.history).click();
      await expect(card.locator('.versions .card__title')).toHaveText(['First wording']);
      await expectAccessible(room, 'board, earlier versions with no network');
      await room.keyboard.press('Escape');
      await expect(room.locator('.card--open')).toHaveCount(0);
    }
  });

  test('similar items of earlier editions, and the same member’s others, are reached by keyboard, and Back returns to the card', async ({ page }) => {
    await signIn(page, language, 'council');
    const editions = page.getByLabel(board.edition).locator('option');
    const names = await editions.allTextContents();
    expect(names).toHaveLength(3);
    const { keyboard } = page;
    const title = page.locator('.card').nth(1).locator('.card__open');
    await title.focus();
    await keyboard.press('Enter');
    const open = page.locator('.card--open');
    const id = await open.getAttribute('data-card');
    const lists = open.locator('.detail__links');
    const earlier = lists.last().locator('li', { hasText: new RegExp(names.slice(1).join('|')) });
    await expect(open.getByRole('heading', { name: board.similar })).toBeVisible();
    await expect(earlier.first()).toBeVisible();

    for (const entry of [lists.first().locator('li').last(), earlier.first()]) {
      const link = entry.getByRole('link');
      const said = await link.textContent();
      await link.focus();
      await keyboard.press('Enter');
      await expect(page.locator('.card--open .card__open')).toHaveText(said ?? '');
      await expect(open).not.toHaveAttribute('data-card', id ?? '');
      await expect(page.locator('.card--open .card__open')).toBeInViewport();
      await expect(page.locator('.card--open .card__open')).toBeFocused();
      await page.goBack();
      await expect(open).toHaveAttribute('data-card', id ?? '');
      await expect(page.locator('.card--open .card__open')).toBeInViewport();
      await expect(earlier.first()).toBeVisible();
      await expect(editions.first()).toHaveJSProperty('selected', true);
    }
  });
});
