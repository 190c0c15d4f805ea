// When the browser refuses: IndexedDB blocked, no space left, a text that is too long.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { pageOf, signIn, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { say, saying } from '../../fixtures/words.ts';
import { draftOf } from '../../fixtures/wire.ts';
import { queued } from '../../fixtures/network.ts';

inBothLanguages((language, words) => {
  for (const how of ['throws', 'is missing'] as const) {
    test(`IndexedDB ${how}: the draft is kept in the simpler storage, with a warning`, async ({ context, page, problems }) => {
      problems.allowNetwork();
      await page.close();
      await context.addInitScript((way) => {
        if (way === 'throws') {
          IDBFactory.prototype.open = () => {
            throw new DOMException('refused', 'SecurityError');
          };
        } else {
          Object.defineProperty(globalThis, 'indexedDB', { value: undefined, configurable: true });
        }
      }, how);
      const mine = await pageOf(context, language, 'federal');
      await expect(mine.getByText(words.storage.fallback)).toBeVisible();
      const report = new Report(mine, language);
      await untilOffline(mine);
      await context.setOffline(true);
      await report.fillContact('Simple storage');
      await report.add('achievements', { title: 'Kept', text: 'Kept too.' });
      await report.says('offline');
      await mine.reload();
      await expect(report.name).toHaveValue('Simple storage');
      expect(await report.all('achievements')).toEqual([{ title: 'Kept', text: 'Kept too.' }]);
      await context.setOffline(false);
      await report.sent();
      expect((await draftOf(mine)).contact.name.value).toBe('Simple storage');
    });
  }

  test(`no space left: an alert stays, with a copy and a download`, async ({ context, page, server, problems }) => {
    problems.allow(/Quota/i);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    await signIn(page, language, 'federal');
    const report = new Report(page, language);
    await report.name.fill('Before the disk was full');
    await report.sent();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 1 });
    const item = await report.add('achievements', { title: 'Nowhere to go', text: 'Words that must not vanish. ' });
    // The browser looks at the quota anew every few seconds only: a person who types on meets it.
    await expect(async () => {
      await report.text(item).press('End');
      await page.keyboard.insertText('More words. '.repeat(20));
      await expect(report.status).toHaveAttribute('data-status', 'not-saved', { timeout: 1_000 });
    }).toPass({ timeout: 40_000 });
    const alert = page.getByRole('alert').filter({ hasText: words.storage.failed_title });
    await expect(alert).toBeVisible();
    await alert.getByRole('button', { name: words.storage.copy }).click();
    await expect(alert).toContainText(words.storage.copied);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Words that must not vanish.');
    const download = page.waitForEvent('download');
    await alert.getByRole('button', { name: words.storage.download }).click();
    expect((await download).suggestedFilename()).toMatch(/\.html$/);
    await expect(report.text(item)).toHaveValue(/must not vanish/);
    await expect(alert).toBeVisible();

    await cdp.send('Storage.overrideQuotaForOrigin', { origin: server.url });
    await report.text(item).press('End');
    await page.keyboard.type('!');
    await report.sent();
    await expect(alert).toHaveCount(0);
    const draft = await draftOf(page);
    expect(draft.items.map((one) => one.title.value)).toEqual(['Nowhere to go']);
    expect(draft.items[0]?.text.value).toContain('must not vanish');
  });

  test('a change of the board that the device had no room for is there with the next that it takes', async ({ page, device, problems }) => {
    problems.allowNetwork();
    problems.allow(/Quota/i);
    await page.close();
    const report = new Report(await pageOf(await device(), language, 'federal'), language);
    const context = await device();
    // The browser itself looks at its quota every few seconds only: too seldom to refuse one change and take the next.
    await context.addInitScript(() => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...row: Parameters<typeof put>) {
        if (this.name === 'board' && (globalThis as unknown as { full?: boolean }).full) throw new DOMException('no space', 'QuotaExceededError');
        return put.apply(this, row);
      };
    });
    const room = await pageOf(context, language, 'council');
    await untilOffline(room);
    await expect(room.locator('.connection')).toHaveAttribute('data-connection', 'live');
    const arrives = (title: string) => expect(room.locator('.card', { hasText: title })).toHaveCount(1);
    const full = (full: boolean) => room.evaluate((full) => void Object.assign(globalThis, { full }), full);
    await full(true);
    await report.submitOne({ title: 'While it was full', text: 'Text.' });
    await arrives('While it was full');
    await full(false);
    await report.add('achievements', { title: 'When there was room', text: 'Text.' });
    await report.sent();
    await report.submitAgain();
    await arrives('When there was room');
    await context.setOffline(true);
    await room.reload();
    await expect(room.locator('.connection')).toHaveAttribute('data-connection', 'offline');
    await arrives('When there was room');
    await arrives('While it was full');
  });

  test('a text that is too long is kept and explained, and sent when it is shorter', async ({ page, context }) => {
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    const report = new Report(mine, language);
    const item = await report.add('priorities', { title: 'Long', text: 'é'.repeat(20_003) });
    await expect(item).toContainText(say(words.item.too_long, { over: 3 }));
    await report.says('held');
    await expect(mine.locator('.status__text')).toHaveText(saying(words.status.held, { count: 1 }));
    await mine.reload();
    await expect(report.text(report.items('priorities').first())).toHaveValue('é'.repeat(20_003));
    const held = (await draftOf(mine)).items[0];
    expect([held?.title.value, held?.text.value]).toEqual(['Long', '']);
    const area = report.text(report.items('priorities').first());
    await area.fill('é'.repeat(20_000));
    await report.sent();
    expect((await draftOf(mine)).items[0]?.text.value).toBe('é'.repeat(20_000));
    expect(await queued(mine)).toBe(0);
  });
});
