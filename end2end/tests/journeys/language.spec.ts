// (g) The other language in mid-sentence: text, place, focus and caret stay; so does the board's filter.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { pageOf } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { other, paths, words as all } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  const otherWords = all[other(language)];

  test('switching in mid-word keeps text, place, focus and caret', async ({ context, page }) => {
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    const report = new Report(mine, language);
    for (const n of [1, 2, 3]) await report.add('achievements', { title: `Item ${n}`, text: 'Some text.\n'.repeat(8) });
    const item = await report.add('issues_and_needs', { title: 'Mid-sentence', text: '' });
    const area = mine.locator('section[aria-labelledby="issues_and_needs"] textarea');
    await report.text(item).click();
    await mine.keyboard.type('The end of the sentence.');
    for (let n = 0; n < 9; n += 1) await mine.keyboard.press('ArrowLeft');
    await mine.keyboard.type('un');
    const before = await mine.evaluate(() => ({ y: Math.round(scrollY), box: document.activeElement?.getBoundingClientRect().top }));
    const caret = await area.evaluate((element: HTMLTextAreaElement) => element.selectionStart);
    const link = await mine.getByRole('link', { name: words.nav.language }).boundingBox();
    if (link && link.y >= 0 && link.y < 900) {
      await mine.mouse.click(link.x + link.width / 2, link.y + link.height / 2);
    } else {
      // The bar has scrolled away: the click reaches the link without scrolling back, as from a sticky bar.
      await mine.getByRole('link', { name: words.nav.language }).evaluate((element: HTMLElement) => element.click());
    }
    await mine.waitForURL(`**${paths[other(language)].report}`);
    await expect(mine.getByRole('heading', { level: 1 })).toHaveText(otherWords.titles.report);
    await expect(area).toBeFocused();
    expect(await area.evaluate((element: HTMLTextAreaElement) => element.selectionStart)).toBe(caret);
    const after = await mine.evaluate(() => ({ y: Math.round(scrollY), box: document.activeElement?.getBoundingClientRect().top }));
    expect(Math.abs((after.box ?? 0) - (before.box ?? 0)), 'the field moved on the screen').toBeLessThan(100);
    await mine.keyboard.type('finished ');
    await expect(area).toHaveValue('The end of the unfinished sentence.');
    await expect(mine.locator('html')).toHaveAttribute('lang', other(language));
    await expect(new Report(mine, other(language)).adder('achievements')).toBeVisible();
    await new Report(mine, other(language)).sent();
  });

  test('the board keeps its filter', async ({ context, page }) => {
    await page.close();
    const board = await pageOf(context, language, 'council');
    await board.getByRole('checkbox', { name: words.section.priorities }).check();
    await expect(board).toHaveURL(/section=priorities/);
    const sections = board.locator('.card__section');
    const shown = await sections.count();
    expect(new Set(await sections.allTextContents())).toEqual(new Set([words.section.priorities]));
    await board.getByRole('link', { name: words.nav.language }).click();
    await expect(board).toHaveURL(new RegExp(`${paths[other(language)].board}\\?section=priorities$`));
    await expect(board.getByRole('checkbox', { name: otherWords.section.priorities })).toBeChecked();
    await expect(sections).toHaveCount(shown);
    expect(new Set(await sections.allTextContents())).toEqual(new Set([otherWords.section.priorities]));
    await board.reload();
    await expect(board.getByRole('checkbox', { name: otherWords.section.priorities })).toBeChecked();
    await expect(sections).toHaveCount(shown);
  });
});
