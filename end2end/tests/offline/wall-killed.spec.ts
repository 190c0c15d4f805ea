// The wall's browser is killed in the middle of a meeting: opened again, it stands where the room is, by itself.
import { untilOffline, signIn } from '../../fixtures/people.ts';
import { HD, Remote, Wall } from '../../fixtures/room.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { paths } from '../../fixtures/words.ts';

inBothLanguages((language, words) => {
  test('a killed wall is back at the same place, from the device too while the server is down, and follows again', async ({ page, device, server, profile, problems }) => {
    problems.allowNetwork();
    await page.close();
    const remote = await Remote.on(await device(), language, 'council');
    await remote.take();
    // The wall was set up before the meeting: the browser has been closed and opened since.
    const first = await (await profile.open({ viewport: HD })).newPage();
    await signIn(first, language, 'observer');
    await untilOffline(first);
    await profile.close();

    /** The browser is started on the wall's address, as a screen does that is switched on; nothing is touched. */
    const started = async (): Promise<Wall> => {
      const screen = await (await profile.open({ viewport: HD })).newPage();
      await screen.goto(paths[language].projector);
      return new Wall(screen, language);
    };
    let wall = await started();
    await remote.view('member').click();
    await remote.button('next').click();
    await remote.button('down').click();
    await remote.page.locator('#message-en').fill('Back at two');
    await remote.button('put-up').click();
    await expect(wall.root).toHaveAttribute('data-part', '1');
    await expect(wall.page.locator('.wall__message')).toContainText('Back at two');
    const there = await wall.stand();
    const title = await wall.title.innerText();
    const back = async () => {
      await expect.poll(async () => JSON.stringify(await wall.stand())).toBe(JSON.stringify(there));
      await expect(wall.title).toHaveText(title);
      await expect(wall.page.locator('.wall__message')).toContainText('Back at two');
    };
    await profile.kill();
    wall = await started();
    await back();
    await expect(wall.page.locator('.wall__connection')).toHaveCount(0);

    await profile.kill();
    await server.kill();
    wall = await started();
    await back();
    await expect(wall.page.locator('.wall__connection')).toBeVisible();

    await server.up();
    await expect(wall.page.locator('.wall__connection')).toHaveCount(0, { timeout: 40_000 });
    await back();
    await expect(remote.page.locator('.preview__state')).toHaveText(words.presenter.shown);
    await remote.view('charts').click();
    await expect(wall.title).toHaveText(words.projector.charts);
  });
});
