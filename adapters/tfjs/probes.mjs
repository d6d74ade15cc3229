// What watches TensorFlow.js from inside: callbacks and generators, made as a user makes them.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";

import {layers, tf} from "./library.mjs";
import {weightsOf} from "./models.mjs";
import {fromTensor, isTensor} from "./values.mjs";
import {NumPyArray, NumPyScalar, Tuple, encode} from "./wire.mjs";

// Documented hook -> the method of a callback, and whether it is called with an index.
export const HOOKS = {
  train_begin: ["onTrainBegin", false],
  epoch_begin: ["onEpochBegin", true],
  train_batch_begin: ["onBatchBegin", true],
  train_batch_end: ["onBatchEnd", true],
  epoch_end: ["onEpochEnd", true],
  train_end: ["onTrainEnd", false],
};

const plain = (value) => encode(isTensor(value) ? fromTensor(value) : value, String);

const plainValues = (object) =>
  Object.fromEntries(Object.entries(object ?? {}).map(([key, item]) => [key, plain(item)]));

// An error of a class that bears the name of one of Python's.
function errorNamed(name, message) {
  const kind = {[name]: class extends Error {}}[name];
  return new kind(message);
}

async function waitFor(log, key, wait) {
  const settings = {...wait, probe: wait.probe ?? key};
  log.write("came", key, {in_time: await log.wait(settings)});
}

const isAt = (place, hook, index) =>
  place instanceof Tuple && place.items[0] === hook && place.items[1] === index;

// A callback that logs every hook, and interferes where it is told to; see `probes.py`.
class Recorder extends layers.Callback {
  constructor(log, fields) {
    super();
    Object.assign(this, {log, fields});
    this.waits = entriesOf(fields.waits);
  }

  async note(hook, index, logs) {
    const {key, weights, history, validation_data: data} = this.fields;
    const seen = {index, logs: plainValues(logs)};
    if (weights) {
      const all = Object.entries(weightsOf(this.model));
      seen.weights = Object.fromEntries(all.map(([name, items]) => [name, items.map(plain)]));
    }
    if (history && hook === "epoch_end") seen.recorded = this.model.history.epoch.map(plain);
    if (data && hook === "epoch_end") {
      seen.validation_rows = this.validationData ? this.validationData[0].shape[0] : null;
    }
    this.log.write(hook, key, seen);
    await this.interfere(hook, index, logs);
  }

  async interfere(hook, index, logs) {
    const {key, adds, stops_at: stopsAt, raises_at: raisesAt, error} = this.fields;
    if (hook === "epoch_end") Object.assign(logs, adds);
    const wait = this.waits.find(([place]) => isAt(place, hook, index));
    if (wait) await waitFor(this.log, key, wait[1]);
    if (isAt(stopsAt, hook, index)) this.model.stopTraining = true;
    if (isAt(raisesAt, hook, index)) {
      throw errorNamed(error, `raised by a callback at ${hook} ${index}`);
    }
  }
}

for (const [hook, [method, hasIndex]] of Object.entries(HOOKS)) {
  Recorder.prototype[method] = hasIndex
    ? function (index, logs) { return this.note(hook, index, logs); }
    : function (logs) { return this.note(hook, null, logs); };
}

const entriesOf = (map) => (map instanceof Map ? [...map] : Object.entries(map ?? {}));

export const buildRecorder = (log, fields) => new Recorder(log, fields);

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

const firstColumn = (matrix) => tf.reshape(tf.slice(matrix, [0, 0], [-1, 1]), [-1]);

// A user's functions of targets and predictions, with a value for each sample.
const FUNCTIONS = {
  absolute_error: (targets, predictions) => firstColumn(tf.abs(tf.sub(predictions, targets))),
  prediction_less_twice_target: (targets, predictions) =>
    firstColumn(tf.sub(predictions, tf.mul(2, targets))),
  prediction_times_first_target: (targets, predictions) =>
    tf.mul(firstColumn(predictions), tf.slice(firstColumn(targets), 0, 1)),
};

export const buildFunction = ({form}) => FUNCTIONS[form];
