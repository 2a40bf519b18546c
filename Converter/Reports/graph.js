// Draws the page's graphs on a canvas: only what is in view, with less detail the further away it is.
const $ = id => document.getElementById(id);
const data = JSON.parse($('data').textContent);
const canvas = $('graph'), pen = canvas.getContext('2d'), map = $('map'), mapPen = map.getContext('2d');
const dark = matchMedia('(prefers-color-scheme: dark)');
const hues = { port: [0, 0], linear: [216, 75], activation: [8, 72], normalization: [44, 85], pooling: [150, 50], arithmetic: [275, 45], movement: [190, 40], quantization: [320, 55], sequence: [100, 50], control: [25, 80], other: [0, 0] };
const hidden = new Set();
let graph, view = { x: 0, y: 0, z: 1 }, chosen = -1, over = -1, hits = [], hit = -1, waiting = false, mapScale = [1, 1];

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name);
let ink, paper, line, edgeInk, accent, faint;
function readColours() {
  [ink, paper, line, edgeInk, accent, faint] = ['--ink', '--paper', '--line', '--edge', '--accent', '--faint'].map(css);
}
function colour(kind, part) {
  const [hue, strength] = hues[data.kinds[kind]];
  const light = dark.matches ? { fill: 24, line: 48, map: 55 } : { fill: 92, line: 58, map: 60 };
  return `hsl(${hue} ${strength}% ${light[part]}%)`;
}

function open(index, node = -1) {
  graph = data.graphs[index];
  $('graphs').value = index;
  prepare();
  search($('search').value, false);
  legend();
  drawMap();
  fit(true);
  choose(node, node >= 0);
}

// Who stands where: a grid of cells, so that the pointer finds a node at once.
const cell = 400;
function prepare() {
  graph.grid ??= new Map();
  graph.around ??= graph.nodes.map(() => []);
  if (graph.grid.size || !graph.nodes.length) return;
  graph.nodes.forEach((node, index) => {
    for (let cx = Math.floor(node.x / cell); cx <= Math.floor((node.x + node.w) / cell); cx++)
      for (let cy = Math.floor(node.y / cell); cy <= Math.floor((node.y + node.h) / cell); cy++) {
        const key = `${cx},${cy}`;
        if (!graph.grid.has(key)) graph.grid.set(key, []);
        graph.grid.get(key).push(index);
      }
  });
  graph.edges.forEach((edge, index) => {
    const points = edge[3];
    let [left, right] = [Infinity, -Infinity];
    for (let at = 0; at < points.length; at += 2) { left = Math.min(left, points[at]); right = Math.max(right, points[at]); }
    edge.box = [left, Math.min(points[1], points.at(-1)), right, Math.max(points[1], points.at(-1))];
    graph.around[edge[0]].push(index);
    if (edge[1] !== edge[0]) graph.around[edge[1]].push(index);
  });
}
function nodeAt(x, y) {
  const found = graph.grid.get(`${Math.floor(x / cell)},${Math.floor(y / cell)}`) ?? [];
  return found.find(index => {
    const node = graph.nodes[index];
    return x >= node.x && x <= node.x + node.w && y >= node.y && y <= node.y + node.h;
  }) ?? -1;
}

