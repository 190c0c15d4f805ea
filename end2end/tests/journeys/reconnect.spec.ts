// (b) What was drafted with no network reaches another person's open board, with no reload.
import type { Response } from '@playwright/test';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { submissionAcknowledged } from '../../fixtures/network.ts';
import { pageOf } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';

/** When the whole answer was in the browser, by the clock that both browsers share. */
const arrivalOf = async (response: Response): Promise<number> => {
  await response.finished();
  const timing = response.request().timing();
  return timing.startTime + timing.responseEnd;
};

const THEMES = ['digital-identity', 'online-services'];

inBothLanguages((language) => {
  test('items drafted offline appear under their themes on an open board', async ({ context, device, problems }) => {
    problems.allowNetwork();
    const page = await pageOf(context, language, 'federal');
    const board = await pageOf(await device(), language, 'council');
    await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'live');
    await board.evaluate(() => Object.assign(window, { notReloaded: true }));

    const report = new Report(page, language);
    await context.setOffline(true);
    await report.fillContact();
    const item = await report.add('priorities', { title: 'Guichet unique ✨', text: 'Drafted on a train.' });
    for (const chip of [0, 1]) await item.getByRole('checkbox').nth(chip).check();
    await report.submit.click();
    await report.says('offline');

    await board.evaluate(() => {
      const seen = (): boolean => [...document.querySelectorAll('.card__title')].some((card) => card.textContent?.includes('Guichet unique'));
      const observer = new MutationObserver(() => {
        if (!seen()) return;
        Object.assign(window, { cardAt: Date.now() });
        observer.disconnect();
      });
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    const acknowledged = submissionAcknowledged(page);
    await context.setOffline(false);
    const ackAt = await arrivalOf(await acknowledged);
    for (const theme of THEMES) {
      const group = board.locator(`section[aria-labelledby="theme-${theme}"]`);
      await expect(group.locator('.card', { hasText: 'Guichet unique ✨' })).toHaveCount(1);
    }
    const cardAt = await board.evaluate(() => (window as unknown as { cardAt: number }).cardAt);
    console.log(`ack → card: ${Math.round(cardAt - ackAt)} ms (${language})`);
    expect(cardAt - ackAt).toBeLessThan(1_000);
    expect(await board.evaluate(() => 'notReloaded' in window)).toBe(true);
    await expect(page.locator('.receipt')).toBeVisible();
    await report.sent();
  });
});
