// Following the presenter on one's own board, browsing away and coming back with one key.
import { type Locator, type Page } from '@playwright/test';
import { expectAccessible } from '../../fixtures/axe.ts';
import { pageOf } from '../../fixtures/people.ts';
import { Remote } from '../../fixtures/room.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { paths, saying, words as allWords } from '../../fixtures/words.ts';

/** A board on which somebody may follow. */
class Follower {
  constructor(readonly page: Page) {}

  get bar(): Locator {
    return this.page.locator('.follow');
  }

  get words(): Locator {
    return this.bar.getByRole('status');
  }

  get button(): Locator {
    return this.bar.getByRole('button');
  }

  /** The view that is chosen. */
  get view(): Locator {
    return this.page.locator('.views [aria-current=page]');
  }
}

inBothLanguages((language, words) => {
  const { board } = words;

  test('whoever follows goes where the presenter goes, may browse away, and comes back with one key', async ({ context, device }) => {
    const remote = await Remote.on(await device(), 'en', 'council');
    const here = new Follower(await pageOf(context, language, 'observer'));
    await expect(here.page.locator('.connection')).toHaveAttribute('data-connection', 'live');
    await expect(here.bar).toHaveCount(0);
    await remote.take();
    await expect(here.words).toHaveText(saying(board.presents));
    await expect(here.button).toHaveText(board.follow);
    await expectAccessible(here.page, 'board, somebody presents');
    await remote.view('matrix').click();
    // Whoever looks along has it on the screen by now.
    const along = new Follower(await pageOf(await device(), language, 'secretariat'));
    await along.button.click();
    await expect(along.view).toHaveText(board.view_matrix);
    await expect(here.view).toHaveText(board.view_columns);

    // With the keyboard alone: the button is on the way.
    await here.button.focus();
    await here.page.keyboard.press('Enter');
    await expect(here.view).toHaveText(board.view_matrix);
    await expect(here.page.locator('.matrix')).toBeVisible();
    await expect(here.words).toHaveText(saying(board.follows));
    await expect(here.button).toHaveText(board.unfollow);
    await remote.view('columns').click();
    await remote.button('forward').click();
    await remote.button('open').click();
    const item = remote.page.locator('.preview__title');
    await expect(here.page.locator('.card--open')).toHaveCount(1);
    await expect(here.page.locator('.card--open .card__open')).toHaveText(await item.innerText());
    await expect(here.page.locator('.card--open .card__open')).toBeInViewport();
    // The focus is where the person left it.
    await expect(here.button).toBeFocused();
    await expectAccessible(here.page, 'board, following');

    // A second tab of the same browser follows; it shows what the first one has heard.
    const witness = new Follower(await context.newPage());
    await witness.page.goto(paths[language].board);
    await witness.button.click();
    await expect(witness.page.locator('.card--open')).toHaveCount(1);

    // Another view begins at its top, however far down the card was.
    await here.page.evaluate(() => window.scrollTo(0, 400));
    await remote.view('trend').click();
    await expect(here.view).toHaveText(board.view_trend);
    await expect.poll(() => here.page.evaluate(() => window.scrollY)).toBe(0);

    await here.page.getByRole('link', { name: board.view_charts, exact: true }).click();
    await expect(here.words).toHaveText(saying(board.strayed));
    await expect(here.button).toHaveText(board.follow);
    for (const [view, name] of [['trend', board.view_trend], ['member', board.view_member]] as const) {
      await remote.view(view).click();
      await expect(witness.view).toHaveText(name);
      await expect(here.view).toHaveText(board.view_charts);
    }
    await here.page.evaluate(() => window.scrollTo(0, 400));
    await here.page.keyboard.press('Escape');
    await expect(here.view).toHaveText(board.view_member);
    await expect(here.words).toHaveText(saying(board.follows));
    await expect.poll(() => here.page.evaluate(() => window.scrollY)).toBe(0);
    await expect(here.page.locator('.tour h2')).toHaveText((await witness.page.locator('.tour h2').textContent()) ?? '');

    // The same button is the way out for good: Escape then leads nowhere.
    await here.button.click();
    await expect(here.words).toHaveText(saying(board.presents));
    await here.page.keyboard.press('Escape');
    await remote.view('trend').click();
    await expect(witness.view).toHaveText(board.view_trend);
    await expect(here.view).toHaveText(board.view_member);
    await remote.button('release').click();
    await expect(here.bar).toHaveCount(0);
    await expect(here.view).toHaveText(board.view_member);
  });

  test('whoever strays to an earlier edition finds back with the same key', async ({ context, device }) => {
    const remote = await Remote.on(await device(), 'fr', 'council');
    const here = new Follower(await pageOf(context, language, 'observer'));
    await remote.take();
    await remote.view('charts').click();
    await here.button.click();
    await expect(here.view).toHaveText(board.view_charts);
    const name = /[A-ZÉ]\S+/.exec((await here.words.textContent())?.replace(board.follows.split('{{')[0] ?? '', '') ?? '')?.[0] ?? '';
    expect(name).not.toBe('');
    const edition = here.page.getByLabel(board.edition);
    await edition.selectOption({ index: 1 });
    await expect(edition.locator('option:checked')).toHaveJSProperty('index', 1);
    await expect(here.words).toHaveText(saying(board.strayed));
    await expect(here.words).toContainText(name);
    // The meeting goes on.
    await remote.view('matrix').click();
    await expect(remote.page.locator('.preview__state')).toHaveText(allWords.fr.presenter.shown);
    await here.page.keyboard.press('Escape');
    await expect(edition.locator('option:checked')).toHaveJSProperty('index', 0);
    await expect(here.view).toHaveText(board.view_matrix);
    await expect(here.words).toHaveText(saying(board.follows));
    await remote.view('trend').click();
    await expect(here.view).toHaveText(board.view_trend);
  });
});
