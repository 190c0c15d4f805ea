// A first visit starts with the module that its page needs; from then on the device has all of them.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { signIn, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths } from '../../fixtures/words.ts';

inBothLanguages((language) => {
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

    // What the device keeps is another module, with the form in it.
    await page.reload();
    await expect(report.name).toHaveValue('Typed on the board’s module');
    const kept = await page.evaluate(async () => {
      const caching = await caches.open((await caches.keys())[0] ?? '');
      return (await caching.keys()).map((request) => request.url);
    });
    expect(kept).not.toContain(started);
    expect(kept.filter((url) => /\/roundtable\..*\.wasm$/.test(url))).toHaveLength(1);
  });
});
