// Models, built of the layers of TensorFlow.js that a description names.

import {NotOffered} from "../node/offered.mjs";
import {layers as library, tf} from "./library.mjs";
import {toLibrary} from "./values.mjs";

const make = library.layers;

// Each row of a batch times the first: it tells which rows were together.
class TimesFirst extends make.Layer {
  static className = "TimesFirst";

  call(inputs) {
    const [rows] = [inputs].flat();
    return tf.tidy(() => tf.mul(rows, tf.slice(rows, 0, 1)));
  }
}

// A penalty is an object here; that of Keras's name has the same factor, 0.01.
const denseSettings = ({kernelRegularizer, ...settings}) => ({
  ...settings,
  ...(kernelRegularizer === "l2" && {kernelRegularizer: library.regularizers.l2()}),
});

// Kind of layer in the vocabulary -> what makes it.
const KINDS = {
  dense: (settings) => make.dense(denseSettings(settings)),
  dropout: make.dropout,
  activation: make.activation,
  concatenate: make.concatenate,
  masking: make.masking,
  batch_normalization: make.batchNormalization,
  // Its weights are given. The initializer that it has for them by default, `orthogonal`, calls a
  // method of tensors that only the package of all of TensorFlow.js adds to them.
  simple_rnn: (settings) => make.simpleRNN({recurrentInitializer: "zeros", ...settings}),
  times_first: (settings) => new TimesFirst(settings),
};

const camelCase = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

// Return the settings of a layer by the names that they have in TensorFlow.js.
const named = (settings) => Object.fromEntries(
  Object.entries(toLibrary(settings)).map(([key, item]) => [camelCase(key), item]),
);

export const denseOf = ({name, settings = {}}) => denseSettings({name, ...named(settings)});

const layer = ({kind, name, settings = {}}, more = {}) =>
  KINDS[kind]({name, ...named(settings), ...more});

function input({name, shape, settings = {}}) {
  if ("tensor" in settings) {
    throw new NotOffered("argument", "Input(tensor)", "an input of TensorFlow.js is symbolic");
  }
  if ("batch_size" in settings) {
    return library.input({name, batchShape: [settings.batch_size, ...shape]});
  }
  return library.input({name, shape: toLibrary(shape)});
}

const bareIfOne = (items) => (items.length === 1 ? items[0] : items);

function functional(descriptions, outputs) {
  const tensors = {};
  const built = {};
  const inputs = [];
  for (const description of descriptions) {
    const {kind, name, settings} = description;
    if (kind === "input") {
      tensors[name] = input(description);
      inputs.push(tensors[name]);
    } else {
      // `again` calls a layer that is there already on other inputs: shared weights.
      built[name] = kind === "again" ? built[settings.layer] : layer(description);
      const feeds = description.inputs.map((source) => tensors[source]);
      tensors[name] = built[name].apply(bareIfOne(feeds));
    }
  }
  const ends = outputs.map((name) => tensors[name]);
  return library.model({inputs: bareIfOne(inputs), outputs: bareIfOne(ends)});
}

function sequential(descriptions) {
  const model = library.sequential();
  const [first, second, ...rest] = descriptions;
  const start = first.kind === "input"
    ? [layer(second, {inputShape: toLibrary(first.shape)})]
    : [layer(first), layer(second)];
  for (const each of [...start, ...rest.map((description) => layer(description))]) model.add(each);
  return model;
}

export function buildModel({style, layers, outputs}) {
  const descriptions = toPlain(layers);
  const model = style === "sequential"
    ? sequential(descriptions)
    : functional(descriptions, toPlain(outputs));
  // Not with getLayer: that is examined itself.
  const found = Object.fromEntries(model.layers.map((each) => [each.name, each]));
  for (const {name, weights} of descriptions) {
    if (weights) found[name].setWeights(toLibrary(weights));
  }
  return model;
}

// Lists may come as tuples.
export const toPlain = (items) => items.items ?? items;

export const buildSGD = ({rate, momentum}) =>
  (momentum ? tf.train.momentum(rate, momentum) : tf.train.sgd(rate));

// Return the weights of a model as tensors, by layer.
export function weightsOf(model) {
  const all = model.layers.map((each) => [each.name, each.getWeights()]);
  return Object.fromEntries(all.filter(([, weights]) => weights.length));
}
