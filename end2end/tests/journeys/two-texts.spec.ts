// The screen for two texts of one field: base, mine and theirs with words marked, and one text made of them.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { expectAccessible } from '../../fixtures/axe.ts';
import { pageOf } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths } from '../../fixtures/words.ts';
import { draftOf } from '../../fixtures/wire.ts';

const BASE = 'One counter. Open on Mondays. Staffed by two.';
const MINE = 'One counter in town. Open on Tuesdays. Staffed by two.';
const THEIRS = 'One counter. Open on Fridays. Staffed by three.';
const BOTH = 'One counter in town. Open on Tuesdays Fridays. Staffed by three.';

inBothLanguages((language, words) => {
  test('compared word by word, one text made of two by keyboard, kept over a reload', async ({ context, page, device, problems }) => {
    problems.allowNetwork();
    problems.allow(/status of 409/);
    await page.close();
    const report = new Report(await pageOf(context, language, 'federal'), language);
    const item = await report.add('priorities', { title: 'Counters', text: BASE });
    await report.sent();
    const theirs = new Report(await pageOf(await device(), language, 'federal.2'), language);
    const their = theirs.items('priorities').first();
    await expect(theirs.text(their)).toHaveValue(BASE);
    await context.setOffline(true);
    await report.text(item).fill(MINE);
    await report.says('offline');
    await theirs.text(their).fill(THEIRS);
    await theirs.sent();
    await context.setOffline(false);
    await expect(report.conflict).toBeVisible();

    const screen = report.page;
    await screen.getByRole('link', { name: words.conflict.open }).click();
    await expect(screen.getByRole('heading', { level: 1 })).toHaveText(words.titles.conflict);
    const sides = screen.locator('.sides .side');
    await expect(screen.locator('.side--base')).toContainText(BASE);
    await expect(sides).toHaveCount(2);
    await expect(sides.nth(0).locator('ins').first()).toContainText('in town');
    await expect(sides.nth(0).locator('del')).toContainText('Mondays');
    await expect(sides.nth(1).locator('ins').first()).toContainText('Fridays');
    const made = screen.getByLabel(words.conflict.made);
    await expect(made).toHaveValue(BOTH);
    await expectAccessible(screen, 'two texts');

    await made.fill('One counter in town. Open on Tuesdays and Fridays. Staffed by three.');
    await screen.reload();
    await expect(made).toHaveValue(/Tuesdays and Fridays/);
    await made.focus();
    await screen.keyboard.press('Tab');
    await expect(screen.getByRole('button', { name: words.conflict.keep_made })).toBeFocused();
    await screen.keyboard.press('Enter');
    await expect(screen.getByText(words.conflict.none)).toBeVisible();
    await expect(screen.locator('#page-title')).toBeFocused();
    await expect(screen.locator('#announcements')).toHaveText(words.conflict.kept);
    await screen.getByRole('link', { name: words.history.back }).click();
    await report.sent();
    const settled = (await draftOf(screen)).items.find((one) => one.title.value === 'Counters');
    expect(settled?.text.value).toBe('One counter in town. Open on Tuesdays and Fridays. Staffed by three.');
    await expect(theirs.text(their)).toHaveValue(/Tuesdays and Fridays/);

    await report.page.goto(`${paths[language].history}?field=item/${settled?.id}/text`);
    await expect(screen.locator('.versions')).toContainText(/Staffed by two/);
    await expect(screen.locator('.versions__entry', { hasText: 'Fridays' }).first()).toBeVisible();
  });
});
