// Whoever asks for less motion sees none: nothing on the board, the remote control or the wall runs or slides, while
// they change.
import { type Page } from '@playwright/test';
import { pageOf, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { Remote, Wall } from '../../fixtures/room.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { paths } from '../../fixtures/words.ts';

interface Watched {
  moved: string[];
}

/** From now on, what begins to run or to slide is noted. */
const watchMotion = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const moved: string[] = [];
    Object.assign(globalThis, { moved });
    document.addEventListener('animationstart', (event) => moved.push(`animation ${event.animationName}`), true);
    document.addEventListener('transitionrun', (event) => moved.push(`transition of ${event.propertyName}`), true);
  });

/** What moved since then, runs now, or would. */
const motionOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { moved } = globalThis as unknown as Watched;
    const runs = document.getAnimations().map((one) => `runs: ${(one as CSSAnimation).animationName ?? one.id}`);
    const would: string[] = [];
    for (const element of document.querySelectorAll('*')) {
      for (const part of [undefined, '::before', '::after']) {
        const style = getComputedStyle(element, part);
        const times = `${style.transitionDuration}, ${style.transitionDelay}`.split(',').map(parseFloat);
        const name = `${element.tagName}.${element.className}${part ?? ''}`;
        if (times.some((time) => time > 0)) would.push(`${name} slides`);
        if (style.animationName !== 'none') would.push(`${name} runs ${style.animationName}`);
        if (style.scrollBehavior !== 'auto') would.push(`${name} scrolls smoothly`);
      }
    }
    return [...moved, ...runs, ...would];
  });

inBothLanguages((language, texts) => {
  test('an arrival moves nothing on board and wall where motion is not wanted', async ({ page, device, problems }) => {
    problems.allowNetwork();
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const lively = await pageOf(await device({ reducedMotion: 'no-preference' }), language, 'observer');
    const calm = await device({ reducedMotion: 'reduce' });
    const board = await pageOf(calm, language, 'council');
    const wall = await Wall.on(await device({ reducedMotion: 'reduce' }), language, 'observer');
    const remote = new Remote(await calm.newPage(), language);
    await remote.page.goto(paths[language].presenter);
    for (const one of [lively, board]) await expect(one.locator('.connection')).toHaveAttribute('data-connection', 'live');
    await untilOffline(board);
    for (const one of [lively, board, wall.page, remote.page]) await watchMotion(one);

    await report.submitOne({ title: 'Came quietly', text: 'Text.' });
    for (const one of [lively, board]) await expect(one.locator('.card--new', { hasText: 'Came quietly' })).toHaveCount(1);
    // Where motion is welcome it is seen, so what follows would be seen too.
    await expect.poll(() => lively.evaluate(() => (globalThis as unknown as Watched).moved)).toContain('animation arrive');
    expect(await motionOn(board)).toEqual([]);

    await board.locator('.card__open').first().click();
    await expect(board.locator('.detail__contact')).toBeVisible();
    await remote.take();
    await remote.view('member').click();
    await remote.button('next').click();
    await expect(remote.page.locator('.preview__state')).toHaveText(texts.presenter.shown);
    await expect(wall.title).toHaveText(await remote.page.locator('.preview__title').innerText());
    for (const one of [board, wall.page, remote.page]) expect(await motionOn(one)).toEqual([]);

    // What waits for the network would turn.
    await calm.setOffline(true);
    await board.reload().catch(() => undefined);
    await expect(board.locator('.connection')).toHaveAttribute('data-connection', 'offline');
    await watchMotion(board);
    expect(await motionOn(board)).toEqual([]);
  });
});
