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

// What a tab leaves that is closed after it has forgotten who was here, and before it has erased what they had read.
test('a sign-out that was broken off is finished at the next start', async ({ context, page }) => {
  await page.close();
  const mine = await pageOf(context, 'fr', 'council');
  const title = await mine.locator('.card__open').first().innerText();
  await expect.poll(() => stored(mine)).toContain(title);
  await mine.evaluate(() => localStorage.removeItem('roundtable.identity'));
  await mine.close();
  const later = await context.newPage();
  await later.goto(paths.fr.home);
  await expect.poll(async () => (await stored(later)).length).toBeLessThan(1_000);
  expect(await stored(later)).not.toContain(title);
});

test('somebody who signs in where another’s session ended finds nothing of theirs', async ({ context, page, problems }) => {
  problems.allow(/status of 401/);
  await page.close();
  const mine = await pageOf(context, 'fr', 'council');
  const before = await mine.evaluate(() => (JSON.parse(localStorage.getItem('roundtable.identity') ?? '{}') as { person: string }).person);
  await expect.poll(() => stored(mine)).toContain(before);
  const rows = () =>
    mine.evaluate(async (person) => {
      const found: IDBValidKey[] = [];
      for (const { name } of await indexedDB.databases()) {
        const db = await new Promise<IDBDatabase>((done) => {
          const asked = indexedDB.open(name ?? '');
          asked.onsuccess = () => done(asked.result);
        });
        for (const table of db.objectStoreNames) {
          const asked = db.transaction(table).objectStore(table).getAllKeys();
          found.push(...(await new Promise<IDBValidKey[]>((done) => (asked.onsuccess = () => done(asked.result)))));
        }
        db.close();
      }
      return found.filter((key) => String(key).startsWith(person)).length;
    }, before);
  expect(await rows()).toBeGreaterThan(0);
  await context.clearCookies();
  await mine.goto(paths.fr.signIn);
  await fillSignIn(mine, 'fr', 'observer');
  await mine.waitForURL(`**${paths.fr.board}`);
  await expect.poll(rows).toBe(0);
});
