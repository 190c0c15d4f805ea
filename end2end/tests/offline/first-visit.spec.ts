// A first visit starts with the module that its page needs; from then on the device has all of them.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { signIn, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths } from '../../fixtures/words.ts';

inBothLanguages((language) => {
  test('whoever drafted first has the board’s own module once they have opened it', async ({ page, context, problems }) => {
    problems.allowNetwork();
    await signIn(page, language, 'federal');
    await untilOffline(page);
    const modules = async (): Promise<string[]> => {
      const urls: string[] = [];
      const note = (request: { url: () => string }) => urls.push(request.url());
      page.on('request', note);
      await page.goto(paths[language].board);
      await expect(page.locator('.card').first()).toBeVisible();
      page.off('request', note);
      return urls.filter((url) => /\/pkg\/(roundtable|split_board)\b.*\.wasm$/.test(url)).map((url) => new URL(url).pathname);
    };
    expect(await modules()).toContainEqual(expect.stringContaining('split_board'));
    const kept = (path: string) => page.evaluate(async (path) => (await caches.match(path)) !== undefined, path);
    await expect.poll(() => kept(paths[language].board)).toBe(true);
    await context.setOffline(true);
    const [started, ...others] = await modules();
    expect(started).toMatch(/\/roundtable\./);
    expect(others).toEqual([]);
  });

  test('whoever comes to the board first has the form too when the network goes', async ({ device, problems }) => {
    problems.allowNetwork();
    // Signed in on a browser that keeps nothing of the program, as with the link of an invitation.
    const before = await device({ serviceWorkers: 'block' });
    await signIn(await before.newPage(), language, 'federal');
    const context = await device({ storageState: await before.storageState() });
    const page = await context.newPage();

    // Not the first module alone: the parts that are fetched behind it are not waited for.
    const modules: string[] = [];
    page.on('request', (request) => {
      if (/\/pkg\/(roundtable|split_board)\b.*\.wasm$/.test(request.url())) modules.push(request.url());
    });
    await page.goto(paths[language].board);
    await expect(page.locator('.card').first()).toBeVisible();
    expect(modules, 'one module, and not the board as a part of another').toHaveLength(1);
    expect(modules[0]).toMatch(/\/roundtable\./);
    const started = modules[0];

    await untilOffline(page);
    await context.setOffline(true);
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    await page.locator(`header a[href="${paths[language].report}"]`).first().click();
    const report = new Report(page, language);
    await expect(report.name).toBeVisible();
    expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
    await report.name.fill('Typed on the board’s module');
    await report.saved();

    // Other pages open with another module, which has the form in it; the board with the one it was visited with.
    modules.length = 0;
    await page.reload();
    await expect(report.name).toHaveValue('Typed on the board’s module');
    expect(modules).toHaveLength(1);
    expect(modules[0]).not.toBe(started);
    modules.length = 0;
    await page.goto(paths[language].board);
    await expect(page.locator('.card').first()).toBeVisible();
    expect(modules).toEqual([started]);
  });
});
