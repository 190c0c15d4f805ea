// (d) A hotel answers 200 with HTML to everything: nothing is taken for sent, nothing of it is kept.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { captivePortal, portalIsCached, queued } from '../../fixtures/network.ts';
import { pageOf, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { saying } from '../../fixtures/words.ts';
import { draftOf } from '../../fixtures/wire.ts';

inBothLanguages((language, words) => {
  test('a captive portal takes nothing and leaves nothing', async ({ context }) => {
    const page = await pageOf(context, language, 'federal');
    await untilOffline(page);
    const report = new Report(page, language);
    const leave = await captivePortal(page);
    const pushed = page.waitForResponse('**/api/operations');
    await report.fillContact('Behind a portal');
    await report.add('issues_and_needs', { title: 'Portal', text: 'Stays here.' });
    await pushed;
    await report.says('offline');
    await expect(page.locator('.status__text')).toHaveText(saying(words.status.offline));
    const waiting = await queued(page);
    expect(waiting).toBeGreaterThan(0);

    await page.evaluate(async () => (await navigator.serviceWorker.ready).update().catch(() => undefined));
    await page.reload();
    await expect(report.name).toHaveValue('Behind a portal');
    await expect(report.items('issues_and_needs')).toHaveCount(1);
    expect(await queued(page)).toBe(waiting);
    expect(await portalIsCached(page)).toBe(false);

    await leave();
    await expect(report.status).toHaveAttribute('data-status', 'sent', { timeout: 20_000 });
    expect(await queued(page)).toBe(0);
    const draft = await draftOf(page);
    expect(draft.contact.name.value).toBe('Behind a portal');
    expect(draft.items.map((item) => item.text.value)).toEqual(['Stays here.']);
  });
});
