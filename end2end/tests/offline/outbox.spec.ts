// The outbox page: what waits, in words, with no network; retried when asked.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { expectAccessible } from '../../fixtures/axe.ts';
import { pageOf, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths, say } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  test('what waits is said in words, and is gone when it was sent', async ({ page, context, problems }) => {
    problems.allowNetwork();
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    await untilOffline(mine);
    const report = new Report(mine, language);
    await context.setOffline(true);
    await report.name.fill('Camille Exemple');
    await report.add('priorities', { title: 'Portail', text: 'Un texte.' });
    await report.says('offline');
    await mine.getByRole('link', { name: words.outbox.open }).click();
    await expect(mine.getByRole('heading', { level: 1 })).toHaveText(words.titles.outbox);
    await expect(mine.locator('#page-title')).toBeFocused();
    const waiting = mine.locator('.waiting__what');
    await expect(waiting).toContainText([
      words.outbox.contact_name,
      say(words.outbox.add, { section: words.section.priorities }),
      say(words.outbox.field_of, { field: words.item.title, title: 'Portail' }),
      say(words.outbox.field_of, { field: words.item.text, title: 'Portail' }),
    ]);
    await expect(mine.locator('.waiting__entry .hint').first()).toContainText(new RegExp(`${words.outbox.waiting}|${words.outbox.sent}`));
    await expectAccessible(mine, 'outbox');
    await mine.reload();
    await expect(waiting).toHaveCount(4);
    await context.setOffline(false);
    await expect(mine.getByText(words.outbox.empty)).toBeVisible();
    await expect(waiting).toHaveCount(0);
    expect(new URL(mine.url()).pathname).toBe(paths[language].outbox);
  });

  test('an hour without an answer is said on every page', async ({ page, context, problems }) => {
    problems.allowNetwork();
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    await untilOffline(mine);
    const report = new Report(mine, language);
    await report.name.fill('Sent');
    await report.sent();
    await context.setOffline(true);
    await report.name.fill('Not sent');
    await report.says('offline');
    await mine.evaluate(() => {
      localStorage.setItem('roundtable.last_sync', JSON.stringify(Date.now() - 3_600_000));
    });
    const other = await context.newPage();
    await other.goto(paths[language].board);
    await expect(other.locator('.alerts')).toContainText(say(words.outbox.overdue, { ago: say(words.ago.hours, { n: 1 }), count: 1 }));
  });
});
