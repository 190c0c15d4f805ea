// The live stream: silent, cut, with a gap; the board goes on, and misses nothing.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { pageOf, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths, saying } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  test('a silent stream gives way to polling', async ({ page, device }) => {
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const watching = await device();
    const board = await watching.newPage();
    await board.clock.install();
    // A stream that opens and then says nothing, as behind a proxy that buffers.
    await watching.addInitScript(() => {
      class Silent extends EventTarget {
        readyState = 1;
        close(): void {
          this.readyState = 2;
        }
      }
      Object.assign(globalThis, { EventSource: Silent });
    });
    await board.goto(paths[language].signIn);
    await board.getByLabel(words.sign_in.email).fill('council@demo.example');
    await board.getByLabel(words.sign_in.passphrase).fill('tour-de-table');
    await board.getByRole('button', { name: words.sign_in.submit }).click();
    await expect(board.locator('.card').first()).toBeVisible();
    const connection = board.locator('.connection');
    await expect(connection).not.toHaveAttribute('data-connection', 'live');
    await board.clock.fastForward(31_000);
    await expect(connection).toHaveAttribute('data-connection', 'polling');
    await expect(connection).toHaveText(new RegExp(saying(words.board.polling).source.slice(0, -1)));
    await report.submitOne({ title: 'Seen by polling', text: 'Text.' });
    await board.clock.fastForward(6_000);
    await expect(board.locator('.card', { hasText: 'Seen by polling' })).toHaveCount(1);
  });

  test('a board that was away fills its gap', async ({ page, device, problems }) => {
    problems.allowNetwork();
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const away = await device();
    const board = await pageOf(away, language, 'council');
    const connection = board.locator('.connection');
    await expect(connection).toHaveAttribute('data-connection', 'live');
    await untilOffline(board);
    await away.setOffline(true);
    await board.reload().catch(() => undefined);
    await expect(connection).toHaveAttribute('data-connection', 'offline');
    await report.submitOne({ title: 'While away', text: 'Text.' });
    await away.setOffline(false);
    await expect(board.locator('.card', { hasText: 'While away' })).toHaveCount(1, { timeout: 5_000 });
    await expect(connection).toHaveAttribute('data-connection', 'live');
  });

  test('a server that is restarted finds its boards again, without a reload', async ({ page, device, server, problems }) => {
    problems.allowNetwork();
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const board = await pageOf(await device(), language, 'council');
    const connection = board.locator('.connection');
    await expect(connection).toHaveAttribute('data-connection', 'live');
    await server.kill();
    await expect(connection).not.toHaveAttribute('data-connection', 'live', { timeout: 15_000 });
    await server.up();
    await expect(connection).toHaveAttribute('data-connection', 'live', { timeout: 30_000 });
    await report.submitOne({ title: 'After the restart', text: 'Text.' });
    await expect(board.locator('.card', { hasText: 'After the restart' })).toHaveCount(1);
  });
});
