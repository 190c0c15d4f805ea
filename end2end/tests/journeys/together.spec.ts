// Two people, one report: who is where, each other's words as they come, and both kept when both write.
import type { BrowserContext, Page } from '@playwright/test';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { expectAccessible } from '../../fixtures/axe.ts';
import { pageOf } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import type { Language } from '../../fixtures/words.ts';

const TEXT = 'The first sentence stands here. The second sentence stands there.';

interface Desk {
  context: BrowserContext;
  page: Page;
  report: Report;
}

const desk = async (context: BrowserContext, language: Language, key: string): Promise<Desk> => {
  const page = await pageOf(context, language, key);
  return { context, page, report: new Report(page, language) };
};

/** Two desks at one report that has one item, on both screens. */
const twoDesks = async (language: Language, device: () => Promise<BrowserContext>): Promise<[Desk, Desk]> => {
  const mine = await desk(await device(), language, 'federal');
  const theirs = await desk(await device(), language, 'federal.2');
  await mine.report.add('priorities', { title: 'Shared', text: TEXT });
  await mine.report.sent();
  await expect(textOf(theirs)).toHaveValue(TEXT);
  return [mine, theirs];
};

const textOf = ({ report }: Desk) => report.text(report.items('priorities').first());

inBothLanguages((language, words) => {
  test('a colleague is seen, with the field, and seen to leave', async ({ page, device }) => {
    await page.close();
    const [mine, theirs] = await twoDesks(language, device);
    const name = (await theirs.page.locator('.bar__person').innerText()).split('\n').at(-1)?.trim() ?? '';
    const company = mine.page.locator('.company');
    const started = Date.now();
    await theirs.report.phone.focus();
    await expect(company).toContainText(name);
    await expect(company).toContainText(words.outbox.contact_phone, { timeout: 2_000 });
    console.log(`seen in the field after ${Date.now() - started} ms`);
    await expect(mine.page.locator('.field[data-company]')).toHaveCount(1);
    await expectAccessible(mine.page, 'report with a colleague in it');
    await textOf(theirs).focus();
    await expect(company.getByRole('link')).toContainText('Shared');
    await company.getByRole('link').click();
    await expect(textOf(mine)).toBeFocused();
    await theirs.page.getByRole('link', { name: words.nav.board }).first().click();
    await expect(company).toHaveCount(0);
  });

  test('words that arrive leave the caret where it was, and both are kept', async ({ page, device }) => {
    await page.close();
    const [mine, theirs] = await twoDesks(language, device);
    const place = 'The first'.length;
    await textOf(mine).focus();
    await textOf(mine).evaluate((area: HTMLTextAreaElement, at) => area.setSelectionRange(at, at), place);
    await textOf(theirs).fill(`Before it all. ${TEXT}`);
    await expect(textOf(mine)).toHaveValue(`Before it all. ${TEXT}`);
    await expect(textOf(mine)).toBeFocused();
    await mine.page.keyboard.type(' (mine)');
    const both = `Before it all. The first (mine)${TEXT.slice(place)}`;
    await expect(textOf(mine)).toHaveValue(both);
    await expect(textOf(theirs)).toHaveValue(both);
    await mine.report.sent();
    await theirs.report.sent();
  });

  test('two people who wrote apart, one of them offline, both find their words', async ({ page, device, problems }) => {
    problems.allowNetwork();
    problems.allow(/status of 409/);
    await page.close();
    const [mine, theirs] = await twoDesks(language, device);
    await mine.context.setOffline(true);
    await textOf(mine).fill(TEXT.replace('first sentence', 'first and best sentence'));
    await mine.report.saved();
    await textOf(theirs).fill(TEXT.replace('there.', 'there, they say.'));
    await theirs.report.sent();
    await mine.context.setOffline(false);
    const both = 'The first and best sentence stands here. The second sentence stands there, they say.';
    await expect(textOf(mine)).toHaveValue(both);
    await expect(textOf(theirs)).toHaveValue(both);
    await mine.report.sent();
    await expect(mine.report.conflict).toHaveCount(0);
  });
});
