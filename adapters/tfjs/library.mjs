// TensorFlow.js, from the folder into which npm installed it: the variable FITSPEC_PACKAGES.

import {createRequire} from "node:module";
import path from "node:path";

const load = createRequire(path.join(process.env.FITSPEC_PACKAGES ?? ".", "package.json"));

export const tf = load("@tensorflow/tfjs-core");
export const layers = load("@tensorflow/tfjs-layers");
export const data = load("@tensorflow/tfjs-data");
load("@tensorflow/tfjs-backend-cpu");

export const versions = () => ({
  "tfjs-layers": layers.version_layers,
  "tfjs-core": tf.version_core,
  "tfjs-data": data.version_data,
  node: process.versions.node,
});
