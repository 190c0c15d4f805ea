// What the council has, and what each text has said: from the server's own bytes.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { expectAccessible } from '../../fixtures/axe.ts';
import { signIn } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  test('an earlier text is found, compared and used again', async ({ page }) => {
    await signIn(page, language, 'federal');
    const report = new Report(page, language);
    const item = await report.submitOne({ title: 'Un portail', text: 'The portal opens in May.' }, 'priorities');
    await report.text(item).fill('The portal opens in June.');
    await report.sent();

    await page.getByRole('link', { name: words.council_copy.open }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.titles.council_copy);
    await expect(page.getByText(words.council_copy.holds)).toBeVisible();
    const side = page.locator('.differences__entry');
    await expect(side).toHaveCount(1);
    await expect(side.locator('del')).toContainText('May');
    await expect(side.locator('ins')).toContainText('June');
    await expectAccessible(page, 'what the council has');

    await page.goto(paths[language].report);
    await page.getByRole('link', { name: words.history.open, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.titles.history);
    const versions = page.locator('.versions__entry');
    await expect(versions.first().locator('ins')).toContainText('June');
    await expect(versions.first().locator('del')).toContainText('May');
    await expectAccessible(page, 'history of a text');
    await versions.nth(1).getByRole('button', { name: words.history.restore }).click();
    await page.getByRole('link', { name: words.history.back }).click();
    await expect(report.text(report.items('priorities').first())).toHaveValue('The portal opens in May.');
    await report.sent();
  });
});
