// Colours that the person's system forces: what is chosen, spoken of or counted is still told apart, by shape.
import { type Locator, type Page } from '@playwright/test';
import { expectAccessible } from '../../fixtures/axe.ts';
import { signIn } from '../../fixtures/people.ts';
import { Remote, Wall } from '../../fixtures/room.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { paths } from '../../fixtures/words.ts';

/** axe takes the colour of a text from a property that forced colours leave as it was; those forced are the person's own. */
const expectForced = (page: Page, screen: string): Promise<void> => expectAccessible(page, `${screen}, forced colours`, ['color-contrast']);

/** How it looks when neither the pointer nor the focus is on it, and nothing of them is left. */
const look = async (element: Locator): Promise<string> => {
  const page = element.page();
  await page.mouse.move(0, 0);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  let last = '';
  const steady = async () => {
    const before = last;
    last = (await element.screenshot()).toString('base64');
    return last === before;
  };
  await expect.poll(steady).toBe(true);
  return last;
};

/** In how many points two pictures differ by more than a hue: as grey, by a good part of the way from black to white. */
const differences = (page: Page, pictures: readonly [string, string]): Promise<number> =>
  page.evaluate(async (pictures) => {
    const grey = async (png: string): Promise<number[]> => {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d') as OffscreenCanvasRenderingContext2D;
      canvas.drawImage(bitmap, 0, 0);
      const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
      const at = (n: number, part: number) => data[4 * n + part] ?? 0;
      return Array.from({ length: data.length / 4 }, (_, n) => 0.3 * at(n, 0) + 0.59 * at(n, 1) + 0.11 * at(n, 2));
    };
    const [one, two] = [await grey(pictures[0]), await grey(pictures[1])];
    return one.length === two.length ? one.filter((point, n) => Math.abs(point - (two[n] ?? 0)) > 100).length : Infinity;
  }, pictures);

/** What is chosen by this looks otherwise than it did, to eyes that see no colour too. */
const expectShown = async (element: Locator, choose: () => Promise<void>, name: string): Promise<void> => {
  const before = await look(element);
  await choose();
  const points = await differences(element.page(), [before, await look(element)]);
  expect.soft(points, `${name}: chosen and not chosen look alike`).toBeGreaterThan(10);
};

const groundOf = (element: Locator): Promise<string> => element.evaluate((element) => getComputedStyle(element).backgroundColor);

inBothLanguages((language, words) => {
  const { board } = words;
  const colorScheme = language === 'en' ? 'dark' : 'light';
  const forced = { forcedColors: 'active', colorScheme } as const;

  test('the board shows which view, filter and card are chosen', async ({ page, device }) => {
    await page.close();
    const context = await device(forced);
    const remote = await Remote.on(await device(), language, 'council');
    await remote.take();
    const room = await context.newPage();
    await signIn(room, language, 'observer');
    await expect(room.locator('.follow')).toBeVisible();
    await expectForced(room, 'board');
    const follow = room.locator('.follow button');
    await expectShown(
      follow,
      async () => {
        await follow.click();
        await expect(follow).toHaveText(board.unfollow);
      },
      'following',
    );
    for (const name of [board.view_matrix, board.view_charts, board.view_trend, board.view_member, board.view_columns]) {
      const tab = room.locator('.views').getByRole('link', { name, exact: true });
      await expectShown(
        tab,
        async () => {
          await tab.click();
          await expect(tab).toHaveAttribute('aria-current', 'page');
        },
        name,
      );
    }
    const chip = room.locator('.chip', { hasText: words.section.priorities });
    await expectShown(chip, () => chip.getByRole('checkbox').check(), 'a filter');
    const title = room.locator('.card__open').first();
    await expectShown(
      title,
      async () => {
        await title.click();
        await expect(title).toHaveAttribute('aria-expanded', 'true');
        await expect(room.locator('.detail__contact')).toBeVisible();
      },
      'an open card',
    );
    await expectForced(room, 'board, a card open');

    // Needs and achievements are told apart by being hollow or full, whatever the colours.
    await room.goto(`${paths[language].board}?view=charts`);
    const [hollow, full] = [room.locator('.bars__svg--needs .bars__mark').first(), room.locator('.bars__svg:not(.bars__svg--needs) .bars__mark').first()];
    await expect(hollow).toBeVisible();
    const stroke = (mark: Locator) => mark.evaluate((element) => getComputedStyle(element).stroke);
    expect(await stroke(hollow)).not.toBe('none');
    expect(await stroke(full)).toBe('none');
    await expectForced(room, 'board, charts');
    await room.goto(`${paths[language].board}?view=matrix`);
    await expect(room.locator('.matrix td a').first()).toBeVisible();
    await expectForced(room, 'board, matrix');
  });

  test('the remote control shows what is on the wall, and the wall what is spoken of', async ({ page, device }) => {
    await page.close();
    const remote = await Remote.on(await device(forced), language, 'council');
    const wall = await Wall.on(await device(forced), language, 'observer');
    await remote.take();
    for (const view of ['matrix', 'charts', 'trend', 'member', 'columns']) {
      const button = remote.view(view);
      await expectShown(
        button,
        async () => {
          await button.click();
          await expect(button).toHaveAttribute('aria-pressed', 'true');
        },
        view,
      );
    }
    // A thin frame in another shade would not be seen by all.
    expect(await groundOf(remote.view('columns'))).not.toBe(await groundOf(remote.view('matrix')));
    await expectForced(remote.page, 'the remote control');

    await remote.view('member').click();
    await expect(wall.page.locator('.wall-card--first')).toBeVisible();
    const bar = (card: Locator) =>
      card.evaluate((element) => {
        const style = getComputedStyle(element);
        return { width: parseFloat(style.borderLeftWidth), seen: style.borderLeftColor !== getComputedStyle(document.body).backgroundColor };
      });
    const [first, next] = [await bar(wall.page.locator('.wall-card--first')), await bar(wall.page.locator('.wall-card:not(.wall-card--first)').first())];
    expect(first.seen).toBe(true);
    expect(first.width).toBeGreaterThan(next.width * 1.5);
    await expectForced(wall.page, 'the wall, a report');
    await remote.view('charts').click();
    const mark = wall.page.locator('.wall-bar__track span').first();
    await expect(mark).toBeVisible();
    const [colour, ground] = await mark.evaluate((element) => [getComputedStyle(element).backgroundColor, getComputedStyle(document.body).backgroundColor]);
    expect(colour).not.toBe(ground);
    await expectForced(wall.page, 'the wall, charts');
    await remote.view('matrix').click();
    await expect(wall.page.locator('.wall-table')).toBeVisible();
    await expectForced(wall.page, 'the wall, matrix');
  });
});
