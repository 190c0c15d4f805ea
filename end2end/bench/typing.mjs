// From a keystroke to the journal, in a real browser against the real server: the second table of `make bench`.
// The form says "Saved on this device" when the transaction is complete; what is timed includes its own pause of 250 ms.

import { spawn } from "node:child_process";
import { chromium } from "@playwright/test";

const RUNS = Number(process.env.BENCH_RUNS ?? 30);
const PORT = 3987;
const BASE = `http://127.0.0.1:${PORT}`;

const site = process.env.ROUNDTABLE_SITE ?? new URL("../../target/site", import.meta.url).pathname;
const flags = ["--demo", "--database", "mem://", "--site", site, "--address", `127.0.0.1:${PORT}`, "--log-level", "error"];
const server = spawn(process.env.ROUNDTABLE_BIN, flags, { stdio: "ignore" });
for (let ready = false; !ready; ) {
  ready = await fetch(`${BASE}/readyz`).then((answer) => answer.ok, () => false);
  await new Promise((next) => setTimeout(next, 100));
}

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
await page.goto(`${BASE}/en/sign-in`);
await page.fill("#email", "federal@demo.example");
await page.fill("#passphrase", "tour-de-table");
await page.click("button[type=submit]");
await page.click("#add-priorities");
const text = page.locator(".item textarea").first();
await text.click();

const timed = async (length) => {
  await text.fill("x".repeat(length));
  const times = [];
  for (let run = 0; run < RUNS; run += 1) {
    await page.waitForFunction(() => document.querySelector(".status").dataset.status !== "saving");
    times.push(
      await page.evaluate(
        () =>
          new Promise((done) => {
            const status = document.querySelector(".status");
            const area = document.querySelector(".item textarea");
            const started = performance.now();
            new MutationObserver((_, observer) => {
              if (status.dataset.status === "saving") return;
              observer.disconnect();
              done(performance.now() - started);
            }).observe(status, { attributes: true });
            area.value += "y";
            area.dispatchEvent(new Event("input", { bubbles: true }));
          }),
      ),
    );
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)].toFixed(0);
  console.log(`keystroke to journal, text of ${length} characters  p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
};

/** What one pause in typing costs the network: the push of one word at the end of a text, and its answer. */
const bytes = async (length) => {
  await page.waitForFunction(() => document.querySelector(".status").dataset.status === "sent");
  await text.fill("x".repeat(length));
  await page.waitForFunction(() => document.querySelector(".status").dataset.status === "sent");
  const answered = page.waitForResponse((response) => response.url().endsWith("/api/operations"));
  await text.press("Control+End");
  await page.keyboard.type(" word");
  const response = await answered;
  await response.finished();
  const size = await response.request().sizes();
  console.log(
    `bytes of a push, text of ${length} characters  request ${size.requestBodySize} + ${size.requestHeadersSize} of headers, ` +
      `answer ${size.responseBodySize} + ${size.responseHeadersSize} of headers`,
  );
};

console.log();
await bytes(200);
await timed(200);
await timed(19_000);

await browser.close();
server.kill();
