// What checks give to TensorFlow.js: its callback, a user's functions of losses, sources of batches.

import {recorderOf} from "../node/recorder.mjs";
import {Reiterable, buildFileReader, generate} from "../node/streams.mjs";
import {layers, tf} from "./library.mjs";
import {buildSGD, weightsOf} from "./models.mjs";
import {fromTensor, isTensor, tensor} from "./values.mjs";

// Documented hook -> the method of a callback, and whether it is called with an index.
export const HOOKS = {
  train_begin: ["onTrainBegin", false],
  epoch_begin: ["onEpochBegin", true],
  train_batch_begin: ["onBatchBegin", true],
  train_batch_end: ["onBatchEnd", true],
  epoch_end: ["onEpochEnd", true],
  train_end: ["onTrainEnd", false],
};

const Recorder = recorderOf(layers.Callback, HOOKS, {
  model: (callback) => callback.model,
  weights: weightsOf,
  stop: (model) => { model.stopTraining = true; },
  number: (value) => (isTensor(value) ? fromTensor(value) : value),
});

const firstColumn = (matrix) => tf.reshape(tf.slice(matrix, [0, 0], [-1, 1]), [-1]);

// A user's functions of targets and predictions, with a value for each sample.
const FUNCTIONS = {
  absolute_error: (targets, predictions) => firstColumn(tf.abs(tf.sub(predictions, targets))),
  prediction_less_twice_target: (targets, predictions) =>
    firstColumn(tf.sub(predictions, tf.mul(2, targets))),
  prediction_times_first_target: (targets, predictions) =>
    tf.mul(firstColumn(predictions), tf.slice(firstColumn(targets), 0, 1)),
};

// What builds each object of the vocabulary but models.
export const PROBES = {
  sgd: (_log, fields) => buildSGD(fields),
  recorder: (log, fields) => new Recorder(log, fields),
  generator: generate,
  // There are no threads to be locked out.
  locked_iterator: generate,
  file_reader: buildFileReader,
  iterable: (log, fields) => new Reiterable(log, fields),
  function: (_log, {form}) => FUNCTIONS[form],
  tensor: (_log, {values}) => tensor(values),
  array: (_log, {values}) => values,
};

// Why there are no others, whatever trains the layers of TensorFlow.js.
export const MISSING = {
  loss: "losses are functions, and no classes of objects",
  summed_loss: "losses are functions, and no classes of objects",
  unreduced_loss: "losses are functions, and no classes of objects",
  metric: "metrics are functions, and no classes of objects",
  numpy_seed: "the shuffling draws from Math.random, which takes no seed",
  hdf5: "JavaScript has no HDF5 data sets",
  start_method: "no processes are started",
  foreign_tensor: "tensors are those of TensorFlow.js",
};
