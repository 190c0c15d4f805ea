// The board while people look at it: nothing jumps, changes are made in place, and little is said.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { pageOf } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { say, saying } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  test('amended and withdrawn items change in place', async ({ page, device }) => {
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const board = await pageOf(await device(), language, 'council');
    await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'live');
    await report.fillContact();
    await report.sent();
    await report.stands('draft');
    const item = await report.submitOne({ title: 'First wording', text: 'Text.' });
    await report.stands('submitted');
    const card = board.locator('.card', { hasText: 'First wording' });
    await expect(card).toHaveCount(1);
    const marked = await card.elementHandle();

    await report.title(item).fill('Second wording');
    await report.sent();
    await report.stands('changed');
    await expect(report.page.getByText(words.submit.changed)).toBeVisible();
    await expect(card).toHaveCount(1);
    await report.submitAgain();
    await report.stands('submitted');
    const amended = board.locator('.card', { hasText: 'Second wording' });
    await expect(amended).toHaveCount(1);
    await expect(card).toHaveCount(0);
    expect(await marked?.evaluate((element) => element.isConnected)).toBe(true);
    await expect(amended.locator('.card__when')).toHaveText(new RegExp(saying(words.board.amended_at).source.slice(0, -1)));
    await expect(report.page.getByText(words.submit.changed)).toHaveCount(0);

    await report.page.getByRole('button', { name: words.submit.withdraw, exact: true }).click();
    await report.page.getByRole('button', { name: words.submit.withdraw_confirm, exact: true }).click();
    await expect(amended).toHaveCount(0);
    await expect(report.page.getByText(words.submit.not_yet)).toBeVisible();
    await report.stands('draft');
    await expect(report.items('achievements')).toHaveCount(1);
    await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'live');
  });

  test('an arriving card moves nothing that has the focus, and is announced once', async ({ page, device }) => {
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const board = await pageOf(await device(), language, 'council');
    await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'live');
    const themes = board.getByRole('navigation', { name: words.board.themes }).getByRole('link');
    await themes.nth(3).click();
    const focused = board.locator('#theme-integrated-community-services');
    await expect(focused).toBeFocused();
    await expect(board.locator('#announcements')).toBeEmpty();
    const before = await focused.boundingBox();
    await board.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const live = document.querySelector('#announcements');
      if (live) new MutationObserver(() => said.push(live.textContent ?? '')).observe(live, { childList: true, subtree: true, characterData: true });
    });

    await report.fillContact();
    for (const n of [1, 2, 3]) {
      const item = await report.add('achievements', { title: `Arrival ${n}`, text: 'Text.' });
      await item.getByRole('checkbox').nth(0).check();
    }
    await report.submit.click();
    await expect(board.locator('.card', { hasText: /Arrival \d/ })).toHaveCount(3);
    await expect(board.locator('#announcements')).toHaveText(say(words.board.announce, { count: 3 }));
    // The browser's scroll anchoring rounds to its pixels.
    const after = await focused.boundingBox();
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(1);
    expect(after?.x).toBe(before?.x);
    await expect(focused).toBeFocused();
    expect(await board.evaluate(() => (window as unknown as { said: string[] }).said)).toHaveLength(1);
    expect(await board.locator('#announcements').evaluate((element) => element.closest('.groups'))).toBeNull();
  });
});
