// What gives data and tells when it is asked for them, made as a user of JavaScript makes it.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";

import {NumPyArray, Tuple} from "./wire.mjs";

export const entriesOf = (map) => (map instanceof Map ? [...map] : Object.entries(map ?? {}));

// An error of a class that bears the name of one of Python's.
export function errorNamed(name, message) {
  const kind = {[name]: class extends Error {}}[name];
  return new kind(message);
}

export async function waitFor(log, key, wait) {
  const settings = {...wait, probe: wait.probe ?? key};
  log.write("came", key, {in_time: await log.wait(settings)});
}

// What a generator does at item `index` besides giving it; see `Conduct` of `streams.py`.
async function act(log, {key, waits, raises_at: raisesAt, error, message}, index) {
  const wait = entriesOf(waits).find(([place]) => Number(place) === index);
  if (wait) await waitFor(log, key, wait[1]);
  if (index === raisesAt) throw errorNamed(error, message);
}

export async function* generate(log, fields) {
  const {key, repeats} = fields;
  const items = fields.items.items ?? fields.items;
  let index = 0;
  let given = false;
  try {
    while (repeats || index < items.length) {
      given = false;
      log.write("pull", key, {index});
      await act(log, fields, index);
      log.write("give", key, {index});
      given = true;
      yield items[index % items.length];
      index += 1;
    }
    given = false;
    log.write("end", key, {});
  } finally {
    // Left where it gave an item: somebody has closed it.
    if (given) log.write("close", key, {index});
  }
}

// What gives the same items each time it is iterated; see `Reiterable` of `data_objects.py`.
export class Reiterable {
  constructor(log, fields) {
    Object.assign(this, {log, fields});
  }

  *[Symbol.iterator]() {
    const {key, items} = this.fields;
    this.log.write("iterate", key, {});
    for (const [index, item] of (items.items ?? items).entries()) {
      this.log.write("give", key, {index});
      yield item;
    }
  }
}

// The documents' example, a generator over a text file with three numbers a line.
export function buildFileReader(log, {key, lines}) {
  const folder = fs.mkdtempSync(path.join(path.dirname(log.path), "lines-"));
  const file = path.join(folder, "lines.txt");
  fs.writeFileSync(file, [...(lines.items ?? lines), ""].join(os.EOL));
  return readLines(log, key, file);
}

async function* readLines(log, key, file) {
  const column = (word) => {
    const data = Buffer.from(Float32Array.of(Number(word)).buffer);
    return new NumPyArray("<f4", [1, 1], data);
  };
  for (;;) {
    log.write("file_open", key, {});
    const stream = fs.createReadStream(file);
    try {
      for await (const line of readline.createInterface({input: stream})) {
        const [first, second, target] = line.split(" ").map(column);
        yield new Tuple([{input_1: first, input_2: second}, {output: target}]);
      }
    } finally {
      stream.destroy();
      log.write("file_close", key, {});
    }
  }
}
