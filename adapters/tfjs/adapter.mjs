// The adapter of TensorFlow.js: its names for what the documents name, never another behaviour.

import {NotOffered} from "../node/offered.mjs";
import {Reiterable} from "../node/streams.mjs";
import {Tuple} from "../node/wire.mjs";
import {data, tf, versions} from "./library.mjs";
import {buildModel, weightsOf} from "./models.mjs";
import {COMPILE, FIT, LOSSES, METRICS, options, renamed} from "./names.mjs";
import {HOOKS, MISSING, PROBES} from "./probes.mjs";
import {fromTensor, isIterator, isTensor, toLibrary} from "./values.mjs";

export const title = "TensorFlow.js";

// --- names --------------------------------------------------------------------------------------

// Documented arguments -> fields, as in `names.mjs`.
const FIT_DATASET = {
  steps_per_epoch: "batchesPerEpoch",
  epochs: "epochs",
  verbose: "verbose",
  callbacks: "callbacks",
  validation_data: "validationData",
  validation_steps: "validationBatches",
  class_weight: "classWeight",
  initial_epoch: "initialEpoch",
};
const EVALUATE = {
  batch_size: "batchSize",
  verbose: "verbose",
  sample_weight: "sampleWeight",
  steps: "steps",
};
const EVALUATE_DATASET = {steps: "batches", verbose: "verbose"};
const PREDICT = {batch_size: "batchSize", verbose: "verbose"};

// Documented method -> the names of its arguments that a check may give by position.
const POSITIONAL = {
  compile: ["optimizer", "loss"],
  fit: ["x", "y"],
  evaluate: ["x", "y"],
  predict: ["x"],
  train_on_batch: ["x", "y"],
  predict_on_batch: ["x"],
  fit_generator: ["generator"],
  evaluate_generator: ["generator"],
  get_layer: ["name"],
};

const ATTRIBUTES = {metrics_names: "metricsNames", stop_training: "stopTraining"};

// Class of TensorFlow.js -> the documented one. All callbacks derive from it, History too.
const CLASSES = {BaseCallback: "Callback"};

// Documented class -> its attributes that are read.
const REVEALS = {History: ["epoch", "history"], Layer: ["name"]};

const STREAM = "streams are datasets, which only fitDataset and evaluateDataset take, as all data";
const MISSING_METHODS = {
  test_on_batch: "there is no testOnBatch",
  predict_generator: "there is no predictDataset, and predict takes tensors",
};
const MISSING_PROBES = {
  limited_sgd: "its optimizers limit no gradients",
  ...MISSING,
  sequence: "there is no counterpart of Sequence, only datasets that are read in order",
};

// What the report says of all this.
export function renames() {
  const fields = (method, own, table) => Object.fromEntries(
    Object.entries(table)
      .filter(([key, name]) => key !== name)
      .map(([key, name]) => [`${method}(${key})`, `${own}({${name}})`]),
  );
  const hooks = Object.entries(HOOKS).map(([hook, [method]]) => [hook, method]);
  const named = (kind, table) => Object.fromEntries(
    Object.entries(table).map(([key, name]) => [`${kind} ${key}`, name]),
  );
  return {
    train_on_batch: "trainOnBatch",
    predict_on_batch: "predictOnBatch",
    get_layer: "getLayer",
    "fit(x=generator)": "fitDataset",
    fit_generator: "fitDataset",
    evaluate_generator: "evaluateDataset",
    generator: "tf.data.generator",
    "fit_generator(epochs)": "fitDataset({epochs}), which demands it: 1 where it is left out",
    ...fields("fit", "fit", FIT),
    ...fields("fit_generator", "fitDataset", FIT_DATASET),
    ...fields("evaluate", "evaluate", EVALUATE),
    ...fields("evaluate_generator", "evaluateDataset", EVALUATE_DATASET),
    ...fields("predict", "predict", PREDICT),
    ...ATTRIBUTES,
    ...Object.fromEntries(hooks),
    ...named("loss", LOSSES),
    ...named("metric", METRICS),
    Callback: "BaseCallback",
  };
}

// --- calls --------------------------------------------------------------------------------------

// Return an item of a generator in the form that datasets give.
function element(item) {
  const parts = item instanceof Tuple ? item.items : item;
  if (Array.isArray(parts) && parts.length === 2) {
    const [xs, ys] = parts.map(toLibrary);
    return {xs, ys};
  }
  if (Array.isArray(parts) && parts.length === 3) {
    const reason = "the elements of a dataset are inputs and targets, {xs, ys}";
    throw new NotOffered("argument", "sample weights of a generator", reason);
  }
  return toLibrary(item);
}

const isStream = (value) => isIterator(value) || value instanceof Reiterable;