function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
}
function draw() {
  const scale = devicePixelRatio, width = canvas.clientWidth, height = canvas.clientHeight;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.setTransform(scale * view.z, 0, 0, scale * view.z, -view.x * view.z * scale, -view.y * view.z * scale);
  const [left, top, right, bottom] = [view.x, view.y, view.x + width / view.z, view.y + height / view.z];
  const near = new Set(chosen >= 0 ? graph.around[chosen] : []);
  const shown = graph.edges.filter(({ box }) => box[0] <= right + 20 && box[2] >= left - 20 && box[1] <= bottom && box[3] >= top);
  pen.lineWidth = Math.max(1, .6 / view.z);
  pen.strokeStyle = edgeInk;
  pen.beginPath();
  for (const edge of shown) path(edge[3]);
  pen.stroke();
  if (view.z > .45) {
    pen.fillStyle = edgeInk;
    for (const edge of shown) tip(edge[3]);
  }
  if (near.size) {
    pen.strokeStyle = pen.fillStyle = accent;
    pen.lineWidth = Math.max(1.8, 1.4 / view.z);
    pen.beginPath();
    for (const index of near) path(graph.edges[index][3]);
    pen.stroke();
    for (const index of near) tip(graph.edges[index][3]);
  }
  const marked = new Set(hits), dim = hits.length > 0;
  for (let index = 0; index < graph.nodes.length; index++) {
    const node = graph.nodes[index];
    if (node.x > right || node.x + node.w < left || node.y > bottom || node.y + node.h < top) continue;
    pen.globalAlpha = hidden.has(node.k) ? .15 : dim && !marked.has(index) && index !== chosen ? .3 : 1;
    box(node, index === chosen || index === hits[hit], marked.has(index) || index === over);
  }
  pen.globalAlpha = 1;
  if (view.z > .8) labels(shown);
  drawView();
}
function path(points) {
  pen.moveTo(points[0], points[1]);
  for (let at = 2; at < points.length; at += 2) {
    const [x0, y0, x1, y1] = [points[at - 2], points[at - 1], points[at], points[at + 1]];
    if (Math.abs(x0 - x1) < .5) pen.lineTo(x1, y1);
    else pen.bezierCurveTo(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, x1, y1);
  }
}
function tip(points) {
  const [x, y] = [points.at(-2), points.at(-1)];
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - 3.5, y - 7);
  pen.lineTo(x + 3.5, y - 7);
  pen.fill();
}
function box(node, strong, marked) {
  pen.fillStyle = colour(node.k, 'fill');
  pen.strokeStyle = strong || marked ? accent : colour(node.k, 'line');
  pen.lineWidth = Math.max(strong ? 3 : marked ? 2 : 1, (strong || marked ? 2 : .5) / view.z);
  pen.beginPath();
  pen.roundRect(node.x, node.y, node.w, node.h, data.kinds[node.k] === 'port' ? node.h / 2 : 5);
  pen.fill();
  pen.stroke();
  if (view.z < .3) return;
  pen.fillStyle = ink;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.font = '600 12.5px system-ui, sans-serif';
  pen.fillText(node.t, node.x + node.w / 2, node.y + (node.s ? 15 : node.h / 2 + .5), node.w - 8);
  if (!node.s) return;
  pen.fillStyle = faint;
  pen.font = '10.5px system-ui, sans-serif';
  pen.fillText(node.s, node.x + node.w / 2, node.y + 30, node.w - 8);
}
// One label an output: beside the first of its edges, where there is room below the node.
function labels(shown) {
  pen.font = '10px system-ui, sans-serif';
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  const said = new Set();
  for (const edge of shown) {
    const key = `${edge[0]} ${edge[2]}`;
    if (!edge[2] || said.has(key)) continue;
    said.add(key);
    const x = edge[3][0] + 5, y = edge[3][1] + 11;
    pen.strokeStyle = paper;
    pen.lineWidth = 3;
    pen.strokeText(edge[2], x, y);
    pen.fillStyle = faint;
    pen.fillText(edge[2], x, y);
  }
}

function drawMap() {
  const most = [150, Math.min(420, canvas.clientHeight - 90)];
  // A long graph gets a map that is wider than true, or nothing could be told apart on it.
  const scale = Math.min(most[0] / graph.w, most[1] / graph.h, .2);
  const width = Math.max(Math.min(70, graph.w * .2), graph.w * scale, 24), height = Math.max(24, graph.h * scale);
  mapScale = [width / graph.w, height / graph.h];
  Object.assign(map.style, { width: `${width}px`, height: `${height}px`, display: graph.nodes.length > 12 ? 'block' : 'none' });
  map.width = width * devicePixelRatio;
  map.height = height * devicePixelRatio;
}
function drawView() {
  const [sx, sy] = mapScale;
  mapPen.setTransform(1, 0, 0, 1, 0, 0);
  mapPen.clearRect(0, 0, map.width, map.height);
  mapPen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  const marked = new Set(hits);
  graph.nodes.forEach((node, index) => {
    const strong = marked.has(index) || index === chosen;
    mapPen.fillStyle = strong ? accent : colour(node.k, 'map');
    const height = Math.max(node.h * sy, strong ? 3 : 1.2), width = Math.max(node.w * sx, strong ? 5 : 2);
    mapPen.fillRect((node.x + node.w / 2) * sx - width / 2, node.y * sy, width, height);
  });
  mapPen.strokeStyle = accent;
  mapPen.lineWidth = 1.5;
  mapPen.strokeRect(view.x * sx, view.y * sy, canvas.clientWidth / view.z * sx, canvas.clientHeight / view.z * sy);
}

