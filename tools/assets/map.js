// The map: points on a canvas. A grid finds the point under the pointer; a frame is drawn only when something changed. Works with a pointer,
// with two fingers, and with the keyboard.
"use strict";
(() => {
  const canvas = document.getElementById("map"), told = document.getElementById("pointed"), legend = document.getElementById("groups");
  const context = canvas.getContext("2d");
  const CELLS = 128, REACH = 14, ZOOM_MAX = 400, STEP = 60;
  // Ten hues that differ in lightness as well, so that they can be told apart without colour; the last is for all other papers.
  const LIGHT = ["#1f5fa8", "#b04a00", "#1c7a3c", "#a61c3c", "#6a3fb0", "#7a5a00", "#b0308a", "#0b7285", "#55652b", "#8a8f98"];
  const DARK = ["#7db4f0", "#f2a35e", "#7fd6a2", "#f58a9e", "#c0a3f2", "#e0c266", "#f29ad6", "#6fd0e0", "#b9cc85", "#8a8f98"];
  const dark = matchMedia("(prefers-color-scheme: dark)");

  let papers = { ids: [], x: [], y: [], group: [], groups: [] }, grid = [];
  let view = { x: 0, y: 0, zoom: 1 }, pointed = -1, queued = false, width = 0, height = 0;
  const titles = new Map();

  // ---- places: the map's middle is (0, 0), and 1 is nearly half of the shorter side at zoom 1
  const scale = () => Math.min(width, height) / 2 * 0.95 * view.zoom;
  const toScreen = i => [width / 2 + (papers.x[i] - view.x) * scale(), height / 2 + (papers.y[i] - view.y) * scale()];
  const toMap = (x, y) => [view.x + (x - width / 2) / scale(), view.y + (y - height / 2) / scale()];
  const cell = v => Math.max(0, Math.min(CELLS - 1, Math.floor((v + 1) / 2 * CELLS)));

  const fill = () => {
    grid = Array.from({ length: CELLS * CELLS }, () => []);
    for (let i = 0; i < papers.ids.length; i++)
      grid[cell(papers.y[i]) * CELLS + cell(papers.x[i])].push(i);
  };

  // The nearest paper within REACH pixels, -1 where there is none.
  const nearest = (x, y) => {
    const reach = REACH / scale(), [mx, my] = toMap(x, y);
    let best = -1, square = reach * reach;
    for (let cy = cell(my - reach); cy <= cell(my + reach); cy++)
      for (let cx = cell(mx - reach); cx <= cell(mx + reach); cx++)
        for (const i of grid[cy * CELLS + cx]) {
          const dx = papers.x[i] - mx, dy = papers.y[i] - my;
          if (dx * dx + dy * dy < square)
            [best, square] = [i, dx * dx + dy * dy];
        }
    return best;
  };

  // Whatever is nearest to the middle, however far.
  const nearestToMiddle = () => {
    let best = -1, square = Infinity;
    for (let i = 0; i < papers.ids.length; i++) {
      const dx = papers.x[i] - view.x, dy = papers.y[i] - view.y;
      if (dx * dx + dy * dy < square)
        [best, square] = [i, dx * dx + dy * dy];
    }
    return best;
  };

  // ---- drawing: straight into the canvas's pixels, which takes a fifth of the time that as many rectangles do
  let pixels = null;
  // "#rrggbb" as four bytes of an image, opaque.
  const pixel = colour => new Uint32Array(new Uint8Array([1, 3, 5].map(n => parseInt(colour.slice(n, n + 2), 16)).concat(255)).buffer)[0];
  const draw = () => {
    queued = false;
    if (width === 0 || height === 0)
      return;
    const ratio = devicePixelRatio || 1, colours = dark.matches ? DARK : LIGHT;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const [left, top] = toMap(0, 0), [right, bottom] = toMap(width, height);
    const size = Math.max(1.5, Math.min(8, 1.2 * Math.sqrt(view.zoom * 20000 / Math.max(papers.ids.length, 800))));
    const by = scale() * ratio, side = Math.max(1, Math.round(size * ratio));
    const right0 = (width * ratio - side) / 2 - view.x * by, down0 = (height * ratio - side) / 2 - view.y * by;
    if (pixels?.width !== canvas.width || pixels.height !== canvas.height)
      pixels = context.createImageData(canvas.width, canvas.height);
    const at = new Uint32Array(pixels.data.buffer), across = canvas.width, down = canvas.height;
    at.fill(0);
    for (let n = papers.groups.length; n > 0; n--) {
      const g = (2 * papers.groups.length - 1 - n) % papers.groups.length; // all other papers first, then the largest groups: none hides a smaller one
      const colour = pixel(colours[Math.min(g, colours.length - 1)]);
      for (const i of papers.of[g]) {
        const x = papers.x[i], y = papers.y[i];
        if (x < left || x > right || y < top || y > bottom)
          continue;
        const x0 = Math.max(0, Math.round(right0 + x * by)), x1 = Math.min(across, x0 + side);
        const y0 = Math.max(0, Math.round(down0 + y * by)), y1 = Math.min(down, y0 + side);
        for (let row = y0; row < y1; row++)
          at.fill(colour, row * across + x0, row * across + x1);
      }
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.putImageData(pixels, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (pointed >= 0) {
      const [x, y] = toScreen(pointed);
      context.strokeStyle = getComputedStyle(canvas).color;
      context.lineWidth = 2;
      context.beginPath();
      context.arc(x, y, size / 2 + 5, 0, 2 * Math.PI);
      context.stroke();
    }
  };
  const redraw = () => {
    if (!queued) {
      queued = true;
      requestAnimationFrame(draw);
    }
  };

  // ---- what is pointed at
  const tell = async i => {
    const id = papers.ids[i];
    if (!titles.has(id)) {
      titles.set(id, id);
      try {
        const answer = await fetch("/v1/papers/" + encodeURIComponent(id));
        if (answer.ok)
          titles.set(id, (await answer.json()).title || id);
      } catch { titles.delete(id); }
    }
    if (pointed === i)
      told.textContent = titles.get(id) || id;
  };
  let pause = 0;
  const point = i => {
    if (i === pointed)
      return;
    pointed = i;
    canvas.style.cursor = i < 0 ? "grab" : "pointer";
    clearTimeout(pause);
    if (i >= 0)
      pause = setTimeout(tell, 40, i);
    else
      told.textContent = "\u00a0";
    redraw();
  };
  const open = i => { if (i >= 0) location.href = "/papers/" + encodeURIComponent(papers.ids[i]); };

  // ---- moving
  const hold = () => { view.x = Math.max(-1.2, Math.min(1.2, view.x)); view.y = Math.max(-1.2, Math.min(1.2, view.y)); redraw(); };
  const zoomAt = (x, y, by) => {
    const [mx, my] = toMap(x, y);
    view.zoom = Math.max(0.7, Math.min(ZOOM_MAX, view.zoom * by));
    view.x = mx - (x - width / 2) / scale();
    view.y = my - (y - height / 2) / scale();
    hold();
  };
  const at = event => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };

  const fingers = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", event => {
    fingers.set(event.pointerId, at(event));
    moved = 0;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", event => {
    const [x, y] = at(event), before = fingers.get(event.pointerId);
    if (!before)
      return point(nearest(x, y));
    const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    if (others.length === 1) {
      const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
      zoomAt((x + others[0][0]) / 2, (y + others[0][1]) / 2, apart([x, y], others[0]) / apart(before, others[0]));
    } else {
      view.x -= (x - before[0]) / scale();
      view.y -= (y - before[1]) / scale();
      hold();
    }
    moved += Math.abs(x - before[0]) + Math.abs(y - before[1]);
    fingers.set(event.pointerId, [x, y]);
  });
  const lift = event => {
    const was = fingers.delete(event.pointerId);
    if (was && event.type === "pointerup" && moved < 6)
      open(nearest(...at(event)));
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("wheel", event => { event.preventDefault(); zoomAt(...at(event), Math.exp(-event.deltaY / 400)); }, { passive: false });

  // The keyboard points at whatever is nearest to the middle.
  canvas.addEventListener("keydown", event => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }, move = moves[event.key];
    if (move) {
      view.x += move[0] * STEP / scale();
      view.y += move[1] * STEP / scale();
      hold();
    } else if (event.key === "+" || event.key === "=") {
      zoomAt(width / 2, height / 2, 1.5);
    } else if (event.key === "-") {
      zoomAt(width / 2, height / 2, 1 / 1.5);
    } else if (event.key === "0") {
      view = { x: 0, y: 0, zoom: 1 };
      hold();
    } else if (event.key === "Enter") {
      return open(pointed);
    } else {
      return;
    }
    event.preventDefault();
    point(nearestToMiddle());
  });

  // ---- beginning
  const measure = () => { width = canvas.clientWidth; height = canvas.clientHeight; redraw(); };
  new ResizeObserver(measure).observe(canvas);
  dark.addEventListener("change", redraw);

  const begin = loaded => {
    papers = loaded;
    papers.of = papers.groups.map(() => []);
    for (let i = 0; i < papers.ids.length; i++) {
      papers.x[i] /= papers.extent;
      papers.y[i] /= papers.extent;
      papers.of[papers.group[i]].push(i);
    }
    const colours = dark.matches ? DARK : LIGHT;
    legend.replaceChildren(...papers.groups.map((name, g) => {
      const item = document.createElement("li");
      item.textContent = name;
      item.style.setProperty("--colour", colours[Math.min(g, colours.length - 1)]);
      return item;
    }));
    fill();
    measure();
    canvas.dataset.ready = "true";
  };
  const fail = () => { told.textContent = "The map cannot be loaded."; };
  fetch("/v1/map").then(answer => answer.ok ? answer.json().then(begin) : fail(), fail);
})();
