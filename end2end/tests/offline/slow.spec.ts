// Typing goes on while a save takes its time: on the way to the disk, and on the way to the council.
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures/test.ts';
import { OPERATIONS, queued } from '../../fixtures/network.ts';
import { signIn } from '../../fixtures/people.ts';
import { ON_DEVICE, Report } from '../../fixtures/report.ts';
import { draftOf } from '../../fixtures/wire.ts';

/** Another page of the site keeps the journal for itself. Gives back how to let go. */
const holdJournal = async (page: Page): Promise<() => Promise<void>> => {
  await page.goto('/healthz');
  await page.evaluate(
    () =>
      new Promise<void>((held) => {
        const opening = indexedDB.open('roundtable');
        opening.onsuccess = () => {
          const store = opening.result.transaction('drafts', 'readwrite').objectStore('drafts');
          // A transaction lives as long as it is asked for something.
          const ask = (): void => {
            store.get('~').onsuccess = () => {
              if (!('letGo' in window)) ask();
              held();
            };
          };
          ask();
        };
      }),
  );
  return () => page.evaluate(() => void Object.assign(window, { letGo: true }));
};

test('a disk that is slow: nothing is said to be saved before it is, and nothing typed meanwhile is lost', async ({ context, page: mine, problems }) => {
  problems.allow(/favicon\.ico/);
  await signIn(mine, 'en', 'federal');
  const report = new Report(mine, 'en');
  await report.name.fill('Before');
  await report.sent();
  const letGo = await holdJournal(await context.newPage());
  await mine.bringToFront();
  await report.status.evaluate((status) => {
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver(() => said.push((status as HTMLElement).dataset['status'] ?? '')).observe(status, { attributes: true });
  });
  await report.name.press('End');
  await report.name.pressSequentially(' the disk answers', { delay: 40 });
  await report.says('saving');
  const said = await mine.evaluate(() => (window as unknown as { said: string[] }).said);
  expect(said.filter((status) => ON_DEVICE.test(status))).toEqual([]);
  await letGo();
  await report.name.pressSequentially(', and after', { delay: 40 });
  await report.sent();
  const all = 'Before the disk answers, and after';
  await expect(report.name).toHaveValue(all);
  expect((await draftOf(mine)).contact.name.value).toBe(all);
  await mine.reload();
  await expect(report.name).toHaveValue(all);
  expect(await queued(mine)).toBe(0);
});

test('a council that is slow to answer: what is typed meanwhile stays, and goes out after it', async ({ page, context }) => {
  await signIn(page, 'fr', 'federal');
  const report = new Report(page, 'fr');
  const item = await report.add('priorities', { title: 'Lent', text: '' });
  await report.sent();
  let answer = (): void => undefined;
  const slow = new Promise<void>((resolve) => (answer = resolve));
  let pushes = 0;
  await context.route(OPERATIONS, async (route) => {
    pushes += 1;
    const response = await route.fetch();
    if (pushes === 1) await slow;
    await route.fulfill({ response });
  });
  const pushed = page.waitForRequest(OPERATIONS);
  await report.text(item).pressSequentially('Pendant que ');
  await pushed;
  await report.text(item).pressSequentially('le conseil réfléchit');
  await report.says('sending');
  expect(pushes).toBe(1);
  answer();
  await report.text(item).pressSequentially(', et après.');
  await report.sent();
  const all = 'Pendant que le conseil réfléchit, et après.';
  await expect(report.text(item)).toHaveValue(all);
  await expect(report.conflict).toHaveCount(0);
  expect((await draftOf(page)).items[0]?.text.value).toBe(all);
});

test('a disk that is slow: an item that is added meanwhile goes out before what is typed in it', async ({ context, page: mine, problems }) => {
  problems.allow(/favicon\.ico/);
  await signIn(mine, 'en', 'federal');
  const report = new Report(mine, 'en');
  await report.name.fill('Before');
  await report.sent();
  const letGo = await holdJournal(await context.newPage());
  await mine.bringToFront();
  // Longer than typing waits before it is saved: the save is under way when the item is added.
  await report.name.pressSequentially(', and while the disk is busy', { delay: 30 });
  const item = await report.add('issues_and_needs', { title: 'Added meanwhile', text: '' });
  await report.text(item).pressSequentially('Typed meanwhile.', { delay: 30 });
  await report.says('saving');
  const went: string[] = [];
  await context.route(OPERATIONS, (route) => {
    const { operations } = route.request().postDataJSON() as { operations: { change: { kind: string; field?: string } }[] };
    went.push(...operations.map(({ change }) => change.field ?? change.kind));
    return route.continue();
  });
  await letGo();
  await report.sent();
  await expect.poll(() => went).toContain('text');
  await report.sent();
  expect(went.indexOf('add_item'), went.join()).toBeLessThan(went.indexOf('title'));
  await expect(report.text(item)).toHaveValue('Typed meanwhile.');
});
