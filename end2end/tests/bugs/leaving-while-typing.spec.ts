// What is typed in the moment before another screen is opened is saved, and goes out by itself.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { signIn } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { draftOf } from '../../fixtures/wire.ts';

inBothLanguages((language, words) => {
  test('typing, and at once to the board: the words go out', async ({ page }) => {
    await signIn(page, language, 'federal');
    const report = new Report(page, language);
    await report.name.fill('Typed on the way out');
    await page.getByRole('link', { name: words.nav.board, exact: true }).click();
    await expect(page.locator('.groups')).toBeVisible();
    await expect.poll(async () => (await draftOf(page)).contact.name.value).toBe('Typed on the way out');
  });
});
