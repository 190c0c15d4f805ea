// Submitting: what is not right is said at its field, and with no network one submission waits, until it is taken back.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { expectAccessible } from '../../fixtures/axe.ts';
import { pageOf, signIn, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths } from '../../fixtures/words.ts';
import { draftOf } from '../../fixtures/wire.ts';

const ODD = 'josee arobase exemple';

inBothLanguages((language, words) => {
  test('an address that is none is said at its field, stays, and is not submitted', async ({ page }) => {
    await signIn(page, language, 'federal');
    const report = new Report(page, language);
    const email = page.locator('#contact-email');
    const error = page.locator('#contact-email-error');
    await report.fillContact();
    await report.add('achievements', { title: 'Un portail', text: 'Le portail ouvre en mai.' });
    await email.focus();
    await email.fill(ODD);
    await expect(error, 'not while it is being typed').toHaveCount(0);
    await report.phone.focus();
    await expect(error).toHaveText(words.contact.not_an_email);
    await expect(email).toHaveAttribute('aria-describedby', 'contact-email-error');
    await expectAccessible(page, 'an odd address');
    await report.sent();
    expect((await draftOf(page)).contact.email.value, 'a draft may have it').toBe(ODD);
    await report.submit.click();
    await page.locator('#missing').getByRole('link', { name: words.submit.missing_email }).click();
    await expect(email).toBeFocused();
    await expect(email).toHaveValue(ODD);
    await email.fill('josee@exemple.ca');
    await report.saved();
    await report.submit.click();
    await expect(page.locator('.receipt')).toBeVisible();
  });

  test('with no network one submission waits, and can be taken back', async ({ context, page, problems }) => {
    problems.allowNetwork();
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    const report = new Report(mine, language);
    await report.fillContact();
    const item = await report.add('achievements', { title: 'Un portail', text: 'Un.' });
    await report.sent();
    await untilOffline(mine);
    await context.setOffline(true);
    await report.text(item).fill('Un, deux.');
    await report.says('offline');
    await report.submit.click();
    const waiting = mine.locator('#submitting');
    await expect(waiting).toContainText(words.submit.queued);
    await expect(mine.getByText(words.submit.not_yet)).toHaveCount(0);
    await expect(report.submit).toHaveAttribute('aria-disabled', 'true');
    await report.text(item).fill('Un, deux, trois.');
    await report.saved();
    await expect(report.submit).not.toHaveAttribute('aria-disabled', 'true');
    await report.submit.click();
    await expect(report.submit).toHaveAttribute('aria-disabled', 'true');
    await mine.getByRole('link', { name: words.outbox.open }).click();
    await expect(mine.getByText(words.outbox.submit, { exact: true })).toHaveCount(1);
    await mine.goto(paths[language].report);
    await waiting.getByRole('button', { name: words.submit.take_back }).click();
    await expect(waiting).toHaveCount(0);
    await expect(report.submit).toBeFocused();
    await expect(mine.getByText(words.submit.not_yet)).toBeVisible();
    await context.setOffline(false);
    await report.sent();
    await report.stands('draft');
    expect((await draftOf(mine)).submission, 'the council has got none').toBeNull();

    await context.setOffline(true);
    await report.text(item).fill('Un, deux, trois, quatre.');
    await report.says('offline');
    await report.submit.click();
    await expect(waiting).toBeVisible();
    await context.setOffline(false);
    await expect(mine.locator('.receipt')).toBeVisible();
    await report.stands('submitted');
    await expect(waiting).toHaveCount(0);
  });
});
