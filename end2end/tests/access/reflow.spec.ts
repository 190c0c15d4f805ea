// Small screens, and text twice as large: nothing of the board, a card and the remote control has to be scrolled
// sideways. The matrix scrolls in a region of its own, which the keyboard reaches.
import { type Page } from '@playwright/test';
import { expectAccessible } from '../../fixtures/axe.ts';
import { pageOf } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { Remote } from '../../fixtures/room.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { paths } from '../../fixtures/words.ts';

/** A phone of 320 px, or what is left of a laptop at 400 %; and a window in which all text is twice as large. */
const SIZES = [
  { width: 320, text: '100%' },
  { width: 640, text: '200%' },
] as const;

/** What stands out at the side, and is not in a region that scrolls by itself. */
const sideways = (page: Page, text: string): Promise<{ wide: number; out: string[] }> =>
  page.evaluate((text) => {
    const root = document.documentElement;
    root.style.fontSize = text;
    const out = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      return element.checkVisibility() && box.width > 1 && box.right > root.clientWidth + 1 && !element.closest('.matrix-scroll, .visually-hidden, svg');
    });
    const names = out.map((element) => `${element.tagName}.${element.className}`);
    return { wide: root.scrollWidth - root.clientWidth, out: [...new Set(names)] };
  }, text);

inBothLanguages((language, words) => {
  const { board } = words;

  for (const { width, text } of SIZES) {
    test(`board, card, search and remote control at ${width} px, text ${text}`, async ({ page, device }) => {
      await page.close();
      const context = await device({ viewport: { width, height: 720 } });
      const narrow = async (one: Page, screen: string) => {
        expect(await sideways(one, text), screen).toEqual({ wide: 0, out: [] });
        await expectAccessible(one, `${screen}, ${width} px, text ${text}`);
      };
      const report = new Report(await pageOf(await device(), language, 'federal'), language);
      const item = await report.submitOne({ title: 'Anticonstitutionnellement interjurisdictional', text: 'Text.' });
      await report.title(item).fill('Anticonstitutionnellement interjurisdictionally');
      await report.sent();
      await report.submitAgain();

      const remote = await Remote.on(context, language, 'council');
      await expect(remote.button('take')).toBeVisible();
      await narrow(remote.page, 'the remote control, nobody presents');
      await remote.take();
      await remote.page.locator('[data-minutes="10"]').click();
      await remote.button('next-speaker').click();
      await remote.page.locator('#message-fr').fill('Pause de dix minutes');
      await remote.button('put-up').click();
      for (const view of ['columns', 'matrix', 'member']) {
        await remote.view(view).click();
        await expect(remote.view(view)).toHaveAttribute('aria-pressed', 'true');
        await narrow(remote.page, `the remote control, ${view}`);
      }

      const room = await context.newPage();
      await room.goto(`${paths[language].board}?q=anticonst`);
      const card = room.locator('.card', { hasText: 'interjurisdictionally' });
      await card.locator('.card__open').click();
      await card.getByText(board.history).click();
      await expect(card.locator('.versions > li')).toHaveCount(1);
      await room.locator('.found summary').click();
      await expect(room.locator('.found__title').first()).toBeVisible();
      await room.locator('.filters__toggle').click();
      await expect(room.locator('.follow')).toBeVisible();
      await narrow(room, 'board, a card open, every edition searched');
      for (const view of ['columns', 'matrix', 'charts', 'trend', 'member']) {
        await room.goto(`${paths[language].board}?view=${view}`);
        await expect(room.locator('.groups .card, .matrix td a, .bars__row, .trend circle, .tour__item').first()).toBeVisible();
        await expect(room.locator('.follow')).toBeVisible();
        expect(await sideways(room, text), view).toEqual({ wide: 0, out: [] });
      }
      await room.goto(`${paths[language].board}?view=matrix`);
      const region = room.getByRole('region', { name: board.matrix_caption });
      await sideways(room, text);
      await region.focus();
      await room.keyboard.press('End');
      await room.keyboard.press('ArrowRight');
      await expect.poll(() => region.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
    });
  }
});
