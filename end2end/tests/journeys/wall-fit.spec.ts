// Whatever the wall shows, at whatever size: an entry stands whole or not at all, and what is not shown is counted.
import { Remote, Wall } from '../../fixtures/room.ts';
import { expect, inBothLanguages, test } from '../../fixtures/test.ts';
import { say } from '../../fixtures/words.ts';
import type { Page } from '@playwright/test';

const MESSAGE = 'Nous reprenons à 14 h : les taxis pour la visite partent de l’entrée principale, rue Wellington';
const SCENES = ['columns', 'theme', 'matrix', 'charts', 'trend', 'member', 'item'] as const;
const PLACES = { columns: 'view=columns', matrix: 'view=matrix', charts: 'view=charts', trend: 'view=trend', member: 'view=member' };

/** The places of the scenes: of the themes the first, of the items the one with the longest text. */
async function places(remote: Remote): Promise<Record<(typeof SCENES)[number], string>> {
  const [theme, item] = await remote.page.evaluate(async (edition) => {
    const { cards } = (await (await fetch(`/api/board/${edition}`)).json()) as { cards: { item: string; text: string; themes: string[] }[] };
    cards.sort((a, b) => b.text.length - a.text.length || (a.item < b.item ? -1 : 1));
    return [cards.find((card) => card.themes.length)?.themes[0], cards[0]?.item];
  }, await remote.edition());
  return { ...PLACES, theme: `theme=${theme}`, item: `item=${item}` };
}

