// From the whole to one sentence and back: views, filters, search and cards of the board, each with an address.
import { readFileSync } from 'node:fs';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { pageOf, signIn, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { other, paths, say, saying, words as all } from '../../fixtures/words.ts';

const VIEWS = ['columns', 'matrix', 'charts', 'trend', 'member'] as const;

inBothLanguages((language, words) => {
  const board = words.board;
  const names = [board.view_columns, board.view_matrix, board.view_charts, board.view_trend, board.view_member];

  test('each view has an address, the way back leads to the one before, and the language switch stays', async ({ page }) => {
    await signIn(page, language, 'observer');
    const views = page.getByRole('navigation', { name: board.views });
    const shown = page.locator('.groups, .matrix, .bars, .trends, .tour');
    for (const [n, name] of names.entries()) {
      await views.getByRole('link', { name, exact: true }).click();
      await expect(views.locator('[aria-current=page]')).toHaveText(name);
      await expect(shown.first()).toBeVisible();
      if (n > 0) expect(new URL(page.url()).searchParams.get('view')).toBe(VIEWS[n]);
    }
    await page.goBack();
    await expect(page.locator('.trends')).toBeVisible();
    await page.goBack();
    await expect(page.locator('.bars').first()).toBeVisible();
    await page.getByRole('link', { name: words.nav.language }).click();
    await expect(page).toHaveURL(new RegExp(`${paths[other(language)].board}\\?view=charts$`));
    await expect(page.getByRole('heading', { name: all[other(language)].board.needs })).toBeVisible();
    await page.reload();
    await expect(page.locator('.bars').first()).toBeVisible();
  });

  test('filters narrow every view, say by how much, and are cleared in one act', async ({ page }) => {
    await signIn(page, language, 'council');
    const total = await page.locator('.groups').evaluate(() => Number(document.querySelector('.connection__count')?.textContent?.match(/\d+/)?.[0]));
    await page.getByRole('checkbox', { name: words.section.priorities }).check();
    await page.locator('.filters__toggle').click();
    // A province is chosen by its name.
    await expect(page.getByRole('group', { name: board.provinces }).getByRole('checkbox', { name: language === 'en' ? 'Nova Scotia' : 'Nouvelle-Écosse', exact: true })).toHaveCount(1);
    await page.getByRole('checkbox', { name: board.kind_territorial, exact: true }).check();
    const count = page.locator('.chosen__count');
    await expect(count).toHaveText(saying(board.matching, { all: total }));
    const left = Number((await count.textContent())?.match(/\d+/)?.[0]);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(total);
    // Themes out of sight follow in their turn.
    const cards = () => page.locator('.card').evaluateAll((cards) => new Set(cards.map((card) => card.getAttribute('data-card'))).size);
    await expect.poll(cards).toBe(left);
    const address = page.url();
    await page.getByRole('link', { name: board.view_matrix, exact: true }).click();
    await expect(page.locator('.matrix tfoot .matrix__total')).toHaveText(String(left));
    await page.getByRole('button', { name: say(board.take_back, { label: board.kind_territorial }) }).click();
    await expect(page.locator('.matrix tfoot .matrix__total')).not.toHaveText(String(left));
    await page.getByRole('button', { name: board.clear }).click();
    await expect(page.locator('#search')).toBeFocused();
    await expect(page.locator('.matrix tfoot .matrix__total')).toHaveText(String(total));
    await page.goto(address);
    await expect(count).toHaveText(saying(board.matching, { n: left, all: total }));
  });

  test('a search as typed finds both languages without accents, marks what it found, and works offline', async ({ page, context, problems }) => {
    problems.allowNetwork();
    await signIn(page, language, 'council');
    await untilOffline(page);
    const search = page.getByLabel(board.search);
    const marks = page.locator('.card mark');
    await search.pressSequentially('NUMERIQUES');
    await expect(marks.first()).toHaveText(/^numérique/i);
    await search.fill('');
    await search.pressSequentially('servic');
    await expect(page).toHaveURL(/q=servic/);
    for (const of of ['en', 'fr']) {
      await expect(page.locator(`.card [lang=${of}] mark`).first()).toHaveText(/^services?$/i);
    }
    const cards = await page.locator('.card').count();
    await context.setOffline(true);
    await page.reload();
    await expect(page.locator('.connection')).toHaveAttribute('data-connection', 'offline');
    await expect(search).toHaveValue('servic');
    await expect(page.locator('.card')).toHaveCount(cards);
    await search.fill('zzzz');
    await expect(page.locator('.card')).toHaveCount(0);
    await expect(page.getByText(board.none_match).first()).toBeVisible();
  });

  test('a card opens in place: whom to call, what the member says besides, what others say like it; a link leads to it', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await signIn(page, language, 'council');
    const card = page.locator('.card').nth(1);
    const title = card.locator('.card__open');
    const id = await card.getAttribute('data-card');
    await title.hover();
    const top = await card.boundingBox();
    await title.click();
    await expect(title).toBeFocused();
    await expect(title).toHaveAttribute('aria-expanded', 'true');
    expect((await card.boundingBox())?.y).toBe(top?.y);
    await expect(card.locator('.detail__contact')).toContainText('@demo.example');
    await expect(card.getByRole('heading', { name: board.similar })).toBeVisible();
    await expect(card.getByRole('heading', { name: saying(board.others_of) })).toBeVisible();
    await card.getByRole('button', { name: board.copy_link }).click();
    await expect(card.getByText(board.copied)).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await card.getByRole('button', { name: board.copy_text }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(((await title.textContent()) ?? '').trim());
    await page.goBack();
    await expect(title).toHaveAttribute('aria-expanded', 'false');
    await page.goto(link);
    await expect(page.locator(`.card--open[data-card="${id}"]`)).toHaveCount(1);
    await expect(page.locator('.card--open .card__open')).toBeInViewport();
    await page.getByRole('button', { name: board.close, exact: true }).click();
    await expect(page.locator('.card--open')).toHaveCount(0);
  });

  test('the matrix is a table that sorts, leads to its cards and can be taken away', async ({ page }) => {
    await signIn(page, language, 'council');
    await page.goto(`${paths[language].board}?view=matrix`);
    const table = page.getByRole('table', { name: board.matrix_caption });
    const totals = table.locator('tbody .matrix__total');
    await table.getByRole('button', { name: board.total }).click();
    await expect(table.getByRole('columnheader', { name: board.total })).toHaveAttribute('aria-sort', 'descending');
    const sorted = (await totals.allTextContents()).map(Number);
    expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
    await expect(page).toHaveURL(/sort=total/);
    const [member, count] = [await table.locator('tbody th').first().textContent(), await table.locator('tbody td a').first().textContent()];
    const offered = page.waitForEvent('download');
    await page.getByRole('button', { name: board.matrix_csv }).click();
    const csv = readFileSync(await (await offered).path(), 'utf8');
    expect(csv.startsWith('\ufeff"')).toBe(true);
    const lines = csv.slice(1).trimEnd().split('\r\n').map((line) => line.split(language === 'fr' ? ';' : ','));
    expect(lines.length).toBe(sorted.length + 2);
    expect(lines.slice(1, -1).map((line) => Number(JSON.parse(line.at(-1) ?? '')))).toEqual(sorted);
    await table.locator('tbody td a').first().click();
    await expect(page.locator('.card').first()).toBeVisible();
    const cards = await page.locator('.card').evaluateAll((cards) => new Set(cards.map((card) => card.getAttribute('data-card'))).size);
    expect(cards).toBe(Number(count));
    expect(new Set(await page.locator('.card__member').allTextContents())).toEqual(new Set([member]));
  });

  test('the trend has every edition, and the tour goes from member to member', async ({ page }) => {
    await signIn(page, language, 'council');
    await page.goto(`${paths[language].board}?view=trend`);
    const heads = page.locator('.plain thead th');
    await expect(heads).toHaveCount(4);
    await expect(page.locator('.plain tbody')).not.toContainText(board.not_here);
    await expect(page.locator('.trend').first().locator('circle')).toHaveCount(3);
    await page.goto(`${paths[language].board}?view=member`);
    const next = page.getByRole('link', { name: board.next_member });
    const place = page.locator('.tour__place');
    await expect(place).toHaveText(saying(board.place_of, { n: 1 }));
    const first = await page.locator('.tour h2').textContent();
    await next.click();
    await expect(place).toHaveText(saying(board.place_of, { n: 2 }));
    await expect(page.locator('.tour h2')).not.toHaveText(first ?? '');
    await expect(page.locator('.tour__section')).toHaveCount(4);
    await expect(page.locator('.tour__contact')).toContainText('@demo.example');
    await expect(page.locator('.tour__item').first()).toBeVisible();
    await page.goBack();
    await expect(page.locator('.tour h2')).toHaveText(first ?? '');
  });

  test('an earlier edition is a choice away, and has its own address', async ({ page }) => {
    await signIn(page, language, 'council');
    const choice = page.getByLabel(board.edition);
    const titles = page.locator('.card__title');
    const now = await titles.first().textContent();
    await choice.selectOption({ index: 1 });
    await expect(page).toHaveURL(/edition=/);
    await expect(titles.first()).not.toHaveText(now ?? '');
    await page.goBack();
    await expect(titles.first()).toHaveText(now ?? '');
    await expect(choice.locator('option:checked')).toHaveJSProperty('index', 0);
  });

  test('what came since the last look is marked, counted and shown alone; the board can be held still', async ({ page, device }) => {
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const room = await pageOf(await device(), language, 'council');
    await expect(room.locator('.connection')).toHaveAttribute('data-connection', 'live');
    await expect(room.locator('.news__new')).toHaveCount(0);
    await report.submitOne({ title: 'Came while looking', text: 'Text.' });
    const card = room.locator('.card', { hasText: 'Came while looking' });
    await expect(card.locator('.card__badge')).toHaveText(board.badge);
    await room.reload();
    await expect(room.locator('.news__new')).toHaveText(saying(board.new_show, { count: 1 }));
    // However far one has read on.
    await room.locator('.card').last().scrollIntoViewIfNeeded();
    await expect(room.locator('.news__new')).toBeInViewport({ ratio: 1 });
    await room.locator('.news__new').click();
    await expect(room.locator('.card')).toHaveCount(await card.count());
    await expect(room).toHaveURL(/new=1/);
    await room.getByRole('button', { name: board.seen }).click();
    await expect(room.locator('.card__badge')).toHaveCount(0);
    expect(await room.locator('.card').count()).toBeGreaterThan(10);

    const hold = room.getByRole('button', { name: board.hold });
    await hold.click();
    // A board that is held says so where it says that it is live.
    await expect(room.locator('.connection')).toContainText(board.held_still);
    await report.add('achievements', { title: 'Came while held', text: 'Text.' });
    await report.sent();
    await report.submitAgain();
    const waits = room.getByRole('button', { name: saying(board.let_go_of, { count: 1 }) });
    await expect(waits).toHaveAttribute('aria-pressed', 'true');
    await expect(room.locator('.card', { hasText: 'Came while held' })).toHaveCount(0);
    await waits.click();
    await expect(room.locator('.card', { hasText: 'Came while held' })).toHaveCount(1);
    await expect(room.locator('.connection')).not.toContainText(board.held_still);
  });

  test('after one visit the meeting goes on with no network: every view, filter and card, in both languages', async ({ page, context, problems }) => {
    problems.allowNetwork();
    await signIn(page, language, 'council');
    await untilOffline(page);
    await page.goto(`${paths[language].board}?view=trend`);
    await expect(page.locator('.plain tbody')).not.toContainText(board.not_here);
    await page.goto(paths[language].board);
    await expect(page.locator('.connection')).toHaveAttribute('data-connection', 'live');
    await context.setOffline(true);
    for (const of of [language, other(language)]) {
      for (const view of VIEWS) {
        await page.goto(`${paths[of].board}?view=${view}&kind=provincial`);
        await expect(page.locator('.groups .card, .matrix td a, .bars__row, .trend circle, .tour').first()).toBeVisible();
        await expect(page.locator('.connection')).toHaveAttribute('data-connection', 'offline');
        await expect(page.locator('.connection')).toContainText(all[of].board.offline.split('{{')[0]?.trim() ?? '');
        await expect(page.locator('.chosen__count')).toBeVisible();
      }
      await page.goto(paths[of].board);
      await page.locator('.card__open').first().click();
      await expect(page.locator('.detail__contact')).toContainText('@demo.example');
      await expect(page.locator('.connection__count')).toHaveText(saying(`${all[of].board.on_device}${all[of].board.on_device_others}`, { others: 2 }));
    }
  });

  test('a printed board has every card, however many a screen shows at first', async ({ page }) => {
    await signIn(page, language, 'council');
    const left = page.locator('.more');
    await expect(left.first()).toBeVisible();
    // The browser makes the sheet right after this event: nothing that waits for a task of its own would be on it.
    const [cards, told] = await page.evaluate(async () => {
      window.dispatchEvent(new Event('beforeprint'));
      for (let n = 0; n < 200; n += 1) await Promise.resolve();
      const groups = [...document.querySelectorAll('.group')];
      const counted = (group: Element) => Number(/\d+/.exec(group.querySelector('.group__count')?.textContent ?? '')?.[0]);
      return [groups.map((group) => group.querySelectorAll('.card').length), groups.map(counted)];
    });
    expect(cards).toEqual(told);
    expect(Math.max(...told)).toBeGreaterThan(12);
    await expect(left).toHaveCount(0);
  });

  test('nothing is cut off at 320 px, with text twice as large, or with forced colours', async ({ page }) => {
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    await signIn(page, language, 'council');
    for (const [width, size] of [[320, '100%'], [1280, '200%']] as const) {
      await page.setViewportSize({ width, height: 720 });
      for (const view of VIEWS) {
        await page.goto(`${paths[language].board}?view=${view}&section=achievements`);
        await expect(page.locator('.groups .card, .matrix td a, .bars__row, .trend circle, .tour').first()).toBeVisible();
        await page.evaluate((size) => (document.documentElement.style.fontSize = size), size);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect.soft(wide, `${view} at ${width} px, text ${size}`).toBeLessThanOrEqual(0);
      }
    }
  });
});
