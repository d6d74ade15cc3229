// TensorFlow.js, from the folder into which npm installed it: the variable FITSPEC_PACKAGES.

import {createRequire} from "node:module";
import path from "node:path";

export const load = createRequire(path.join(process.env.FITSPEC_PACKAGES ?? ".", "package.json"));

// What is built on TensorFlow.js may need the package of all of it; else its parts are enough.
const isWhole = "@tensorflow/tfjs" in load("./package.json").dependencies;
const part = (name) => load(isWhole ? "@tensorflow/tfjs" : `@tensorflow/tfjs-${name}`);

export const tf = part("core");
export const layers = part("layers");
export const data = isWhole ? tf.data : part("data");
part("backend-cpu");

export const versions = () => ({
  "tfjs-layers": layers.version_layers,
  "tfjs-core": tf.version_core,
  "tfjs-data": data.version_data,
  node: process.versions.node,
});
