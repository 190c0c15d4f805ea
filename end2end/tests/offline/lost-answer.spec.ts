// (c) The server commits and its answer is lost: the same work goes out again and is there once.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { loseAnswers, queued } from '../../fixtures/network.ts';
import { pageOf } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { cardsOf, draftOf } from '../../fixtures/wire.ts';

inBothLanguages((language) => {
  test('lost answers leave one item and one card', async ({ context, device, problems }) => {
    problems.allowNetwork();
    const page = await pageOf(context, language, 'federal');
    const board = await pageOf(await device(), language, 'council');
    const lost = await loseAnswers(page, 3);
    const report = new Report(page, language);
    await report.fillContact();
    await report.add('achievements', { title: 'Once and only once', text: 'Not twice.' });
    await report.submit.click();
    await report.saved();

    await expect(page.locator('.receipt')).toBeVisible({ timeout: 20_000 });
    await report.sent();
    expect(lost()).toBe(3);
    expect(await queued(page)).toBe(0);
    await expect(report.items('achievements')).toHaveCount(1);
    await expect(report.conflict).toHaveCount(0);
    const draft = await draftOf(page);
    expect(draft.items.map((item) => [item.title.value, item.text.value])).toEqual([['Once and only once', 'Not twice.']]);
    expect(await cardsOf(page, 'Once and only once')).toHaveLength(1);
    await expect(board.locator('.card', { hasText: 'Once and only once' })).toHaveCount(1);
  });
});
