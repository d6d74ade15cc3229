// The adapter of Scikit.js: the estimator that is a single layer of TensorFlow.js, trained by its
// `fit`. What that is trained with is given before, to the estimator's `setParams`.

import fs from "node:fs";
import path from "node:path";

import {NotOffered} from "../node/offered.mjs";
import {Reiterable} from "../node/streams.mjs";
import {load, tf, versions as versionsBelow} from "../tfjs/library.mjs";
import {denseOf, toPlain, weightsOf} from "../tfjs/models.mjs";
import {COMPILE, FIT, LOSSES, METRICS, options, renamed} from "../tfjs/names.mjs";
import {HOOKS, MISSING, PROBES} from "../tfjs/probes.mjs";
import {fromTensor, isIterator, isTensor, toLibrary} from "../tfjs/values.mjs";

const scikit = load("scikitjs");
scikit.setBackend(tf);

export const title = "Scikit.js";

export function versions() {
  const file = path.join(process.env.FITSPEC_PACKAGES, "node_modules", "scikitjs", "package.json");
  return {scikitjs: JSON.parse(fs.readFileSync(file, "utf-8")).version, ...versionsBelow()};
}

export function renames() {
  const fields = (method, parameter, table) => Object.fromEntries(
    Object.entries(table).map(([key, name]) => [
      `${method}(${key})`, `setParams({${parameter}: {${name}}})`,
    ]),
  );
  const named = (kind, table) => Object.fromEntries(
    Object.entries(table).map(([key, name]) => [`${kind} ${key}`, name]),
  );
  return {
    model: "LinearRegression",
    compile: "setParams",
    ...fields("compile", "modelCompileArgs", COMPILE),
    ...fields("fit", "modelFitArgs", FIT),
    ...Object.fromEntries(Object.entries(HOOKS).map(([hook, [method]]) => [hook, method])),
    ...named("loss", LOSSES),
    ...named("metric", METRICS),
  };
}

// --- objects ------------------------------------------------------------------------------------

function buildModel({layers: described}) {
  const [first, ...rest] = toPlain(described);
  const [layer, ...more] = first.kind === "input" ? rest : [first, ...rest];
  if (layer?.kind !== "dense" || more.length) {
    throw new NotOffered("probe", "model", "an estimator is a single dense layer");
  }
  if (Object.keys(first.settings ?? {}).length && first.kind === "input") {
    throw new NotOffered("argument", "Input", "an estimator takes its input from the data");
  }
  const estimator = new scikit.LinearRegression();
  const weights = layer.weights ? {weights: toLibrary(layer.weights)} : {};
  const denseLayerArgs = {...denseOf(layer), ...weights};
  return estimator.setParams({...estimator.getParams(), denseLayerArgs});
}

const BUILDERS = {model: (_log, fields) => buildModel(fields), ...PROBES};

const MISSING_PROBES = {
  limited_sgd: "the optimizers of TensorFlow.js limit no gradients",
  ...MISSING,
  sequence: "estimators take arrays and tensors",
  generator_function: "estimators take arrays and tensors",
};

export function build(kind, fields, log) {
  const builder = BUILDERS[kind];
  if (!builder) throw new NotOffered("probe", kind, MISSING_PROBES[kind]);
  return builder(log, fields);
}

// --- calls --------------------------------------------------------------------------------------

function refuseStreams(given) {
  for (const [key, item] of Object.entries(given)) {
    if (isIterator(item) || item instanceof Reiterable) {
      throw new NotOffered("argument", `${key} as a stream`, "estimators take arrays and tensors");
    }
  }
}

const METHODS = {
  compile(model, {loss, metrics, ...given}) {
    const named = {loss: renamed(loss, LOSSES), metrics: renamed(metrics, METRICS)};
    const modelCompileArgs = options("compile", COMPILE, {...given, ...named});
    return model.setParams({...model.getParams(), modelCompileArgs});
  },
  fit(model, {x, y, ...given}) {
    refuseStreams({x, y, ...given});
    const modelFitArgs = options("fit", FIT, given);
    return model.setParams({...model.getParams(), modelFitArgs}).fit(toLibrary(x), toLibrary(y));
  },
  predict(model, {x, ...given}) {
    refuseStreams({x});
    options("predict", {}, given);
    return model.predict(toLibrary(x));
  },
};

const POSITIONAL = {compile: ["optimizer", "loss"], fit: ["x", "y"], predict: ["x"]};

const MISSING_METHODS = {
  evaluate: "`score` gives the coefficient of determination, and no losses or metrics",
  test_on_batch: "`score` gives the coefficient of determination, and no losses or metrics",
  train_on_batch: "`fit` is the only method that trains",
  get_layer: "an estimator has one layer, which has no name in its methods",
};

function methodOf(name) {
  const reason = MISSING_METHODS[name] ?? "estimators have fit, predict and score";
  if (!(name in METHODS)) throw new NotOffered("method", name, reason);
  return METHODS[name];
}

export function call(target, name, args, kwargs) {
  const method = methodOf(name);
  const positional = args.map((item, place) => [POSITIONAL[name][place], item]);
  return method(target, {...Object.fromEntries(positional), ...kwargs});
}

export function signature(_target, method) {
  methodOf(method);
  throw new NotOffered("signature", method, "the arguments are fields of the object of setParams");
}

// --- what is looked at --------------------------------------------------------------------------

export function get(_target, name) {
  throw new NotOffered("attribute", name, "an estimator has coef and intercept");
}

export function weights({model}) {
  if (!model.layers.length) {
    throw new NotOffered("attribute", "weights", "an estimator has none before it is fitted");
  }
  return weightsOf(model);
}

export function iterations({model}) {
  if (!model.layers.length) {
    throw new NotOffered("attribute", "iterations", "an estimator has none before it is fitted");
  }
  return model.optimizer.iterations;
}

export const asArray = (value) => (isTensor(value) ? fromTensor(value) : undefined);

export const reset = () => tf.disposeVariables();