function fit(first) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const all = Math.min((width - 60) / graph.w, (height - 90) / graph.h, 1.2);
  // A long graph opens at its top, large enough to read.
  view.z = first && all < .55 ? Math.max(.85, Math.min(1, (width - 240) / graph.w)) : all;
  const port = graph.nodes.reduce((best, node) => !best || node.y < best.y ? node : best, null);
  view.x = first && all < .55 && port ? port.x + port.w / 2 - width / view.z / 2 : (graph.w - width / view.z) / 2;
  view.y = graph.h * view.z > height - 90 ? -20 / view.z : (graph.h - height / view.z) / 2;
  redraw();
}
function zoom(factor, px = canvas.clientWidth / 2, py = canvas.clientHeight / 2) {
  const z = Math.min(4, Math.max(.01, view.z * factor));
  view.x += px / view.z - px / z;
  view.y += py / view.z - py / z;
  view.z = z;
  redraw();
}
function show(index) {
  const node = graph.nodes[index];
  view.z = Math.max(view.z, .8);
  view.x = node.x + node.w / 2 - canvas.clientWidth / view.z / 2;
  view.y = node.y + node.h / 2 - canvas.clientHeight / view.z / 2;
}
function choose(index, move = false) {
  chosen = index;
  if (index >= 0 && move) show(index);
  const node = graph.nodes[index];
  fill(node ? node.t : document.title, node ? node.d : data.overview, !!node);
  history.replaceState(null, '', node ? `#${data.graphs.indexOf(graph)}.${index}` : '#');
  redraw();
}

function fill(title, sections, closes) {
  const panel = $('panel');
  panel.replaceChildren();
  if (closes) {
    const back = element('button', 'overview');
    back.className = 'back';
    back.onclick = () => choose(-1);
    panel.append(back);
  }
  panel.append(element('h2', title));
  for (const section of sections) {
    if (section.h) panel.append(element('h3', section.h));
    for (const row of section.r) panel.append(line_(row));
  }
  panel.scrollTop = 0;
}
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
function line_(row) {
  const made = element('div', '');
  made.className = row.l ? 'row' : 'row wide';
  if (row.l) made.append(element('b', row.l));
  const leads = row.n !== undefined || row.g !== undefined;
  const text = element(leads ? 'a' : 'span', row.t);
  if (leads) text.onclick = () => row.g !== undefined ? open(row.g, row.n ?? -1) : choose(row.n, true);
  made.append(text);
  if (row.c) {
    const [low, high, ...counts] = row.c, most = Math.max(...counts), ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    svg.setAttribute('viewBox', `0 0 ${counts.length} 100`);
    svg.setAttribute('preserveAspectRatio', 'none');
    counts.forEach((count, at) => {
      const bar = document.createElementNS(ns, 'rect'), height = count ? Math.max(1.5, 100 * count / most) : 0;
      for (const [key, value] of Object.entries({ x: at + .06, y: 100 - height, width: .88, height })) bar.setAttribute(key, value);
      svg.append(bar);
    });
    const scale = element('div', '');
    scale.className = 'scale';
    scale.append(element('span', low), element('span', high));
    made.append(svg, scale);
  }
  return made;
}

function legend() {
  const counts = data.kinds.map(() => 0);
  graph.nodes.forEach(node => counts[node.k]++);
  $('legend').replaceChildren(...data.kinds.flatMap((name, kind) => {
    if (!counts[kind]) return [];
    const button = element('button', ''), patch = document.createElement('i');
    patch.style.background = colour(kind, 'fill');
    patch.style.border = `1px solid ${colour(kind, 'line')}`;
    button.append(patch, `${name} ${counts[kind]}`);
    button.title = 'show or fade';
    button.className = hidden.has(kind) ? 'off' : '';
    button.onclick = () => { hidden.has(kind) ? hidden.delete(kind) : hidden.add(kind); legend(); redraw(); };
    return [button];
  }));
}

function search(text, list = true) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  hits = [];
  hit = -1;
  if (words.length) graph.nodes.forEach((node, index) => {
    const all = `${node.t} ${node.s} ${node.f}`.toLowerCase();
    if (words.every(word => all.includes(word))) hits.push(index);
  });
  $('hits').textContent = words.length ? `${hits.length} hit${hits.length === 1 ? '' : 's'}` : '';
  if (list && words.length) fill(`${hits.length} of ${graph.nodes.length} nodes`, [{ r: hits.slice(0, 300).map(index => ({ l: graph.nodes[index].t, t: graph.nodes[index].f.split('\n')[0] || graph.nodes[index].s || '(no name)', n: index })) }], true);
  if (list && !words.length) choose(chosen);
  redraw();
}
function next(step) {
  if (!hits.length) return;
  hit = (hit + step + hits.length) % hits.length;
  $('hits').textContent = `${hit + 1} / ${hits.length}`;
  choose(hits[hit], true);
}

