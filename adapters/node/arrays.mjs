// The numbers of NumPy's arrays.

import {NumPyArray, NumPyScalar} from "./wire.mjs";

// NumPy's type of an array, without the order of its bytes -> what views its elements here.
const VIEWS = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  b1: Uint8Array,
};

const viewOf = (dtype) => VIEWS[dtype.replace(/^[<|]/, "")];

// Return the elements of an array or a scalar of NumPy's as numbers, its last axis fastest.
export function numbersOf({dtype, data}) {
  const View = viewOf(dtype);
  if (!View) throw new TypeError(`JavaScript has no array of numbers of the type ${dtype}`);
  // A copy begins where every view may.
  return Array.from(new View(new Uint8Array(data).buffer), Number);
}

// Return numbers as an array of NumPy's, or as a scalar of NumPy's if it has no axis.
export function arrayOf(dtype, shape, numbers) {
  const data = Buffer.from(viewOf(dtype).from(numbers).buffer);
  return shape.length ? new NumPyArray(dtype, shape, data) : new NumPyScalar(dtype, data);
}
