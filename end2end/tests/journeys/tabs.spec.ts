// Several tabs of one browser: one talks to the server, all show the same, and the lead passes on.
import type { BrowserContext } from '@playwright/test';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { pageOf, signIn } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths } from '../../fixtures/words.ts';

/** How many streams of the board the context's pages have open or opened. */
const countStreams = async (context: BrowserContext): Promise<() => number> => {
  let streams = 0;
  context.on('request', (request) => {
    if (/\/api\/board\/[^/]+\/stream/.test(request.url())) streams += 1;
  });
  return () => streams;
};

inBothLanguages((language) => {
  test('eight boards of one browser are live on one stream, and the lead passes on', async ({ page, device }) => {
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const watching = await device();
    const streams = await countStreams(watching);
    const first = await pageOf(watching, language, 'council');
    const boards = [first];
    for (let n = 1; n < 8; n += 1) {
      const board = await watching.newPage();
      await board.goto(paths[language].board);
      boards.push(board);
    }
    for (const board of boards) {
      await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'live');
    }
    expect(streams()).toBe(1);
    await report.submitOne({ title: 'Seen by eight', text: 'Text.' });
    for (const board of boards) {
      await expect(board.locator('.card', { hasText: 'Seen by eight' })).toHaveCount(1, { timeout: 5_000 });
    }
    await first.close();
    await report.add('priorities', { title: 'Seen by seven', text: 'Text.' });
    await report.sent();
    await report.submit.click();
    for (const board of boards.slice(1)) {
      await expect(board.locator('.card', { hasText: 'Seen by seven' })).toHaveCount(1, { timeout: 5_000 });
      await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'live');
    }
    expect(streams()).toBe(2);
  });

  test('what one tab writes, the leading tab sends, and both say so', async ({ page, context }) => {
    await signIn(page, language, 'federal');
    const leading = new Report(page, language);
    const tab = await context.newPage();
    await tab.goto(paths[language].report);
    const following = new Report(tab, language);
    await expect(following.name).toBeVisible();
    let pushes = 0;
    tab.on('request', (request) => {
      if (request.url().endsWith('/api/operations')) pushes += 1;
    });
    await following.name.fill('Typed in the second tab');
    await following.sent();
    await expect(leading.name).toHaveValue('Typed in the second tab');
    await leading.sent();
    expect(pushes).toBe(0);
    await page.close();
    await following.name.fill('Typed after the first was closed');
    await expect.poll(() => pushes).toBeGreaterThan(0);
    await following.sent();
  });
});
