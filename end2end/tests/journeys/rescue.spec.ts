// The rescue file: saved with no network, readable by itself, taken over field by field on another device.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { expectAccessible } from '../../fixtures/axe.ts';
import { pageOf, untilOffline } from '../../fixtures/people.ts';
import { Report } from '../../fixtures/report.ts';
import { paths, say, saying } from '../../fixtures/words.ts';

const savedFile = async (page: Page, name: string): Promise<string> => {
  const offered = page.waitForEvent('download');
  await page.getByRole('button', { name }).click();
  return (await offered).path();
};

inBothLanguages((language, words) => {
  test('a report goes from one device to another in a file', async ({ page, context, device, problems }) => {
    problems.allowNetwork();
    await page.close();
    const mine = await pageOf(context, language, 'federal');
    await untilOffline(mine);
    const report = new Report(mine, language);
    await context.setOffline(true);
    await report.name.fill('Camille <Exemple>');
    await report.add('priorities', { title: 'Un portail & un numéro', text: 'Première ligne\n</script>' });
    await report.saved();
    const path = await savedFile(mine, words.rescue.save);

    const elsewhere = await device();
    const reader = await elsewhere.newPage();
    await reader.setContent(readFileSync(path, 'utf8'));
    await expect(reader.getByRole('heading', { level: 3 })).toHaveText('Un portail & un numéro');
    await expect(reader.locator('.text').last()).toHaveText('Première ligne\n</script>');

    const other = await pageOf(elsewhere, language, 'federal.2');
    await other.goto(paths[language].rescue);
    await expect(other.getByRole('heading', { level: 1 })).toHaveText(words.titles.rescue);
    const file = other.getByLabel(words.rescue.choose);
    const wrong = `${path}-wrong.html`;
    writeFileSync(wrong, '<html>portal</html>');
    await file.setInputFiles(wrong);
    await expect(other.getByRole('alert')).toHaveText(words.rescue.not_one);
    await file.setInputFiles(path);
    await expect(other.locator('#rescue-found h2')).toHaveText(saying(words.rescue.found));
    await expectAccessible(other, 'rescue file, differences');
    const text = say(words.outbox.field_of, { field: words.item.text, title: 'Un portail & un numéro' });
    await other.getByRole('checkbox', { name: text, exact: true }).uncheck();
    await other.getByRole('button', { name: words.rescue.take }).click();
    await expect(other.locator('#rescue-found')).toContainText(saying(words.rescue.taken));
    await other.goto(paths[language].report);
    const there = new Report(other, language);
    await expect(there.name).toHaveValue('Camille <Exemple>');
    expect(await there.all('priorities')).toEqual([{ title: 'Un portail & un numéro', text: '' }]);
    await there.sent();
  });
});
