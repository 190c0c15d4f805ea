// Two devices write one field: both texts are shown and kept, and the person chooses.
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { conflictOn, MINE, THEIRS } from '../../fixtures/conflict.ts';
import { pageOf } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { draftOf } from '../../fixtures/wire.ts';

const CHOICES = [
  { choice: 'keep_mine', holds: [MINE], lacks: [THEIRS] },
  { choice: 'keep_theirs', holds: [THEIRS], lacks: [MINE] },
  { choice: 'keep_both', holds: [MINE, THEIRS], lacks: [] },
] as const;

inBothLanguages((language, words) => {
  for (const { choice, holds, lacks } of CHOICES) {
    test(`two devices, one field: ${choice}`, async ({ page, device, problems }) => {
      problems.allowNetwork();
      problems.allow(/status of 409/);
      await page.close();
      const report = new Report(await pageOf(await device(), language, 'federal'), language);
      await report.name.fill('Where both start');
      await report.sent();
      const theirs = await conflictOn(report, await device(), 'federal.2');
      await expect(report.conflict).toContainText(THEIRS);
      await expect(report.name).toHaveValue(MINE);
      await report.says('conflict');
      await report.page.reload();
      await expect(report.conflict).toContainText(THEIRS);
      await expect(report.name).toHaveValue(MINE);

      await report.conflict.getByRole('button', { name: words.conflict[choice], exact: true }).click();
      await expect(report.conflict).toHaveCount(0);
      await report.sent();
      const settled = (await draftOf(report.page)).contact.name.value;
      for (const text of holds) expect(settled).toContain(text);
      for (const text of lacks) expect(settled).not.toContain(text);
      expect((await report.name.inputValue()).replace(/\s+/g, ' ')).toBe(settled.replace(/\s+/g, ' '));
      await theirs.page.reload();
      await expect(theirs.name).toHaveValue(await report.name.inputValue());
    });
  }

  test('two tabs of one person, different fields: both have both', async ({ page, context }) => {
    await page.close();
    const one = new Report(await pageOf(context, language, 'federal'), language);
    await one.add('achievements', { title: 'Shared', text: '' });
    await one.sent();
    const second = await context.newPage();
    await second.goto(one.page.url());
    const two = new Report(second, language);
    await expect(two.items('achievements')).toHaveCount(1);
    await Promise.all([
      one.name.pressSequentially('Written in tab one', { delay: 20 }),
      two.text(two.items('achievements').first()).pressSequentially('Written in tab two', { delay: 20 }),
    ]);
    for (const tab of [one, two]) {
      await expect(tab.name).toHaveValue('Written in tab one');
      await expect(tab.text(tab.items('achievements').first())).toHaveValue('Written in tab two');
      await tab.sent();
      await expect(tab.conflict).toHaveCount(0);
    }
    const draft = await draftOf(second);
    expect([draft.contact.name.value, draft.items[0]?.text.value]).toEqual(['Written in tab one', 'Written in tab two']);
  });

  test('two tabs of one person, the same field: both converge, nothing is in conflict', async ({ page, context }) => {
    await page.close();
    const one = new Report(await pageOf(context, language, 'federal'), language);
    const second = await context.newPage();
    await second.goto(one.page.url());
    const two = new Report(second, language);
    await expect(two.name).toBeVisible();
    await one.name.fill('From tab one');
    await expect(two.name).toHaveValue('From tab one');
    await two.name.fill('From tab two');
    await expect(one.name).toHaveValue('From tab two');
    await one.sent();
    await expect(one.conflict).toHaveCount(0);
    expect((await draftOf(second)).contact.name.value).toBe('From tab two');
  });
});
