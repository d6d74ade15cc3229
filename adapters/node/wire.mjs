// How values travel: `wire.py` explains the forms, and `protocol.schema.json` is normative.
//
// What JavaScript has no word for becomes an object of one of the classes below, so that it can
// be sent back as it came.

export const VERSION = 1;

// A value cannot travel, or a message is not of the protocol's form.
export class WireError extends Error {}

// Python's tuple, set and range, and bytes.
export class Tuple {
  constructor(items) {
    this.items = items;
  }
}

export class PythonSet {
  constructor(items) {
    this.items = items;
  }
}

export class Range {
  constructor(start, stop, step) {
    Object.assign(this, {start, stop, step});
  }
}

export class Bytes {
  constructor(data) {
    this.data = data;
  }
}

// An array of NumPy's, a scalar of NumPy's (with no shape), and an array of Python objects.
export class NumPyArray {
  constructor(dtype, shape, data) {
    Object.assign(this, {dtype, shape, data});
  }
}

export class NumPyScalar {
  constructor(dtype, data) {
    Object.assign(this, {dtype, data});
  }
}

export class ObjectArray {
  constructor(shape, items) {
    Object.assign(this, {shape, items});
  }
}

// A number as JSON shall spell it, where JavaScript's own spelling would lose something.
class Spelled {
  constructor(text) {
    this.text = text;
  }
}

const base64 = (data) => Buffer.from(data).toString("base64");

// Return the value whose JSON form is `form`; `resolve` gives that of a ref or a probe.
export function decode(form, resolve) {
  if (Array.isArray(form)) return form.map((item) => decode(item, resolve));
  if (form === null || typeof form !== "object") return form;
  if (!("$" in form)) {
    return Object.fromEntries(
      Object.entries(form).map(([key, item]) => [key, decode(item, resolve)]),
    );
  }
  const items = () => form.items.map((item) => decode(item, resolve));
  const data = () => Buffer.from(form.data, "base64");
  switch (form.$) {
    case "ref":
    case "probe":
      return resolve(form);
    case "float":
      return {nan: NaN, inf: Infinity, "-inf": -Infinity}[form.value];
    case "array":
      return new NumPyArray(form.dtype, form.shape, data());
    case "scalar":
      return new NumPyScalar(form.dtype, data());
    case "objects":
      return new ObjectArray(form.shape, items());
    case "tuple":
      return new Tuple(items());
    case "set":
      return new PythonSet(items());
    case "range":
      return new Range(form.start, form.stop, form.step);
    case "bytes":
      return new Bytes(data());
    case "dict":
      return new Map(
        form.items.map(([key, item]) => [decode(key, resolve), decode(item, resolve)]),
      );
    default:
      throw new WireError(`a value of kind ${form.$} was not expected here`);
  }
}

// Return the JSON form of `value`; `foreign` gives that of an object of any other class.
export function encode(value, foreign) {
  const each = (items) => items.map((item) => encode(item, foreign));
  if (value === undefined) return null;
  if (typeof value === "number") return encodeNumber(value);
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (Array.isArray(value)) return each(value);
  if (value instanceof Tuple) return {$: "tuple", items: each(value.items)};
  if (value instanceof PythonSet) return {$: "set", items: each(value.items)};
  if (value instanceof Range) return {$: "range", ...value};
  if (value instanceof Bytes) return {$: "bytes", data: base64(value.data)};
  if (value instanceof NumPyArray) return {$: "array", ...value, data: base64(value.data)};
  if (value instanceof NumPyScalar) return {$: "scalar", ...value, data: base64(value.data)};
  if (value instanceof ObjectArray) {
    return {$: "objects", shape: value.shape, items: each(value.items)};
  }
  if (value instanceof Map) return {$: "dict", items: [...value].map(each)};
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value);
    if ("$" in value) return {$: "dict", items: entries.map(each)};
    return Object.fromEntries(entries.map(([key, item]) => [key, encode(item, foreign)]));
  }
  return foreign(value);
}

function encodeNumber(value) {
  if (Number.isNaN(value)) return {$: "float", value: "nan"};
  if (!Number.isFinite(value)) return {$: "float", value: value > 0 ? "inf" : "-inf"};
  // All numbers of JavaScript are what Python calls a float.
  const text = Object.is(value, -0) ? "-0" : String(value);
  return new Spelled(/^-?\d+$/.test(text) ? `${text}.0` : text);
}

// Return an encoded value as JSON, in ASCII as the protocol has it.
export function text(form) {
  if (form instanceof Spelled) return form.text;
  if (Array.isArray(form)) return `[${form.map(text).join(",")}]`;
  if (form !== null && typeof form === "object") {
    const fields = Object.entries(form).map(([key, item]) => `${quoted(key)}:${text(item)}`);
    return `{${fields.join(",")}}`;
  }
  return typeof form === "string" ? quoted(form) : JSON.stringify(form);
}

function quoted(string) {
  const escaped = (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(string).replace(/[\u007f-\uffff]/g, escaped);
}

// Return `message`, already encoded, as one line of the protocol.
export const dump = (message) => `${text({...message, fitspec: VERSION})}\n`;

// Return the message on `line`, its values still encoded.
export function load(line) {
  let message;
  try {
    message = JSON.parse(line);
  } catch (error) {
    throw new WireError(`not a message: ${error.message}`);
  }
  if (message?.fitspec !== VERSION) {
    throw new WireError(
      `a message of protocol version ${message?.fitspec}; this side speaks ${VERSION}`,
    );
  }
  return message;
}
