// What an adapter need not have: each of these stands in for a function that it does not export.

import {NotOffered} from "./offered.mjs";

export const title = "a library of JavaScript";

// What the report says of the adapter's names: documented name -> the library's.
export const renames = () => ({});

// Read the documented attribute `name` of a model.
export function get(target, name) {
  if (target[name] === undefined) throw new NotOffered("attribute", name);
  return target[name];
}

export function signature(_target, method) {
  const reason = "a function of JavaScript does not list what fields its arguments have";
  throw new NotOffered("signature", method, reason);
}

export function iterations() {
  throw new NotOffered("attribute", "iterations", "updates are not counted");
}

export function setTrainable() {
  throw new NotOffered("attribute", "trainable", "a layer cannot be kept from being trained");
}

// Return the documented names of an object's classes, and what of it is read, by documented name.
export const describe = (_value, classes) => ({classes, attributes: {}});

// Return a value of the library's own as an array or a scalar of NumPy's, if it is one.
export const asArray = () => undefined;

// Forget the models of the last check.
export function reset() {}
