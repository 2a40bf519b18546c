// YOLOX with onnxruntime-node and sharp, as the guides of both show it.
// node detect.js MODEL FOLDER FRAMES AT_ONCE: prints "first" at the first result, then one line of JSON.
'use strict';
const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');
const sharp = require('sharp');

const [model, folder, frames, atOnce] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const SIZE = 416, THRESHOLD = 0.3, OVERLAP = 0.45, MAXIMUM = 100;

async function detect(session, file) {
  const image = sharp(file);
  const { width, height } = await image.metadata();
  const pixels = await image
    .resize(SIZE, SIZE, { fit: 'contain', position: 'left top', background: { r: 114, g: 114, b: 114 } })
    .removeAlpha().toColourspace('srgb').raw().toBuffer();
  const input = new Float32Array(3 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) {
    input[i] = pixels[3 * i + 2];
    input[SIZE * SIZE + i] = pixels[3 * i + 1];
    input[2 * SIZE * SIZE + i] = pixels[3 * i];
  }
  const outputs = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', input, [1, 3, SIZE, SIZE]) });
  return suppress(decode(outputs[session.outputNames[0]], Math.min(SIZE / width, SIZE / height)));
}

function decode(output, scale) {
  const [, anchors, values] = output.dims;
  const data = output.data, boxes = [];
  let at = 0;
  for (const stride of [8, 16, 32]) {
    const side = SIZE / stride;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++, at += values) {
        let best = 0;
        for (let c = 1; c < values - 5; c++) {
          if (data[at + 5 + c] > data[at + 5 + best]) best = c;
        }
        const score = data[at + 4] * data[at + 5 + best];
        if (score < THRESHOLD) continue;
        const cx = (data[at] + x) * stride, cy = (data[at + 1] + y) * stride;
        const w = Math.exp(data[at + 2]) * stride, h = Math.exp(data[at + 3]) * stride;
        boxes.push({ left: (cx - w / 2) / scale, top: (cy - h / 2) / scale, right: (cx + w / 2) / scale, bottom: (cy + h / 2) / scale, class: best, score });
      }
    }
  }
  if (at !== anchors * values) throw new Error('not a YOLOX output');
  return boxes;
}

function overlap(a, b) {
  const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (w <= 0 || h <= 0) return 0;
  return w * h / ((a.right - a.left) * (a.bottom - a.top) + (b.right - b.left) * (b.bottom - b.top) - w * h);
}

function suppress(boxes) {
  const kept = [];
  for (const box of boxes.sort((a, b) => b.score - a.score)) {
    if (kept.length < MAXIMUM && kept.every(other => other.class !== box.class || overlap(other, box) <= OVERLAP)) kept.push(box);
  }
  return kept;
}

async function main() {
  const files = fs.readdirSync(folder).filter(name => /\.jpe?g$/i.test(name)).sort().map(name => path.join(folder, name));
  const session = await ort.InferenceSession.create(model);
  let next = 0, boxes = 0, start = 0;
  const results = [];
  async function work() {
    while (next < frames) {
      const index = next++;
      const found = await detect(session, files[index % files.length]);
      boxes += found.length;
      results[index] = found;
    }
  }
  const first = await detect(session, files[0]);
  console.log('first ' + first.length);
  start = process.hrtime.bigint();
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const cpu = process.cpuUsage();
  console.log(JSON.stringify({
    fps: frames / seconds, peakRssMB: process.resourceUsage().maxRSS * 1024 / 1e6, rssMB: process.memoryUsage().rss / 1e6,
    boxes, cpuSeconds: (cpu.user + cpu.system) / 1e6,
    versions: `node ${process.version}, onnxruntime-node ${require('onnxruntime-node/package.json').version}, sharp ${require('sharp/package.json').version}`,
  }));
}

main();
