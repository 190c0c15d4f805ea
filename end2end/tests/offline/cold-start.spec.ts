// (a) No network from the start, four sections, the browser killed right after "saved": every character is there.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { signIn, untilOffline } from '../../fixtures/people.ts';
import { type Item, Report } from '../../fixtures/report.ts';
import { paths, sections } from '../../fixtures/words.ts';

const NAME = 'Zoé Lefèvre‑Ñandú 🍁';
const NBSP = '\u00a0';

const itemFor = (n: number): Item => ({
  title: `Titre nº${NBSP}${n}${NBSP}: «${NBSP}déjà vu${NBSP}» 👩🏽‍💻`,
  text: `Première ligne – œuvre, façade, naïve${NBSP}!\n\n\tDeuxième ${n} — 𝒜 🇨🇦 e\u0301\n  fin  `,
});

inBothLanguages((language) => {
  test('a draft written with no network survives a killed browser', async ({ server, profile, problems }) => {
    problems.allowNetwork();
    const first = await (await profile.open()).newPage();
    await signIn(first, language, 'federal');
    await untilOffline(first);
    await profile.close();
    await server.stop();

    const page = await (await profile.open()).newPage();
    await page.goto(paths[language].report);
    const report = new Report(page, language);
    await report.fillContact(NAME);
    for (const [n, section] of sections.entries()) await report.add(section, itemFor(n));
    // Typing at the end, line ends of Windows included: what the browser makes of them is what must stay.
    const last = report.text(report.items('meeting_topics').first());
    await last.fill('une\r\ndeux\r\n');
    await last.press('End');
    await page.keyboard.type('trois, et le dernier caractère est ici : é');
    const typed = await last.inputValue();
    await report.saved();
    await profile.kill();

    const again = await (await profile.open()).newPage();
    await again.goto(paths[language].report);
    const reopened = new Report(again, language);
    await expect(reopened.name).toHaveValue(NAME);
    await expect(reopened.phone).toHaveValue('555-0100');
    for (const [n, section] of sections.entries()) {
      const expected = section === 'meeting_topics' ? { ...itemFor(n), text: typed } : itemFor(n);
      expect(await reopened.all(section)).toEqual([expected]);
    }
    expect(typed).toContain('une\ndeux\n');
    await reopened.says('offline');
  });

  test('the board opens with no network, as of when it was seen', async ({ server, profile, problems }) => {
    problems.allowNetwork();
    const first = await (await profile.open()).newPage();
    await signIn(first, language, 'council');
    await expect(first.locator('.connection')).toHaveAttribute('data-connection', 'live');
    const cards = await first.locator('.card').count();
    await untilOffline(first);
    await profile.close();
    await server.stop();

    const page = await (await profile.open()).newPage();
    await page.goto(paths[language].board);
    await expect(page.locator('.connection')).toHaveAttribute('data-connection', 'offline');
    await expect(page.locator('.card')).toHaveCount(cards);
    expect(cards).toBeGreaterThan(50);
    await expect(page.locator('.connection')).toContainText(/20\d\d/);
  });
});