// Return the dataset over an iterator, of which all epochs draw, or over what each iterates anew.
function dataset(source) {
  return data.generator(() => {
    const iterator = isIterator(source) ? source : source[Symbol.iterator]();
    return {
      async next() {
        const {done, value} = await iterator.next();
        return {done, value: done ? value : element(value)};
      },
    };
  });
}

const datasetIfStream = (value) => (isStream(value) ? dataset(value) : value);

function refuseTargets(method, y) {
  if (y == null) return;
  throw new NotOffered("argument", "y", `${method} takes the targets that the dataset gives`);
}

function refuseStreams(given) {
  for (const [key, item] of Object.entries(given)) {
    if (isStream(item)) throw new NotOffered("argument", `${key} as a stream`, STREAM);
  }
}

// fitDataset demands `epochs`: the documents' default stands in where a check has none.
function fitDataset(model, source, {epochs = 1, validation_data: validation, ...given}) {
  const more = validation == null ? {} : {validation_data: datasetIfStream(validation)};
  const all = {...given, epochs, ...more};
  return model.fitDataset(dataset(source), options("fitDataset", FIT_DATASET, all));
}

function evaluateDataset(model, source, given) {
  const named = options("evaluateDataset", EVALUATE_DATASET, given);
  return model.evaluateDataset(dataset(source), named);
}

const METHODS = {
  compile(model, {loss, metrics, ...given}) {
    const named = {loss: renamed(loss, LOSSES), metrics: renamed(metrics, METRICS)};
    return model.compile(options("compile", COMPILE, {...given, ...named}));
  },
  fit(model, {x, y, ...given}) {
    if (isStream(x)) {
      refuseTargets("fitDataset", y);
      return fitDataset(model, x, given);
    }
    refuseStreams(given);
    return model.fit(toLibrary(x), toLibrary(y), options("fit", FIT, given));
  },
  evaluate(model, {x, y, ...given}) {
    if (isStream(x)) {
      refuseTargets("evaluateDataset", y);
      return evaluateDataset(model, x, given);
    }
    return model.evaluate(toLibrary(x), toLibrary(y), options("evaluate", EVALUATE, given));
  },
  predict(model, {x, ...given}) {
    refuseStreams({x});
    return model.predict(toLibrary(x), options("predict", PREDICT, given));
  },
  train_on_batch(model, {x, y, ...given}) {
    options("trainOnBatch", {}, given);
    return model.trainOnBatch(toLibrary(x), toLibrary(y));
  },
  predict_on_batch(model, {x, ...given}) {
    options("predictOnBatch", {}, given);
    return model.predictOnBatch(toLibrary(x));
  },
  fit_generator(model, {generator, ...given}) {
    return fitDataset(model, generator, given);
  },
  evaluate_generator(model, {generator, ...given}) {
    return evaluateDataset(model, generator, given);
  },
  get_layer(model, {name, index, ...given}) {
    options("getLayer", {}, given);
    return model.getLayer(toLibrary(name), toLibrary(index));
  },
};

function methodOf(name) {
  if (!(name in METHODS)) throw new NotOffered("method", name, MISSING_METHODS[name]);
  return METHODS[name];
}

// Call the documented method `name` of `target`, and return what it returns.
export function call(target, name, args, kwargs) {
  const method = methodOf(name);
  const positional = args.map((item, place) => [POSITIONAL[name][place], item]);
  return method(target, {...Object.fromEntries(positional), ...kwargs});
}

// Read the documented attribute `name` of `target`.
export function get(target, name) {
  const value = target[ATTRIBUTES[name] ?? name];
  if (value === undefined) throw new NotOffered("attribute", name);
  return value;
}

// The parameters of a method are fields of an object: none of them can be asked for.
export function signature(_target, method) {
  methodOf(method);
  const reason = "the arguments are fields of an object, which a JavaScript function does not list";
  throw new NotOffered("signature", method, reason);
}

export const weights = weightsOf;

export const iterations = (model) => model.optimizer.iterations;

export function setTrainable(model, layer, trained) {
  model.layers.find((each) => each.name === layer).trainable = trained;
}

// --- objects ------------------------------------------------------------------------------------

const BUILDERS = {model: (_log, fields) => buildModel(fields), ...PROBES};

// Build an object of the vocabulary.
export function build(kind, fields, log) {
  const builder = BUILDERS[kind];
  if (!builder) throw new NotOffered("probe", kind, MISSING_PROBES[kind]);
  return builder(log, fields);
}

// Return the documented names of the classes of an object, and what is read of it.
export function describe(value, ownNames) {
  const classes = ownNames.map((name) => CLASSES[name] ?? name);
  const names = classes.flatMap((name) => REVEALS[name] ?? []);
  return {classes, attributes: Object.fromEntries(names.map((name) => [name, value[name]]))};
}

export const asArray = (value) => (isTensor(value) ? fromTensor(value) : undefined);

export const reset = () => tf.disposeVariables();

export {versions};
