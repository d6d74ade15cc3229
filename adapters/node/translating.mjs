// Values of a check as a library of JavaScript takes them, and arrays of arrays as a check reads them.

import {arrayOf, numbersOf} from "./arrays.mjs";
import {NumPyArray, NumPyScalar, ObjectArray, PythonSet, Range, Tuple} from "./wire.mjs";

// Return what stands for `value` in a call: `ofArray(array)` for each array of NumPy's in it.
export function translated(value, ofArray) {
  const within = (item) => translated(item, ofArray);
  const entries = (pairs) => Object.fromEntries(pairs.map(([key, item]) => [key, within(item)]));
  if (value instanceof NumPyArray) return ofArray(value);
  if (value instanceof NumPyScalar) return numbersOf(value)[0];
  if (value instanceof Tuple || value instanceof PythonSet) return value.items.map(within);
  if (value instanceof ObjectArray) return value.items.map(within);
  if (value instanceof Range) {
    const {start, stop, step} = value;
    const length = Math.max(0, Math.ceil((stop - start) / step));
    return Array.from({length}, (_, place) => start + place * step);
  }
  if (value instanceof Map) return entries([...value]);
  if (Array.isArray(value)) return value.map(within);
  if (value?.constructor === Object) return entries(Object.entries(value));
  return value;
}

// Return an array of NumPy's as arrays of arrays, the first of which has an item for each sample.
export const rowsOf = (array) =>
  array.shape.slice(1).reduceRight((items, width) => {
    const length = width ? items.length / width : 0;
    return Array.from({length}, (_, row) => items.slice(row * width, (row + 1) * width));
  }, numbersOf(array));

// Return arrays of arrays of numbers, all of one length, as an array of NumPy's; else undefined.
export function fromRows(rows) {
  const shape = [];
  let items = rows;
  while (Array.isArray(items) && Array.isArray(items[0])) {
    const [{length}] = items;
    if (!items.every((item) => Array.isArray(item) && item.length === length)) return undefined;
    shape.push(length);
    items = items.flat();
  }
  const isOfNumbers = shape.length && items.every((item) => typeof item === "number");
  return isOfNumbers ? arrayOf("<f8", [rows.length, ...shape], items) : undefined;
}
