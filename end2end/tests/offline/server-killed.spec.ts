// (e) The server is killed again and again while a person types: nothing is lost, nothing is doubled.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { queued } from '../../fixtures/network.ts';
import { pageOf } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { cardsOf, draftOf } from '../../fixtures/wire.ts';

const KILLS = 4;
const ITEMS = 6;

inBothLanguages((language) => {
  test('a server killed while operations flow', async ({ server, context, problems }) => {
    test.setTimeout(180_000);
    problems.allowNetwork();
    const page = await pageOf(context, language, 'federal');
    const report = new Report(page, language);
    await report.fillContact();
    const expected: { title: string; text: string }[] = [];
    let typing = true;
    const accident = async (): Promise<void> => {
      for (let n = 0; n < KILLS; n += 1) {
        await page.waitForResponse('**/api/operations', { timeout: 30_000 });
        await server.kill();
        await server.up();
      }
      typing = false;
    };
    const type = async (): Promise<void> => {
      for (let n = 0; n < ITEMS; n += 1) {
        const item = await report.add('priorities', { title: `Item ${n}`, text: '' });
        const text = report.text(item);
        await text.click();
        let words = 0;
        let typed = '';
        do {
          typed += `mot${words} `;
          await page.keyboard.type(`mot${words} `, { delay: 12 });
          words += 1;
        } while (words < 10 || (n === ITEMS - 1 && typing));
        expected.push({ title: `Item ${n}`, text: typed });
      }
    };
    await Promise.all([accident(), type()]);
    await report.submit.click();
    await expect(page.locator('.receipt')).toBeVisible({ timeout: 30_000 });
    await report.sent();
    expect(await queued(page)).toBe(0);

    expect(await report.all('priorities')).toEqual(expected);
    await expect(report.conflict).toHaveCount(0);
    const draft = await draftOf(page);
    expect(draft.items.map((item) => ({ title: item.title.value, text: item.text.value }))).toEqual(expected);
    for (const { title, text } of expected) {
      expect((await cardsOf(page, title)).map((card) => card.text)).toEqual([text]);
    }
    expect(draft.submission?.items).toBe(ITEMS);
  });
});