inBothLanguages((language, texts) => {
  for (const foot of [false, true]) {
    test(`every scene fits at every size, ${foot ? 'with all that the room can be told' : 'alone'}`, async ({ context, device }) => {
      test.slow();
      const wall = await Wall.on(context, language, 'observer');
      const remote = await Remote.on(await device(), language, 'council');
      await remote.take();
      if (foot) {
        await remote.button('next-speaker').click();
        await remote.page.locator('[data-minutes="10"]').click();
        await remote.page.locator('#message-fr').fill(MESSAGE);
        await remote.button('put-up').click();
        await expect(wall.page.locator('.wall__message')).toBeVisible();
      }
      const place = await places(remote);
      for (const percent of [50, 100, 150, 200, 300]) {
        for (const scene of SCENES) {
          await remote.push({ kind: 'zoom', percent }, { kind: 'show', place: place[scene], step: 0 });
          const rev = await remote.page.locator('.preview__frame .wall').getAttribute('data-rev');
          await expect(wall.root).toHaveAttribute('data-rev', rev ?? '');
          await expect(wall.page.locator('.wall [data-entry]').first()).toBeVisible();
          // The other editions arrive by and by.
          if (scene === 'trend') await expect(wall.page.locator('.wall-table--trend td', { hasText: '…' })).toHaveCount(0);
          const seen = await wall.page.evaluate(look);
          const name = `${scene} at ${percent} %`;
          expect(seen.cut, `${name}: cut`).toEqual([]);
          expect(seen.small, `${name}: under 24 px`).toEqual([]);
          expect(seen.foot, `${name}: the foot's share`).toBeLessThanOrEqual(0.4);
          expect(seen.shown, `${name}: shown`).toBeGreaterThan(0);
          expect(seen.shown + seen.more, `${name}: shown and counted, ${seen.said}`).toBe(seen.parts);
          expect(seen.heaps, `${name}: heaps that count wrongly`).toEqual([]);
          if (seen.more > 0 && scene !== 'item') expect(seen.said).toBe(say(texts.projector.more, { count: seen.more }));
          if (percent === 100 && !foot && scene !== 'theme' && scene !== 'member') expect(seen.more, `${name}: all of it`).toBe(0);
        }
      }
    });
  }

  test('the presenter sees what the room sees, as much of it, and is told how much that is', async ({ context, device }) => {
    const wall = await Wall.on(context, language, 'observer');
    const remote = await Remote.on(await device(), language, 'council');
    await remote.take();
    for (const [place, percent] of [['view=member', 100], ['view=member', 200], ['view=matrix', 250]] as const) {
      await remote.push({ kind: 'zoom', percent }, { kind: 'show', place, step: 1 });
      const rev = await remote.page.locator('.preview__frame .wall').getAttribute('data-rev');
      await expect(wall.root).toHaveAttribute('data-rev', rev ?? '');
      const { shown, more } = await wall.page.evaluate(look);
      await expect(remote.page.locator('.remote__sight')).toHaveText(say(texts.presenter.in_sight, { n: shown, more }));
      await expect(remote.page.locator('.preview__frame [data-entry]:visible')).toHaveCount(shown);
    }
    const [frame, small] = await Promise.all(['.preview__frame', '.preview__frame .wall'].map((one) => remote.page.locator(one).boundingBox()));
    expect(Math.abs((frame?.width ?? 0) - (small?.width ?? 1))).toBeLessThan(4);
    // What comes next is the next row, and not the scene that is shown already.
    await expect(remote.page.locator('.preview__then')).not.toContainText(texts.projector.matrix);
    // The picture is a picture: its words are beside it.
    await expect(remote.page.locator('.preview__frame')).toHaveAttribute('aria-hidden', 'true');
    await expect(remote.page.locator('#page-title')).toHaveCount(1);
  });

  test('anybody at the table may be given the floor, and the tour goes on from there', async ({ context, device }) => {
    const wall = await Wall.on(context, language, 'observer');
    const remote = await Remote.on(await device(), language, 'council');
    await remote.take();
    const seats = await remote.page.evaluate(async (language) => {
      const { members } = (await (await fetch('/api/council')).json()) as { members: { id: string; parent?: string; position: number; short: Record<string, string> }[] };
      const at = members.filter((member) => !member.parent).sort((a, b) => a.position - b.position);
      return at.map((member) => ({ id: member.id, name: member.short[language] ?? '' }));
    }, language);
    for (const { id } of seats) await expect(remote.page.locator(`#speaker option[value="${id}"]`)).toHaveCount(1);
    const silent = await remote.page.locator(`#speaker optgroup[label="${texts.presenter.without_report}"] option`).first().getAttribute('value');
    await remote.page.locator('#speaker').selectOption(silent);
    const name = seats.find((seat) => seat.id === silent)?.name ?? '-';
    await expect(wall.page.locator('.wall__speaker strong')).toHaveText(name);
    const named = seats.at(-1);
    await remote.page.locator('#next-up').selectOption(named?.id ?? '');
    await expect(wall.page.locator('.wall__next strong')).toHaveText(named?.name ?? '-');
    await remote.button('next-speaker').click();
    await expect(wall.page.locator('.wall__speaker strong')).toHaveText(named?.name ?? '-');
    const faces = remote.page.locator('.remote__keys kbd');
    for (const face of [texts.presenter.face_enter, texts.presenter.face_escape]) await expect(faces.filter({ hasText: face })).toHaveCount(1);
  });
});

