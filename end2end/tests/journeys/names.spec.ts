// Names of members and themes are found where words are: in the search, with and without a network, and among the
// filters; the tour de table goes from report to report.
import { expectAccessible } from '../../fixtures/axe.ts';
import { pageOf, signIn, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { paths, say, saying } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  const { board } = words;

  test('a member or a theme is searched by its name in either language, and all that stands under it is one press away, offline too', async ({ page, context, problems }) => {
    problems.allowNetwork();
    await signIn(page, language, 'council');
    await untilOffline(page);
    await expect(page.locator('.connection__count')).toHaveText(saying(`${board.on_device}${board.on_device_as_of}${board.on_device_others}`, { others: 2 }));
    const search = page.getByRole('search').getByLabel(board.search);
    const members = page.locator('.card__member');
    const named = page.locator('.named a');
    for (const offline of [false, true]) {
      await context.setOffline(offline);
      for (const [typed, short] of [['nova sco', 'Nova Scotia'], ['nouvelle ecosse', 'Nouvelle-Écosse']] as const) {
        await search.fill(typed);
        await expect(page.locator('.chosen__count')).toHaveText(saying(board.matching));
        const shown = language === 'en' ? 'Nova Scotia' : 'Nouvelle-Écosse';
        await expect.poll(async () => [...new Set(await members.allTextContents())]).toEqual([shown]);
        await expect(named).toHaveText([shown]);
        // What was typed is marked where it stands, when it stands there in this language.
        await expect(page.locator('.card__member mark')).toHaveCount(short === shown ? 2 * (await members.count()) : 0);
      }
      // A word of the name, and one of the text.
      await search.fill('ecosse zzzz ');
      await expect(page.getByText(board.none_match)).toBeVisible();
      await expect(named).toHaveCount(0);
      await search.fill(language === 'en' ? 'digital identity' : 'identite numerique');
      await expect(named).toHaveCount(1);
      const name = (await named.textContent()) ?? '';
      await named.focus();
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(/theme=digital-identity/);
      await expect(search).toHaveValue('');
      await expect(page.locator('.group:visible h2')).toContainText([name]);
      await page.getByRole('button', { name: board.clear }).click();
      await expect(page.locator('.chosen')).toHaveCount(0);
    }
  });

  test('the members among the filters are looked up by name, and one that nobody has says so', async ({ page }) => {
    await signIn(page, language, 'council');
    await page.locator('.filters__toggle').click();
    await expect(page.locator('.filters__toggle')).toHaveAttribute('aria-expanded', 'true');
    const members = page.getByRole('group', { name: board.members, exact: true });
    const boxes = members.getByRole('checkbox');
    const all = await boxes.count();
    expect(all).toBeGreaterThan(20);
    const find = members.getByLabel(board.find_member);
    await find.pressSequentially('que');
    await expect.poll(() => boxes.count()).toBeLessThan(all);
    await expect(members.getByRole('checkbox', { name: 'Québec', exact: true })).toBeVisible();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect(page).toHaveURL(/member=/);
    await expect(page.locator('.mark-off')).toHaveCount(1);
    await expectAccessible(page, 'board, filters open');
    await find.fill('zzzz');
    await expect(members.getByText(board.no_member)).toBeVisible();
    await find.fill('');
    await expect(boxes).toHaveCount(all);
    await page.locator('.filters__toggle').click();
    await expect(members).toHaveCount(0);
    await expect(page.locator('.mark-off')).toHaveCount(1);
  });

  test('the tour de table goes from report to report; a member without one is in the list, and says so', async ({ page, device }) => {
    await page.close();
    const room = await pageOf(await device(), language, 'council');
    await room.goto(`${paths[language].board}?view=member`);
    await expect(room.locator('.tour__item').first()).toBeVisible();
    const member = room.locator('.tour__bar select');
    const without = member.locator('option', { hasText: saying(board.no_report) });
    // The federal member is the first at the table, and submits nothing in the demonstration.
    const canada = say(board.no_report, { member: 'Canada' });
    await expect(without.first()).toHaveText(canada);
    const count = (await room.locator('.tour__place').textContent()) ?? '';
    await member.selectOption({ label: canada });
    await expect(room.getByText(board.not_submitted)).toBeVisible();
    await room.getByRole('link', { name: board.next_member }).click();
    await expect(room.locator('.tour__item').first()).toBeVisible();
    await expect(room.locator('.tour__place')).toHaveText(count);

    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    await report.submitOne({ title: 'On the tour', text: 'Text.' });
    await expect(member.locator('option', { hasText: /^Canada$/ })).toHaveCount(1);
    await room.getByRole('link', { name: board.previous_member }).click();
    await expect(room.locator('.tour__item h4')).toHaveText(['On the tour']);
    await expect(room.locator('.tour__place')).toHaveText(saying(board.place_of, { n: 1 }));
  });
});
