// (f) Two people on one browser: nobody sees what another has not sent, and it waits for its author.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { fillSignIn, pageOf, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { stored } from '../../fixtures/stored.ts';
import { paths } from '../../fixtures/words.ts';
import { draftOf } from '../../fixtures/wire.ts';

const SECRET = 'Confidentiel : not for other eyes';

inBothLanguages((language, words) => {
  test('unsent work is for its author only, and goes out when they are back', async ({ context, page, problems }) => {
    problems.allowNetwork();
    const mine = await pageOf(context, language, 'federal');
    await page.close();
    const report = new Report(mine, language);
    await untilOffline(mine);
    await context.setOffline(true);
    await report.fillContact(SECRET);
    await report.add('achievements', { title: SECRET, text: SECRET });
    await report.saved();

    await mine.getByRole('button', { name: words.nav.sign_out }).click();
    const dialog = mine.getByRole('alertdialog', { name: words.sign_out.question });
    await expect(dialog).toBeVisible();
    await expect(dialog.getByRole('button', { name: words.sign_out.cancel })).toBeFocused();
    await dialog.getByRole('button', { name: words.sign_out.confirm }).click();
    await mine.waitForURL(`**${paths[language].signIn}`);
    await expect(mine.locator('body')).not.toContainText(SECRET);
    await mine.goto(paths[language].report);
    await expect(mine.getByRole('main').getByRole('link', { name: words.nav.sign_in })).toBeVisible();
    expect(await mine.content()).not.toContain(SECRET);

    await context.setOffline(false);
    for (const key of ['federal.2', 'on']) {
      await mine.goto(paths[language].signIn);
      await fillSignIn(mine, language, key);
      await mine.waitForURL(`**${paths[language].report}`);
      await expect(report.name).toBeVisible();
      await expect(report.name).not.toHaveValue(SECRET);
      await mine.reload();
      await expect(report.name).toBeVisible();
      await expect(report.name).not.toHaveValue(SECRET);
      const values = await mine.locator('input, textarea').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
      expect([...values, await mine.content()].join('\n')).not.toContain(SECRET);
      const draft = await draftOf(mine);
      expect(JSON.stringify(draft)).not.toContain(SECRET);
      await mine.getByRole('button', { name: words.nav.sign_out }).click();
      await mine.waitForURL(`**${paths[language].signIn}`);
    }

    await fillSignIn(mine, language, 'federal');
    await expect(report.name).toHaveValue(SECRET);
    expect(await report.all('achievements')).toEqual([{ title: SECRET, text: SECRET }]);
    await report.sent();
    expect((await draftOf(mine)).contact.name.value).toBe(SECRET);
  });

  test('staying signed in keeps everything on the screen', async ({ context, page, problems }) => {
    problems.allowNetwork();
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    const report = new Report(mine, language);
    await context.setOffline(true);
    await report.fillContact('Stays');
    await report.saved();
    await mine.getByRole('button', { name: words.nav.sign_out }).click();
    await mine.getByRole('button', { name: words.sign_out.cancel }).click();
    await expect(mine.getByRole('alertdialog')).toHaveCount(0);
    await expect(mine.getByRole('button', { name: words.nav.sign_out })).toBeFocused();
    await expect(report.name).toHaveValue('Stays');
  });

  test('signing out leaves nothing of the council’s on the device', async ({ context, page }) => {
    await page.close();
    const mine = await pageOf(context, language, 'council');
    const other = await context.newPage();
    await other.goto(paths[language].board);
    const card = mine.locator('.card__open').first();
    const title = await card.innerText();
    await card.click();
    await expect(mine.locator('.detail__contact')).toBeVisible();
    await expect.poll(() => stored(mine)).toContain(title);
    const before = (await stored(mine)).length;
    await mine.getByRole('button', { name: words.nav.sign_out }).click();
    await mine.waitForURL(`**${paths[language].signIn}`);
    await expect(other.getByRole('main').getByRole('link', { name: words.nav.sign_in })).toBeVisible();
    await expect.poll(async () => (await stored(mine)).length).toBeLessThan(1_000);
    const left = await stored(mine);
    expect(left.length).toBeLessThan(before);
    for (const word of [title, 'demo.example', 'Ontario']) expect(left).not.toContain(word);

    await fillSignIn(mine, language, 'council');
    await mine.waitForURL(`**${paths[language].board}`);
    await expect(mine.locator('.card__open').first()).toHaveText(title);
  });

  for (const key of ['observer', 'secretariat', 'council']) {
    test(`${key} reads the board and gets no form`, async ({ context }) => {
      const page = await pageOf(context, language, key);
      await expect(page.getByRole('link', { name: words.nav.report })).toHaveCount(0);
      await page.goto(paths[language].report);
      await expect(page.getByText(words.report.not_drafting)).toBeVisible();
      await expect(page.locator('#contact-name, textarea, #submit')).toHaveCount(0);
    });
  }
});
