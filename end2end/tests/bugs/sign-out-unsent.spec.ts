// Signing out warned of queued operations only: work that waits for something else was left without a word.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { conflictOn, MINE } from '../../fixtures/conflict.ts';
import { queued } from '../../fixtures/network.ts';
import { fillSignIn, pageOf } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';

inBothLanguages((language, words) => {
  const leaving = async (report: Report): Promise<void> => {
    await report.page.getByRole('button', { name: words.nav.sign_out }).click();
    const dialog = report.page.getByRole('alertdialog', { name: words.sign_out.question });
    await expect(dialog).toBeVisible();
    await dialog.getByRole('button', { name: words.sign_out.confirm }).click();
    await expect(report.page.getByLabel(words.sign_in.email)).toBeVisible();
  };

  test('a text in conflict is unsent work', async ({ device, problems }) => {
    problems.allowNetwork();
    problems.allow(/status of 409/);
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    await conflictOn(report, await device(), 'federal.2');
    await report.says('conflict');
    await leaving(report);
    await fillSignIn(report.page, language, 'federal');
    await expect(report.name).toHaveValue(MINE);
    await expect(report.conflict).toBeVisible();
  });

  test('a text that is too long to send is unsent work', async ({ device }) => {
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    await report.add('achievements', { title: 'Long', text: 'x'.repeat(20_001) });
    await report.says('held');
    await expect.poll(() => queued(report.page)).toBe(0);
    await leaving(report);
    await fillSignIn(report.page, language, 'federal');
    await expect(report.text(report.items('achievements').first())).toHaveValue('x'.repeat(20_001));
  });

  test('a word typed just before leaving is unsent work', async ({ device, problems }) => {
    problems.allowNetwork();
    const context = await device();
    const report = new Report(await pageOf(context, language, 'federal'), language);
    await report.name.fill('Before');
    await report.sent();
    await context.setOffline(true);
    // Both in one task of the page: no save can come between the last key and the click.
    await report.name.evaluate((field: HTMLInputElement, name) => {
      field.value = 'The very last word';
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      [...document.querySelectorAll('button')].find((button) => button.textContent === name)?.click();
    }, words.nav.sign_out);
    await expect(report.page.getByRole('alertdialog')).toBeVisible();
    await report.page.getByRole('button', { name: words.sign_out.confirm }).click();
    await context.setOffline(false);
    await fillSignIn(report.page, language, 'federal');
    await expect(report.name).toHaveValue('The very last word');
    await report.sent();
  });
});
