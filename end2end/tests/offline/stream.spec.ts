// The live stream: silent, cut, with a gap; the board goes on, and misses nothing.
import { cpSync, renameSync, rmSync } from 'node:fs';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { pageOf, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { Remote, Wall } from '../../fixtures/room.ts';
import { paths, saying } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  // One that opens and then says nothing, as behind a proxy that buffers; one that never opens, as behind a proxy that
  // holds back the headers too.
  for (const [what, state] of [['opens and says nothing', 1], ['never opens', 0]] as const)
    test(`a stream that ${what} gives way to polling within 30 seconds`, async ({ page, device }) => {
      await page.close();
      const report = new Report(await pageOf(await device(), language, 'federal'), language);
      const watching = await device();
      const board = await watching.newPage();
      await board.clock.install();
      await watching.addInitScript((state) => {
        class Silent extends EventTarget {
          readyState: number = state;
          close(): void {
            this.readyState = 2;
          }
        }
        Object.assign(globalThis, { EventSource: Silent });
      }, state);
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

  test('a stream that is refused gives way to polling at once, the wall too, and comes back when it is not', async ({ page, device, problems }) => {
    problems.allow(/status of 503/);
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const remote = await Remote.on(await device(), language, 'council');
    await remote.take();
    const refusing = await device();
    let asked = 0;
    await refusing.route(/\/api\/board\/[^/]+\/stream/, (route) => {
      asked += 1;
      return route.fulfill({ status: 503, body: '' });
    });
    const board = await pageOf(refusing, language, 'observer');
    await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'polling');
    const wall = await Wall.open(await refusing.newPage(), language);
    await remote.view('matrix').click();
    await expect(wall.title).toHaveText(words.projector.matrix, { timeout: 10_000 });
    await report.submitOne({ title: 'Seen though refused', text: 'Text.' });
    await expect(board.locator('.card', { hasText: 'Seen though refused' })).toHaveCount(1, { timeout: 10_000 });
    // Not asked for over and over: a server that refuses has its reasons.
    expect(asked).toBeLessThanOrEqual(4);
    await refusing.unrouteAll({ behavior: 'ignoreErrors' });
    await board.reload();
    await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'live', { timeout: 30_000 });
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

  test('a sign of life that comes in one breath with changes does not overtake them', async ({ page, device }) => {
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const away = await device();
    const board = await pageOf(away, language, 'council');
    await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'live');
    await board.goto(paths[language].home);
    await report.fillContact();
    for (const n of [1, 2, 3, 4]) await report.add('achievements', { title: `In one breath ${n}`, text: 'Text.' });
    await report.submit.click();
    await expect(report.page.locator('.receipt')).toBeVisible();
    await report.sent();

    // The log has nothing yet when the board asks; then the stream says all of it at once, and that this was all.
    let log: { events: { at: number }[]; cursor: number; instance: string } | undefined;
    let said = false;
    await away.route(/\/events\?after=\d+/, async (route) => {
      const answer = await route.fetch();
      const page = (await answer.json()) as NonNullable<typeof log>;
      if (said || page.events.length === 0) return route.fulfill({ response: answer });
      log = page;
      const cursor = Number(new URL(route.request().url()).searchParams.get('after'));
      return route.fulfill({ json: { ...page, events: [], cursor } });
    });
    await away.route(/\/api\/board\/[^/]+\/stream/, (route) => {
      if (said || !log) return route.continue();
      said = true;
      const { events, cursor, instance } = log;
      const word = (name: string, data: object) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
      const beat = word('heartbeat', { at: events.at(-1)?.at, cursor, instance });
      return route.fulfill({ contentType: 'text/event-stream', body: events.map((event) => word('board', event)).join('') + beat });
    });
    await board.goto(paths[language].board);
    const titles = board.locator('.card__open', { hasText: 'In one breath' });
    await expect(titles).toHaveText([1, 2, 3, 4].map((n) => `In one breath ${n}`));
    expect(said).toBe(true);
    // One may be in the middle of an answer.
    await away.unrouteAll({ behavior: 'ignoreErrors' });
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

  test('a folder that is copied back by hand leaves no card on a board that it does not have', async ({ page, device, server, problems }) => {
    problems.allowNetwork();
    // The browser looks for an update of the worker while the server is down.
    problems.allow(/error occurred when fetching the script/);
    await page.close();
    const [lost, stays, watching] = [await device(), await device(), await device()];
    const before = new Report(await pageOf(lost, language, 'federal'), language);
    const since = new Report(await pageOf(stays, language, 'qc'), language);
    const boards = [await pageOf(watching, language, 'council'), await watching.newPage()];
    await boards[1]?.goto(paths[language].board);
    // Everybody's session is in the copy.
    await server.stop();
    const older = `${server.data}.older`;
    cpSync(server.data, older, { recursive: true });
    await server.up();
    await before.submitOne({ title: 'Gone with the folder', text: 'Text.' });
    for (const board of boards) await expect(board.locator('.card', { hasText: 'Gone with the folder' })).toHaveCount(1, { timeout: 30_000 });
    // This device would offer its words again.
    await lost.close();
    await watching.setOffline(true);
    await server.stop();
    rmSync(server.data, { recursive: true });
    rmSync(`${server.data}.witness`, { force: true });
    renameSync(older, server.data);
    await server.up();
    // Past the place where the boards were.
    for (const n of [1, 2, 3]) await since.add('priorities', { title: `Written since ${n}`, text: 'Text.' });
    await since.submitOne({ title: 'Written since 4', text: 'Text.' });
    await watching.setOffline(false);
    for (const board of boards) {
      await expect(board.locator('.card', { hasText: 'Written since' })).toHaveCount(4, { timeout: 30_000 });
      await expect(board.locator('.card', { hasText: 'Gone with the folder' })).toHaveCount(0);
      await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'live', { timeout: 30_000 });
    }
  });
});