const pointers = new Map();
let moved = false;
canvas.onpointerdown = event => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
  moved = false;
  canvas.focus();
};
canvas.onpointermove = event => {
  const was = pointers.get(event.pointerId);
  if (!was) { hover(event); return; }
  const [dx, dy] = [event.offsetX - was[0], event.offsetY - was[1]];
  if (!moved && Math.hypot(dx, dy) < 4) return;
  moved = true;
  $('tip').hidden = true;
  canvas.className = 'drag';
  const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
  if (others.length) {
    const [[ox, oy]] = others, before = Math.hypot(was[0] - ox, was[1] - oy), after = Math.hypot(event.offsetX - ox, event.offsetY - oy);
    if (before > 0) zoom(after / before, ox, oy);
  } else {
    view.x -= dx / view.z;
    view.y -= dy / view.z;
  }
  pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
  redraw();
};
canvas.onpointerup = canvas.onpointercancel = event => {
  pointers.delete(event.pointerId);
  canvas.className = '';
  if (!moved && event.type === 'pointerup') choose(nodeAt(view.x + event.offsetX / view.z, view.y + event.offsetY / view.z));
};
function hover(event) {
  const now = nodeAt(view.x + event.offsetX / view.z, view.y + event.offsetY / view.z);
  canvas.className = now >= 0 ? 'over' : '';
  const bubble = $('tip');
  if (now >= 0) {
    bubble.textContent = graph.nodes[now].f.split('\n')[0] || graph.nodes[now].t;
    bubble.style.left = `${Math.min(event.offsetX + 14, canvas.clientWidth - 200)}px`;
    bubble.style.top = `${event.offsetY + 16}px`;
  }
  bubble.hidden = now < 0;
  if (now !== over) { over = now; redraw(); }
}
canvas.onpointerleave = () => { $('tip').hidden = true; over = -1; redraw(); };
canvas.addEventListener('wheel', event => {
  event.preventDefault();
  zoom(Math.exp(-event.deltaY * (event.deltaMode ? .05 : .0016)), event.offsetX, event.offsetY);
}, { passive: false });
canvas.onkeydown = event => {
  const step = 80 / view.z, moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step], PageUp: [0, -8 * step], PageDown: [0, 8 * step] };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  view.x += move[0];
  view.y += move[1];
  redraw();
};
map.onpointerdown = map.onpointermove = event => {
  if (!event.buttons) return;
  view.x = event.offsetX / mapScale[0] - canvas.clientWidth / view.z / 2;
  view.y = event.offsetY / mapScale[1] - canvas.clientHeight / view.z / 2;
  redraw();
};
addEventListener('keydown', event => {
  if (event.target.tagName === 'INPUT') return;
  const actions = { '/': () => $('search').focus(), '+': () => zoom(1.3), '-': () => zoom(1 / 1.3), 0: () => fit(false), Escape: () => choose(-1) };
  if (actions[event.key]) { event.preventDefault(); actions[event.key](); }
});
$('search').oninput = event => search(event.target.value);
$('search').onkeydown = event => {
  if (event.key === 'Enter') next(event.shiftKey ? -1 : 1);
  if (event.key === 'Escape') { event.target.value = ''; search(''); canvas.focus(); }
};
$('in').onclick = () => zoom(1.3);
$('out').onclick = () => zoom(1 / 1.3);
$('fit').onclick = () => fit(false);
$('graphs').onchange = event => open(+event.target.value);
function size() {
  const stage = $('stage');
  Object.assign(canvas.style, { width: `${stage.clientWidth}px`, height: `${stage.clientHeight}px` });
  canvas.width = stage.clientWidth * devicePixelRatio;
  canvas.height = stage.clientHeight * devicePixelRatio;
}
addEventListener('resize', () => { size(); drawMap(); redraw(); });
dark.addEventListener('change', () => { readColours(); legend(); redraw(); });

data.graphs.forEach((item, index) => $('graphs').append(new Option(item.name, index)));
$('graphs').hidden = data.graphs.length < 2;
readColours();
size();
const [place, query] = location.hash.slice(1).split('?');
const [at, node] = place.split('.').map(text => /^\d+$/.test(text) ? +text : -1);
open(data.graphs[at] ? at : 0, data.graphs[at]?.nodes[node] ? node : -1);
if (query) { $('search').value = decodeURIComponent(query); search($('search').value); }
