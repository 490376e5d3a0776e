// The page as people use it, in headless Chromium: node page.mjs URL FOLDER. FOLDER has node_modules and gets the pictures.
// A step that fails is told with its name; the exit status is 1 if any did.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const [url, folder] = process.argv.slice(2);
const require = createRequire(path.join(folder, "node_modules", "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
let failures = 0, steps = 0;
const PATIENCE = 180000; // milliseconds: against hanging alone, for a machine may be slow

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"], timeout: PATIENCE });

const check = (what, holds) => {
  if (!holds)
    throw new Error("not so: " + what);
};

// One step on a page of its own; whatever the page says on its console, or fetches from elsewhere, fails it.
const step = async (name, options, run) => {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", message => { if (message.type() === "error") complaints.push(message.text()); });
  page.on("pageerror", error => complaints.push(String(error)));
  page.on("request", request => {
    const to = request.url();
    if (!to.startsWith(url) && !to.startsWith("data:"))
      complaints.push("asked elsewhere: " + to);
  });
  steps++;
  try {
    await run(page);
    check("no complaint: " + complaints.join("; "), complaints.length === 0 || options?.mayComplain);
  } catch (error) {
    failures++;
    console.log("FAILED: " + name + ": " + error.message.split("\n").slice(0, 6).join(" | "));
    await page.screenshot({ path: path.join(folder, "failed-" + steps + ".png") }).catch(() => {});
  }
  await context.close();
};

// Waits until something holds on the page. Playwright's own waiting evaluates strings, which the page's policy forbids.
const until = async (page, holds, argument) => {
  for (let i = 0; i < 2400; i++) {
    if (await page.evaluate(holds, argument).catch(() => false)) // the page may be on its way to another
      return;
    await page.waitForTimeout(50);
  }
  throw new Error("it did not come to hold: " + holds);
};

// Serious faults that axe-core finds. It is put in through the browser's debugger, for the page's own policy lets no other script in.
const faults = async page => {
  await page.evaluate(axe + "; void 0");
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => v.id + " at " + v.nodes[0].target);
};
const scrolls = page => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

await step("the first page lists the newest day's papers, with abstracts and sources", {}, async page => {
  await page.goto(url);
  check("a heading with the day", /Papers of 2025-03-14/.test(await page.textContent("h1")));
  check("papers", await page.locator("article.paper").count() >= 3);
  check("an abstract", (await page.textContent("article.paper .abstract")).length > 200);
  check("a source", await page.locator('article.paper a[href^="https://doi.org/"]').count() > 0);
  await page.screenshot({ path: path.join(folder, "day-1200-light.png") });
});

await step("search, open, follow a suggestion, go back", {}, async page => {
  await page.goto(url);
  await page.fill("#q", "coral bleaching");
  await page.press("#q", "Enter");
  await page.waitForURL(/search\?q=coral/);
  check("papers are found", await page.locator("article.paper").count() >= 2);
  await page.locator("article.paper h3 a").first().click();
  await page.waitForURL(/\/papers\//);
  const opened = await page.textContent("h1"), suggested = await page.textContent("ol.like li h3");
  check("a reason", (await page.textContent("ol.like .reason")).length > 3);
  await page.screenshot({ path: path.join(folder, "paper-1200-light.png") });
  await page.locator("ol.like li h3 a").first().click();
  await until(page, title => document.querySelector("h1").textContent === title, suggested);
  await page.goBack();
  check("back is the paper before", await page.textContent("h1") === opened);
});

await step("titles appear as one types, and the keyboard moves through them", {}, async page => {
  await page.goto(url);
  await page.locator("#q").pressSequentially("cora", { delay: 20 });
  await page.waitForSelector("#found:not([hidden]) a");
  // The answer to "cor" may have come before that to "cora".
  await until(page, () => [...document.querySelectorAll("#found a")].every(link => /cora/i.test(link.textContent)));
  await page.waitForTimeout(300);
  await page.keyboard.press("ArrowDown");
  const title = await page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press("Enter");
  await until(page, wanted => document.querySelector("h1").textContent === wanted, title);
  await page.goto(url);
  await page.locator("#q").pressSequentially("cora", { delay: 20 });
  await page.waitForSelector("#found:not([hidden]) a");
  await page.keyboard.press("Escape");
  check("Escape closes the list", await page.locator("#found").isHidden());
});

await step("a day's papers and a paper's suggestions are narrowed by the filters", {}, async page => {
  await page.goto(url);
  await page.fill('input[name="category"]', "q-bio");
  await page.click("text=Show");
  const categories = await page.locator("article.paper .data").allTextContents();
  check("only the category", categories.length > 0 && categories.every(text => /q-bio/.test(text)));
  await page.goto(url + "papers/reef-larvae-2021?since=2023");
  const dates = await page.locator("ol.like .data span:first-child").allTextContents();
  check("only since 2023", dates.length > 0 && dates.every(date => date >= "2023"));
  check("the filter stays in its field", await page.inputValue('input[name="since"]') === "2023");
});

await step("the day before is one click away", {}, async page => {
  await page.goto(url);
  const day = await page.textContent("h1");
  await page.click('a[rel="prev"]');
  check("another day", await page.textContent("h1") !== day);
  await page.click('a[rel="next"]');
  check("and back", await page.textContent("h1") === day);
});

await step("the map: hover tells the title, a click opens the paper, the keyboard moves and zooms", {}, async page => {
  await page.goto(url + "map");
  await page.waitForSelector('canvas[data-ready="true"]');
  const place = await page.evaluate(async () => {
    const map = await (await fetch("/v1/map")).json(), canvas = document.getElementById("map");
    const scale = Math.min(canvas.clientWidth, canvas.clientHeight) / 2 * 0.95 / map.extent, box = canvas.getBoundingClientRect();
    const inside = map.ids.findIndex((_, i) => Math.abs(map.y[i] * scale) < box.height / 2 - 30 && Math.abs(map.x[i] * scale) < box.width / 2 - 30);
    return { x: box.left + box.width / 2 + map.x[inside] * scale, y: box.top + box.height / 2 + map.y[inside] * scale, papers: map.ids.length };
  });
  check("all papers are on it", place.papers >= 70);
  await page.mouse.move(place.x, place.y);
  await until(page, () => document.getElementById("pointed").textContent.trim().length > 10);
  const told = await page.textContent("#pointed");
  await page.screenshot({ path: path.join(folder, "map-1200-light.png") });
  await page.mouse.click(place.x, place.y);
  await page.waitForURL(/\/papers\//);
  check("the paper that was pointed at", await page.textContent("h1") === told);
  await page.goBack();
  await page.waitForSelector('canvas[data-ready="true"]');
  await page.focus("#map");
  for (const key of ["+", "+", "ArrowLeft", "ArrowDown", "-"])
    await page.keyboard.press(key);
  await until(page, () => document.getElementById("pointed").textContent.trim().length > 10);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/papers\//);
});

await step("everything is reached with the keyboard alone", {}, async page => {
  await page.goto(url);
  await page.keyboard.press("Tab");
  check("first the way past the head", await page.evaluate(() => document.activeElement.className) === "skip");
  await page.keyboard.press("Enter");
  let found = false;
  for (let i = 0; i < 20 && !found; i++) {
    await page.keyboard.press("Tab");
    found = await page.evaluate(() => document.activeElement.matches("article.paper h3 a"));
  }
  check("a paper gets the focus", found);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/papers\//);
});

await step("without JavaScript all but the map and titles as one types works", { javaScriptEnabled: false }, async page => {
  await page.goto(url);
  await page.fill("#q", "coral");
  await page.click("form.find button");
  check("found", await page.locator("article.paper").count() >= 2);
  await page.goto(url + "map");
  check("the map says what it needs", /needs JavaScript/.test(await page.textContent("noscript, main")));
});

await step("an unknown paper is a page with status 404, and hostile words stay words", { mayComplain: true }, async page => {
  const answer = await page.goto(url + "papers/nobody-at-all");
  check("404", answer.status() === 404 && /No such paper/.test(await page.textContent("h1")));
  await page.goto(url + "search?q=" + encodeURIComponent("<script>document.title='taken'</script>\"'><img src=x>"));
  check("no script ran", await page.title() !== "taken");
  check("no element came of it", await page.locator("main img").count() === 0);
});

for (const [width, scheme] of [[320, "light"], [320, "dark"], [1200, "dark"], [1920, "light"]])
  for (const what of ["", "papers/reef-larvae-2021", "search?q=coral", "map", "mail"])
    await step(`/${what} fits ${width} pixels, ${scheme}, without a serious fault of accessibility`,
      { viewport: { width, height: 800 }, colorScheme: scheme }, async page => {
        await page.goto(url + what);
        if (what === "map")
          await page.waitForSelector('canvas[data-ready="true"]');
        check("nothing sticks out", !await scrolls(page));
        const found = await faults(page);
        check("no fault: " + found.join(", "), found.length === 0);
        await page.screenshot({ path: path.join(folder, `${(what.match(/^[a-z]*/)[0] || "day")}-${width}-${scheme}.png`) });
      });

await browser.close();
console.log(`${steps} steps, ${failures} failed`);
process.exit(failures ? 1 : 0);