test('the wall is kept awake, after it was hidden too, and the remote control while it presents', async ({ context, device }) => {
  const asked = () => {
    const calls: string[] = [];
    Object.assign(globalThis, { calls });
    const request = async (kind: string) => {
      calls.push(kind);
      return { release: async () => calls.push('release') };
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
  };
  const calls = (page: Page) => page.evaluate(() => (globalThis as unknown as { calls: string[] }).calls);
  await context.addInitScript(asked);
  const wall = await Wall.on(context, 'en', 'observer');
  await expect.poll(() => calls(wall.page)).toEqual(['screen']);
  await wall.page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(() => calls(wall.page)).toEqual(['screen', 'release']);
  await wall.page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(() => calls(wall.page)).toEqual(['screen', 'release', 'screen']);

  const there = await device();
  await there.addInitScript(asked);
  const remote = await Remote.on(there, 'en', 'council');
  await expect(remote.button('take')).toBeVisible();
  expect(await calls(remote.page)).toEqual([]);
  await remote.take();
  await expect.poll(() => calls(remote.page)).toEqual(['screen']);
  await remote.button('release').click();
  await expect.poll(() => calls(remote.page)).toEqual(['screen', 'release']);
});

/** Runs in the page: what of the scene is in sight, what is cut, and what is said of the rest. */
function look() {
  const inSight = (element: Element) => element.getClientRects().length > 0;
  const scene = document.querySelector('.wall__scene') as HTMLElement;
  const bounds = scene.getBoundingClientRect();
  const outer = scene.querySelector('.wall-fit') as HTMLElement;
  const own = (fit: Element) => [...fit.querySelectorAll('[data-entry]')].filter((one) => one.closest('.wall-fit') === fit);
  const line = (fit: Element) => [...fit.querySelectorAll('.wall__more')].at(-1) as HTMLElement;
  const number = (element: Element) => (inSight(element) ? Number(element.textContent?.match(/\d+/)?.[0]) : 0);
  const [cut, small, heaps]: [string[], string[], string[]] = [[], [], []];
  for (const fit of scene.querySelectorAll('.wall-fit')) {
    const [end, more] = [fit.getBoundingClientRect(), line(fit)];
    const limit = inSight(more) ? more.getBoundingClientRect().top : end.bottom;
    if (inSight(more) && more.getBoundingClientRect().bottom > bounds.bottom + 1) cut.push('the line of the rest');
    for (const entry of own(fit).filter(inSight)) {
      const { bottom } = entry.getBoundingClientRect();
      if (bottom > limit + 1.5) cut.push(`${entry.className || entry.tagName} ${bottom} > ${limit}: ${entry.textContent?.slice(0, 40)}`);
    }
    if (fit !== outer && inSight(fit)) {
      const shown = own(fit).filter(inSight).length;
      const count = Number(fit.parentElement?.querySelector('.wall-heap__count')?.textContent);
      // Where there is room for a line, it counts what there is no room for.
      const room = end.height > 2 * parseFloat(getComputedStyle(more).fontSize);
      if ((shown > 0 || room) && shown + number(more) !== count) heaps.push(`${shown} and ${number(more)} of ${count}`);
    }
  }
  // No line of text is cut through, by anything that it stands in.
  const walker = document.createTreeWalker(document.querySelector('.wall') as Element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const element = text.parentElement as HTMLElement;
    if (!text.textContent?.trim() || !inSight(element)) continue;
    if (parseFloat(getComputedStyle(element).fontSize) < 24) small.push(`${text.textContent.slice(0, 30)} ${getComputedStyle(element).fontSize}`);
    const range = document.createRange();
    range.selectNodeContents(text);
    const around: DOMRect[] = [new DOMRect(0, 0, innerWidth, innerHeight)];
    for (let at: HTMLElement | null = element; at; at = at.parentElement) {
      if (getComputedStyle(at).overflow === 'hidden') around.push(at.getBoundingClientRect());
    }
    for (const rect of range.getClientRects()) {
      // A line after the last that a text may take is not seen at all.
      if (around.some((box) => rect.top + rect.height / 4 >= box.bottom)) continue;
      const through = around.some((box) => rect.top + rect.height / 4 < box.bottom && rect.bottom - rect.height / 4 > box.bottom);
      const beside = around.some((box) => rect.right > box.right + 2);
      if (through || beside) cut.push(`${through ? 'through' : 'beside'}: ${text.textContent.slice(0, 40)}`);
    }
  }
  const parts = Number(document.querySelector('.wall__part')?.textContent?.match(/\d+\D+(\d+)/)?.[1] ?? 1);
  const first = Number(document.querySelector('.wall')?.getAttribute('data-part'));
  const foot = document.querySelector('.wall__foot')?.getBoundingClientRect().height ?? 0;
  const shown = own(outer).filter(inSight).length;
  return { cut, small, heaps, foot: foot / innerHeight, shown, more: number(line(outer)), parts: parts - first, said: line(outer).textContent };
}
