// Values of a check as a user of TensorFlow.js holds them, and what it returns as a check reads it.

import {tf} from "./library.mjs";
import {NumPyArray, NumPyScalar, ObjectArray, PythonSet, Range, Tuple} from "./wire.mjs";

// NumPy's type of an array -> how its elements are read, and the type of the tensor. TensorFlow.js
// has no wider ones.
const READ = {
  f4: ["Float32Array", "float32"],
  f8: ["Float64Array", "float32"],
  i1: ["Int8Array", "int32"],
  i2: ["Int16Array", "int32"],
  i4: ["Int32Array", "int32"],
  i8: ["BigInt64Array", "int32"],
  u1: ["Uint8Array", "int32"],
  u2: ["Uint16Array", "int32"],
  u4: ["Uint32Array", "int32"],
  u8: ["BigUint64Array", "int32"],
  b1: ["Uint8Array", "bool"],
};

// Type of a tensor -> NumPy's, and how its elements are written.
const WRITTEN = {
  float32: ["<f4", Float32Array],
  int32: ["<i4", Int32Array],
  bool: ["|b1", Uint8Array],
};

function elements({dtype, data}) {
  const kind = READ[dtype.replace(/^[<|]/, "")];
  if (!kind) throw new TypeError(`JavaScript has no array of numbers of the type ${dtype}`);
  const [view, own] = kind;
  // A copy begins where every view may.
  const buffer = new Uint8Array(data).buffer;
  return [Array.from(new globalThis[view](buffer), Number), own];
}

export function tensor(array) {
  const [values, dtype] = elements(array);
  return tf.tensor(values, array.shape, dtype);
}

// Return what stands for `value` in a call of TensorFlow.js: tensors for arrays.
export function toLibrary(value) {
  if (value instanceof NumPyArray) return tensor(value);
  if (value instanceof NumPyScalar) return elements(value)[0][0];
  if (value instanceof Tuple || value instanceof PythonSet) return value.items.map(toLibrary);
  if (value instanceof ObjectArray) return value.items.map(toLibrary);
  if (value instanceof Range) {
    const {start, stop, step} = value;
    return tf.range(start, stop, step, "int32").arraySync();
  }
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [key, toLibrary(item)]));
  }
  if (Array.isArray(value)) return value.map(toLibrary);
  if (value !== null && typeof value === "object" && value.constructor === Object) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toLibrary(item)]));
  }
  return value;
}

// Return a tensor as an array of NumPy's, or as a scalar of NumPy's if it has no axis.
export function fromTensor(value) {
  const values = value.dataSync();
  if (value.dtype === "string") return new ObjectArray(value.shape, Array.from(values));
  const [dtype, View] = WRITTEN[value.dtype];
  const data = Buffer.from(View.from(values).buffer);
  return value.rank === 0 ? new NumPyScalar(dtype, data) : new NumPyArray(dtype, value.shape, data);
}

export const isTensor = (value) => value instanceof tf.Tensor;

// A generator, or any other iterator.
export const isIterator = (value) => typeof value?.next === "function";
