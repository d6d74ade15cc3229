// Names of TensorFlow.js for what the documents name, and the objects in which it takes arguments.

import {NotOffered} from "../node/offered.mjs";
import {Tuple} from "../node/wire.mjs";
import {toLibrary} from "./values.mjs";

// Documented arguments -> the fields of the object that a method takes them in. What is not here
// is not in the type that TensorFlow.js declares for that object, such as ModelFitArgs.
export const COMPILE = {optimizer: "optimizer", loss: "loss", metrics: "metrics"};
export const FIT = {
  batch_size: "batchSize",
  epochs: "epochs",
  verbose: "verbose",
  callbacks: "callbacks",
  validation_split: "validationSplit",
  validation_data: "validationData",
  shuffle: "shuffle",
  class_weight: "classWeight",
  sample_weight: "sampleWeight",
  initial_epoch: "initialEpoch",
  steps_per_epoch: "stepsPerEpoch",
  validation_steps: "validationSteps",
};

// Documented names of losses and metrics, where TensorFlow.js has others.
export const LOSSES = {
  mse: "meanSquaredError",
  mean_squared_error: "meanSquaredError",
  mae: "meanAbsoluteError",
  mean_absolute_error: "meanAbsoluteError",
  binary_crossentropy: "binaryCrossentropy",
  categorical_crossentropy: "categoricalCrossentropy",
  sparse_categorical_crossentropy: "sparseCategoricalCrossentropy",
};
export const METRICS = {
  mean_squared_error: "mse",
  mean_absolute_error: "mae",
  binary_accuracy: "binaryAccuracy",
  categorical_accuracy: "categoricalAccuracy",
  categorical_crossentropy: "categoricalCrossentropy",
};

// Return the object in which `method` of TensorFlow.js takes its arguments.
export function options(method, table, given) {
  const named = Object.entries(given).map(([key, item]) => {
    if (!(key in table)) throw new NotOffered("argument", key, `${method} has no such option`);
    return [table[key], toLibrary(item)];
  });
  return Object.fromEntries(named);
}

// Translate every name that is somewhere in `value`.
export function renamed(value, table) {
  if (typeof value === "string") return table[value] ?? value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, table));
  if (value instanceof Tuple) return value.items.map((item) => renamed(item, table));
  if (value !== null && typeof value === "object" && value.constructor === Object) {
    const entries = Object.entries(value).map(([key, item]) => [key, renamed(item, table)]);
    return Object.fromEntries(entries);
  }
  return value;
}
