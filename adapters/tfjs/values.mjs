// Values of a check as a user of TensorFlow.js holds them, and what it returns as a check reads it.

import {arrayOf, numbersOf} from "../node/arrays.mjs";
import {translated} from "../node/translating.mjs";
import {ObjectArray} from "../node/wire.mjs";
import {tf} from "./library.mjs";

// NumPy's kind of a number -> the type of the tensor. TensorFlow.js has no wider ones.
const TYPES = {f: "float32", i: "int32", u: "int32", b: "bool"};

// Type of a tensor -> NumPy's.
const WRITTEN = {float32: "<f4", int32: "<i4", bool: "|b1"};

export const tensor = (array) =>
  tf.tensor(numbersOf(array), array.shape, TYPES[array.dtype.replace(/^[<|]/, "")[0]]);

// Return what stands for `value` in a call of TensorFlow.js: tensors for arrays.
export const toLibrary = (value) => translated(value, tensor);

// Return a tensor as an array of NumPy's, or as a scalar of NumPy's if it has no axis.
export function fromTensor(value) {
  const values = value.dataSync();
  if (value.dtype === "string") return new ObjectArray(value.shape, Array.from(values));
  return arrayOf(WRITTEN[value.dtype], value.shape, values);
}

export const isTensor = (value) => value instanceof tf.Tensor;

// A generator, or any other iterator.
export const isIterator = (value) => typeof value?.next === "function";
