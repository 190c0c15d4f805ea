// The browser is killed at random moments in the middle of typing: nothing is lost of what the page had said is saved.
// KILLS says how often (`make soak`: 30), SEED when.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../../fixtures/test.ts';
import { signIn, untilOffline } from '../../fixtures/people.ts';
import { ON_DEVICE, Report } from '../../fixtures/report.ts';
import { paths } from '../../fixtures/words.ts';

const KILLS = Number(process.env['KILLS'] ?? 3);
const SEED = Number(process.env['SEED'] ?? 1);

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
const randomFrom = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

/** What a person has seen on the screen until the browser was gone. */
class Witness {
  /** The text at the last key. */
  typed = '';
  /** The text at the last "saved". */
  saved = '';

  /** Every change of the field and of the status line is told as it comes to the screen. */
  async watch(report: Report, text: Locator): Promise<void> {
    const { page } = report;
    await page.exposeFunction('seen', (typed: string, saved: boolean) => {
      this.typed = typed;
      if (saved) this.saved = typed;
    });
    const status = await report.status.elementHandle();
    await text.evaluate(
      (area: HTMLTextAreaElement, [line, onDevice]) => {
        const { seen } = window as unknown as { seen: (typed: string, saved: boolean) => void };
        const tell = (): void => seen(area.value, onDevice.test((line as HTMLElement).dataset['status'] ?? ''));
        area.addEventListener('input', () => requestAnimationFrame(tell));
        new MutationObserver(tell).observe(line as HTMLElement, { attributes: true });
        tell();
      },
      [status, ON_DEVICE] as const,
    );
  }
}

/** Types words, with a person's rhythm, until the browser is gone. */
const typeUntilGone = async (page: Page, random: () => number): Promise<string> => {
  let typed = '';
  try {
    for (;;) {
      const word = `${'abcdefghijklmnopqrst'.slice(0, 1 + Math.floor(random() * 12))} `;
      typed += word;
      await page.keyboard.type(word, { delay: 10 + random() * 90 });
    }
  } catch {
    return typed;
  }
};

test('a killed browser loses nothing that was said to be saved', async ({ server, profile, problems }) => {
  test.setTimeout(60_000 + KILLS * 15_000);
  problems.allowNetwork();
  const random = randomFrom(SEED);
  const first = await (await profile.open()).newPage();
  await signIn(first, 'en', 'federal');
  const drafting = new Report(first, 'en');
  await drafting.add('achievements', { title: 'Typed until the end', text: '' });
  await drafting.sent();
  await untilOffline(first);
  await profile.close();
  // From here on, what is found again can only come from the device.
  await server.stop();

  const lost: number[] = [];
  const unsaved: number[] = [];
  let witness = new Witness();
  let typed = '';
  for (let round = 0; round <= KILLS; round += 1) {
    const page = await (await profile.open()).newPage();
    await page.goto(paths.en.report);
    const report = new Report(page, 'en');
    const text = report.text(report.items('achievements').first());
    await expect(text, `what was said to be saved in round ${round}`).toHaveValue(new RegExp(`^${witness.saved}`));
    const found = await text.inputValue();
    expect(typed.startsWith(found), `"${found}" is what was typed: "${typed}"`).toBe(true);
    if (round > 0) {
      lost.push(Math.max(0, witness.typed.length - found.length));
      unsaved.push(witness.typed.length - witness.saved.length);
    }
    if (round === KILLS) break;

    witness = new Witness();
    await witness.watch(report, text);
    await text.press('Control+End');
    const typing = typeUntilGone(page, random);
    await new Promise((resolve) => setTimeout(resolve, 200 + random() * 2_000));
    await profile.kill();
    typed = found + (await typing);
    expect(witness.typed.length, 'something was typed').toBeGreaterThan(found.length);
  }
  const table = [...new Set(lost)].sort((a, b) => a - b).map((n) => `${n}: ${lost.filter((m) => m === n).length}×`);
  console.log(`${KILLS} kills (seed ${SEED}), lost after the last "saved": 0; typed since then and missing: ${table.join(', ')}`);
  console.log(`typed since the last "saved" when it was killed: ${unsaved.join(' ')}`);
});
