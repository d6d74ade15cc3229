// The process in which a library of JavaScript runs: reads requests, drives it, answers.
//
//   FITSPEC_PACKAGES=FOLDER node worker.mjs --adapter ADAPTER.mjs --requests FD --answers FD \
//     --events FILE
//
// The loop and the operations are those of `worker.py`. An adapter, wherever it lies, imports what
// it needs of this folder from "fitspec".

import fs from "node:fs";
import * as modules from "node:module";
import os from "node:os";
import readline from "node:readline";
import {pathToFileURL} from "node:url";
import {parseArgs} from "node:util";

import * as defaults from "./defaults.mjs";
import {EventLog} from "./events.mjs";
import {NotOffered} from "./offered.mjs";
import {WireError, decode, dump, encode, load} from "./wire.mjs";

// The objects a conversation is about, by the reference the harness knows them by.
class Store {
  constructor() {
    this.count = 0;
    this.clear();
  }

  reference(value) {
    if (!this.references.has(value)) {
      this.count += 1;
      this.references.set(value, `o${this.count}`);
      this.objects.set(`o${this.count}`, value);
    }
    return this.references.get(value);
  }

  get(reference) {
    if (!this.objects.has(reference)) throw new WireError(`there is no object ${reference} here`);
    return this.objects.get(reference);
  }

  clear() {
    this.objects = new Map();
    this.references = new Map();
  }
}

// The name of an object in the store, told instead of the object.
class Reference {
  constructor(name) {
    this.name = name;
  }
}

class Worker {
  constructor(adapter, log) {
    Object.assign(this, {log, store: new Store(), probes: new Map(), warned: []});
    this.adapter = {...defaults, ...adapter};
    const warn = console.warn;
    console.warn = (...words) => {
      this.warned.push({classes: ["Warning"], message: words.join(" ")});
      warn(...words);
    };
  }

  // Carry out a request and return the answer to it; never rejects.
  async answer(request) {
    const position = this.log.position();
    this.warned = [];
    const answer = {id: request.id};
    const started = performance.now();
    try {
      const operation = this.operations[request.op];
      if (!operation) throw new WireError(`there is no operation ${request.op}`);
      const value = await operation.call(this, request);
      answer.seconds = (performance.now() - started) / 1000;
      Object.assign(answer, {outcome: "value", value: this.encode(value)});
    } catch (error) {
      answer.seconds ??= (performance.now() - started) / 1000;
      Object.assign(answer, {outcome: "error", error: describeError(error)});
    }
    return {...answer, events: this.log.since(position), warnings: this.warned};
  }

  operations = {
    hello() {
      return {
        adapter: this.adapter.title,
        versions: this.adapter.versions(),
        python: "none",
        platform: `${os.type()}-${os.release()}-${os.machine()}`,
        renames: this.adapter.renames(),
      };
    },
    echo({value}) {
      return this.decode(value);
    },
    build({value}) {
      return new Reference(this.store.reference(this.decode(value)));
    },
    call({target, method, args, kwargs}) {
      const named = Object.entries(kwargs).map(([key, item]) => [key, this.decode(item)]);
      return this.adapter.call(
        this.store.get(target), method,
        args.map((item) => this.decode(item)), Object.fromEntries(named),
      );
    },
    get({target, name}) {
      return this.adapter.get(this.store.get(target), name);
    },
    signature({target, method}) {
      return this.adapter.signature(this.store.get(target), method);
    },
    weights({target}) {
      return this.adapter.weights(this.store.get(target));
    },
    iterations({target}) {
      return this.adapter.iterations(this.store.get(target));
    },
    trainable({target, layer, trained}) {
      return this.adapter.setTrainable(this.store.get(target), layer, trained);
    },
    background() {
      // Neither threads nor processes can have been started behind this program's back.
      return {threads: [], processes: []};
    },
    reset() {
      this.store.clear();
      this.probes.clear();
      this.adapter.reset();
      this.log.clear();
      return null;
    },
  };

  encode(value) {
    return encode(value, (object) => this.encodeObject(object));
  }

  encodeObject(value) {
    if (value instanceof Reference) return {$: "ref", ref: value.name};
    const array = this.adapter.asArray(value);
    if (array !== undefined) return this.encode(array);
    const {classes, attributes} = this.adapter.describe(value, classNames(value));
    const shown = Object.entries(attributes).map(([name, item]) => [name, this.encode(item)]);
    return {
      $: "object",
      ref: this.store.reference(value),
      classes,
      attributes: Object.fromEntries(shown),
      repr: `<${classes[0]}>`,
    };
  }

  decode(form) {
    return decode(form, (inner) => this.resolve(inner));
  }

  resolve(form) {
    if (form.$ === "ref") return this.store.get(form.ref);
    const {key, kind, watched} = form;
    if (!this.probes.has(key)) {
      const fields = Object.entries(form.fields).map(([name, item]) => [name, this.decode(item)]);
      const all = {...Object.fromEntries(fields), ...(watched ? {key} : {})};
      this.probes.set(key, this.adapter.build(kind, all, this.log));
    }
    return this.probes.get(key);
  }
}

// The names of the classes of an object, its own first.
function classNames(object) {
  const kind = Object.getPrototypeOf(object);
  return !kind || kind === Object.prototype ? [] : [kind.constructor.name, ...classNames(kind)];
}

function describeError(error) {
  if (!(error instanceof Error)) {
    return {classes: [typeof error], message: String(error).slice(0, 4000), traceback: ""};
  }
  const description = {
    classes: classNames(error),
    message: String(error.message).slice(0, 4000),
    traceback: String(error.stack).slice(-8000),
  };
  if (error instanceof NotOffered) {
    const {kind, missing: name, reason} = error;
    description.not_offered = {kind, name, reason};
  }
  // Not the library's doing: the harness must not score it.
  if (error instanceof WireError) description.protocol = true;
  return description;
}

function send(descriptor, line) {
  let unsent = Buffer.from(line, "ascii");
  while (unsent.length) unsent = unsent.subarray(fs.writeSync(descriptor, unsent));
}

async function main() {
  const option = {type: "string"};
  const {values} = parseArgs({
    options: {adapter: option, requests: option, answers: option, events: option},
  });
  // Imported only now: it may fail, and the harness shall hear of it.
  let worker = null;
  let failure = null;
  try {
    // Node before 18.19 has no such thing, and runs what imports nothing from "fitspec".
    modules.register?.("./resolve.mjs", import.meta.url);
    const adapter = await import(pathToFileURL(values.adapter));
    worker = new Worker(adapter, new EventLog(values.events));
  } catch (error) {
    failure = describeError(error);
  }
  const input = fs.createReadStream("", {fd: Number(values.requests)});
  // Also in the middle of a call: nobody waits for its answer any more.
  input.on("end", () => setImmediate(() => process.exit(0)));
  for await (const line of readline.createInterface({input, crlfDelay: Infinity})) {
    const request = load(line);
    const answer = worker
      ? await worker.answer(request)
      : {id: request.id, outcome: "error", error: failure, seconds: 0, events: [], warnings: []};
    send(Number(values.answers), dump(answer));
  }
}

await main();
