// A device whose clock is years off, and jumps: drafting and sync go on, in order, and the texts that say how long ago
// something was stay true or plain.
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/test.ts';
import { pageOf, signIn, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths, say, words } from '../../fixtures/words.ts';
import { draftOf } from '../../fixtures/wire.ts';

const YEARS = 6 * 365.25 * 86_400_000;

/** Puts the clock of a page so far from the true time: of the document that is there, and of those that follow. */
const setClock = async (page: Page, off: number): Promise<void> => {
  const shift = (by: number): void => {
    const TrueDate = (globalThis as unknown as { TrueDate?: DateConstructor }).TrueDate ?? Date;
    class Shifted extends TrueDate {
      constructor(...given: []) {
        super(...(given.length > 0 ? given : ([TrueDate.now() + by] as unknown as [])));
      }
      static override now(): number {
        return TrueDate.now() + by;
      }
    }
    Object.assign(globalThis, { TrueDate, Date: Shifted });
  };
  await page.addInitScript(shift, off);
  await page.evaluate(shift, off);
};

for (const [name, off] of [['fast', YEARS], ['slow', -YEARS]] as const) {
  test(`a clock six years ${name}, that then jumps to six years the other way`, async ({ page, context, device, problems }) => {
    problems.allowNetwork();
    await setClock(page, off);
    await signIn(page, 'en', 'federal');
    const report = new Report(page, 'en');
    const item = await report.submitOne({ title: 'Of another time', text: 'Before the jump.' });
    await untilOffline(page);
    const colleague = new Report(await pageOf(await device(), 'en', 'federal.2'), 'en');
    await expect(colleague.name).toHaveValue('Camille Exemple');

    await context.setOffline(true);
    await report.name.fill('Written before the jump');
    await report.says('offline');
    await setClock(page, -off);
    await report.text(item).press('Control+End');
    await page.keyboard.type(' After it.');
    await report.says('offline');
    await page.getByRole('link', { name: words.en.outbox.open }).first().click();
    // The name, written before the jump, is the first to go.
    const waiting = page.locator('.waiting__entry');
    await expect(waiting.locator('.waiting__what')).toContainText([words.en.outbox.contact_name, 'Of another time']);
    await expect(waiting.nth(1).locator('.hint')).toContainText(words.en.ago.now);
    const years = say(words.en.ago.days, { n: Math.floor((2 * YEARS) / 86_400_000) });
    await expect(waiting.nth(0).locator('.hint')).toContainText(off < 0 ? years : words.en.ago.now);
    await expect(page.locator('main')).not.toContainText(/-\d+ (min|h|days)/);

    await context.setOffline(false);
    await expect(page.getByText(words.en.outbox.empty)).toBeVisible();
    await expect(page.getByText(say(words.en.outbox.last_success, { ago: words.en.ago.now }))).toBeVisible();
    await expect(page.locator('.alerts p')).toHaveCount(0);
    await page.goto(paths.en.report);
    await report.sent();
    await expect(colleague.name).toHaveValue('Written before the jump');
    await colleague.name.fill('By a colleague whose clock is right');
    await expect(report.name).toHaveValue('By a colleague whose clock is right');
    await report.sent();
    const draft = await draftOf(page);
    expect([draft.contact.name.value, draft.items[0]?.text.value]).toEqual([
      'By a colleague whose clock is right',
      'Before the jump. After it.',
    ]);
  });
}
