// The board with ten thousand items, in a real browser against the real server: the third table of `make bench`.
// A proxy multiplies the demonstration's own cards on their way to the browser; everything else is the product, its
// service worker and its caches too, which the test tool's own interception would switch off.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer, request } from "node:http";
import { chromium } from "@playwright/test";

const ITEMS = Number(process.env.BENCH_ITEMS ?? 10_000);
const RUNS = Number(process.env.BENCH_RUNS ?? 30);
const [PORT, PROXY] = [3988, 3987];
const BASE = `http://127.0.0.1:${PROXY}`;

const site = process.env.ROUNDTABLE_SITE ?? new URL("../../target/site", import.meta.url).pathname;
const flags = ["--demo", "--database", "mem://", "--site", site, "--address", `127.0.0.1:${PORT}`, "--log-level", "error"];
const server = spawn(process.env.ROUNDTABLE_BIN, flags, { stdio: "ignore" });
for (let ready = false; !ready; ) {
  ready = await fetch(`http://127.0.0.1:${PORT}/readyz`).then((answer) => answer.ok, () => false);
  await new Promise((next) => setTimeout(next, 100));
}

const uuid = (n) => {
  const hex = (0x19a00000000 + n).toString(16).padStart(12, "0") + "7" + randomBytes(2).toString("hex").slice(1) + "8" + randomBytes(8).toString("hex").slice(1);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

/** The same board with as many cards as are asked for. */
const multiplied = (board) => {
  const cards = Array.from({ length: ITEMS }, (_, n) => {
    const card = board.cards[n % board.cards.length];
    return { ...card, item: uuid(n), title: `${card.title} ${n}`, text: `${card.text} Number ${n}.` };
  });
  return { ...board, cards };
};

const proxy = createServer((asked, answer) => {
  const whole = /^\/api\/board\/[^/]+$/.test(asked.url);
  // The host stays as the browser names it: the server looks at where a request comes from.
  const headers = whole ? { ...asked.headers, "accept-encoding": "identity" } : asked.headers;
  const onward = request({ port: PORT, path: asked.url, method: asked.method, headers }, async (answered) => {
    if (!whole || answered.statusCode !== 200) {
      answer.writeHead(answered.statusCode, answered.headers);
      answered.pipe(answer);
      return;
    }
    const body = Buffer.from(JSON.stringify(multiplied(JSON.parse(Buffer.concat(await answered.toArray())))));
    const { etag, ...kept } = answered.headers;
    answer.writeHead(200, { ...kept, "content-length": body.length });
    answer.end(body);
  });
  onward.on("error", () => answer.destroy());
  answer.on("close", () => onward.destroy());
  asked.pipe(onward);
});
await new Promise((listening) => proxy.listen(PROXY, "127.0.0.1", listening));

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext();
const page = await context.newPage();

await page.goto(`${BASE}/en/sign-in`);
await page.fill("#email", "council@demo.example");
await page.fill("#passphrase", "tour-de-table");
await page.click("button[type=submit]");
await page.locator(".bar__person").waitFor();
// Signing in leads to the board: what it left on the device goes, so that the first visit is one.
await page.goto(`${BASE}/en/nowhere`);
const devtools = await context.newCDPSession(page);
await devtools.send("Storage.clearDataForOrigin", { origin: BASE, storageTypes: "indexeddb,service_workers,cache_storage" });
await devtools.send("Network.clearBrowserCache");

const row = (name, text) => console.log(`${name.padEnd(52)}${text}`);
const spread = (times) => {
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)].toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
};

/** From the navigation's start to the first card on the screen. */
const first = async () => {
  await page.goto(`${BASE}/en/board`);
  await page.locator(".card").first().waitFor();
  return page.evaluate(
    () =>
      new Promise((done) => {
        const seen = performance.getEntriesByName("first-card")[0];
        done(seen ? seen.startTime : NaN);
      }),
  );
};

await page.addInitScript(() => {
  const look = new MutationObserver(() => {
    if (document.querySelector(".card")) {
      performance.mark("first-card");
      look.disconnect();
    }
  });
  look.observe(document, { childList: true, subtree: true });
});

console.log();
row(`board of ${ITEMS} items, first visit to first card`, `${(await first()).toFixed(0)} ms`);
await page.waitForTimeout(15_000);
const warm = [];
for (let run = 0; run < 7; run += 1) {
  warm.push(await first());
  await page.waitForTimeout(4_000);
}
row("warm start to first card, from the replica", spread(warm));

/** What the page is busy with after an act, in milliseconds until the next frame could be drawn. */
const busy = (act, argument) =>
  page.evaluate(
    ([act, argument]) =>
      new Promise((done) => {
        const started = performance.now();
        if (act === "tick") document.querySelectorAll(".board-bar .chip input")[argument].click();
        else {
          const box = document.querySelector("#search");
          box.value = argument;
          box.dispatchEvent(new Event("input", { bubbles: true }));
        }
        // Effects run in microtasks and one task after: what is measured ends when the page is idle again.
        const end = performance.now();
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done([end - started, performance.now() - started]);
        channel.port2.postMessage(0);
      }),
    [act, argument],
  );

const acts = async (name, each) => {
  const times = [];
  for (let run = 0; run < RUNS; run += 1) {
    times.push((await each(run))[1]);
    await page.waitForTimeout(400);
  }
  row(name, spread(times));
};
await acts("a filter ticked to drawn", (run) => busy("tick", run % 4));
await page.goto(`${BASE}/en/board`);
await page.waitForTimeout(8_000);
const words = ["i", "id", "iden", "identity", "numeriq", "service", "municipal counter", "q", "zzz", ""];
await acts("a letter of a search to drawn", (run) => busy("type", words[run % words.length]));

await browser.close();
proxy.close();
proxy.closeAllConnections();
server.kill();
