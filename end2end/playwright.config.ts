// How the browser tests run: real server, real Chromium.
import { defineConfig } from '@playwright/test';
import { chromiumPath, launchArgs } from './fixtures/environment.ts';

export default defineConfig({
  testDir: 'tests',
  globalSetup: './fixtures/template.ts',
  outputDir: 'test-results',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: true,
  // Two cores can stall a browser for longer than any patience here. What needed its second attempt is listed as
  // flaky, and is a fault to be found: the first such list hid an abort of the app.
  retries: 1,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: chromiumPath(), args: launchArgs },
    viewport: { width: 1280, height: 900 },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    video: 'off',
    // What was done, asked and logged is kept of every failure, the first attempt's too. Pictures of each step take a
    // third of the whole run's time: `--trace on` has them.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
  },
});
