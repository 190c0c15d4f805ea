// A laptop that slept through a part of the meeting: what was said meanwhile is there when it wakes, once, in order.
import { type Page } from '@playwright/test';
import { pageOf, signIn } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { Remote, Wall } from '../../fixtures/room.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { paths } from '../../fixtures/words.ts';

/** Notes every card that is drawn from now on, by its title. */
const noteCards = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const drawn: string[] = [];
    Object.assign(globalThis, { drawn });
    const title = (node: Node) => (node instanceof HTMLElement && node.matches('.card') ? node.querySelector('.card__open')?.textContent : undefined);
    const look = (records: MutationRecord[]) => records.flatMap((one) => [...one.addedNodes]).forEach((node) => drawn.push(...[title(node)?.trim() ?? []].flat()));
    new MutationObserver(look).observe(document.querySelector('.groups') as Element, { childList: true, subtree: true });
  });

inBothLanguages((language, words) => {
  for (const cut of [false, true]) {
    test(`${cut ? 'a sleep in which the connection broke' : 'a sleep of the laptop'} misses nothing and doubles nothing`, async ({ page, device, profile, server, problems }) => {
      if (cut) problems.allowNetwork();
      await page.close();
      const report = new Report(await pageOf(await device(), language, 'federal'), language);
      const remote = await Remote.on(await device(), language, 'council');
      await remote.take();
      const laptop = await profile.open();
      const board = await laptop.newPage();
      await signIn(board, language, 'observer');
      const wall = await Wall.open(await laptop.newPage(), language);
      const connection = board.locator('.connection');
      await expect(connection).toHaveAttribute('data-connection', 'live');
      await noteCards(board);
      const before = await board.locator('.card').count();

      profile.sleep();
      try {
        const first = await report.submitOne({ title: 'Asleep 1', text: 'Text.' });
        for (const n of [2, 3, 4]) await report.add('achievements', { title: `Asleep ${n}`, text: 'Text.' });
        await report.submitAgain();
        if (cut) {
          await server.kill();
          await server.up();
        }
        // Amended and taken away before the laptop ever heard of them.
        await report.title(first).fill('Asleep 1, amended');
        await report.button(report.items('achievements').nth(1), words.item.delete).click();
        await report.submitAgain();
        await remote.view('matrix').click();
        await expect(remote.page.locator('.preview__state')).toHaveText(words.presenter.shown);
      } finally {
        profile.wake();
      }

      const asleep = board.locator('.group').last().locator('.card__open', { hasText: 'Asleep' });
      await expect(asleep).toHaveText(['Asleep 1, amended', 'Asleep 3', 'Asleep 4'], { timeout: 40_000 });
      await expect(connection).toHaveAttribute('data-connection', 'live');
      await expect(board.locator('.card')).toHaveCount(before + 3);
      const drawn = await board.evaluate(() => (globalThis as unknown as { drawn: string[] }).drawn);
      for (const n of [1, 3, 4]) expect(drawn.filter((title) => title.startsWith(`Asleep ${n}`))).toHaveLength(1);
      await expect(wall.title).toHaveText(words.projector.matrix);

      // Awake, it goes on as before.
      await report.add('priorities', { title: 'After the sleep', text: 'Text.' });
      await report.submitAgain();
      await expect(board.locator('.card', { hasText: 'After the sleep' })).toHaveCount(1);
      await board.goto(paths[language].board);
      // What the device has kept is the same.
      await expect(board.locator('.card').first()).toBeVisible();
      const kept = await board.locator('.card__open', { hasText: /Asleep|After the sleep/ }).allTextContents();
      expect(kept.sort()).toEqual(['After the sleep', 'Asleep 1, amended', 'Asleep 3', 'Asleep 4']);
    });
  }
});
