// The callback that watches a library from inside, made as a user derives it; see `probes.py`.

import {entriesOf, errorNamed, waitFor} from "./streams.mjs";
import {Tuple, encode} from "./wire.mjs";

// The documented hooks, as `probes.py` has them.
const HOOKS = [
  "train_begin", "epoch_begin", "train_batch_begin", "train_batch_end", "test_begin",
  "test_batch_begin", "test_batch_end", "test_end", "epoch_end", "train_end", "predict_begin",
  "predict_batch_begin", "predict_batch_end", "predict_end",
];

const isAt = (place, hook, index) =>
  place instanceof Tuple && place.items[0] === hook && place.items[1] === index;

// Return a class of callbacks that log every hook, and interfere where they are told to.
//
// `Base` is what users derive callbacks from. `hooks` has, for each documented hook, the method
// that the library calls and whether it does so with an index before the logs. `model(callback)`
// is the model that a callback is of, `weights(model)` its weights by layer, `stop(model)` asks
// for the end of training, and `number(value)` is a value of the library's own as it travels.
export function recorderOf(Base, hooks, {model, weights, stop, number}) {
  for (const hook of Object.keys(hooks)) {
    if (!HOOKS.includes(hook)) {
      throw new TypeError(`hooks: there is none called ${hook}; there are ${HOOKS.join(", ")}`);
    }
  }
  const plain = (value) => encode(number(value), String);
  const plainValues = (object) =>
    Object.fromEntries(Object.entries(object ?? {}).map(([key, item]) => [key, plain(item)]));

  class Recorder extends Base {
    constructor(log, fields) {
      super();
      Object.assign(this, {log, fields});
      this.waits = entriesOf(fields.waits);
    }

    async note(hook, index, logs) {
      const {key, weights: watched, history, validation_data: data, params} = this.fields;
      const seen = {index, logs: plainValues(logs)};
      if (watched) {
        const all = Object.entries(weights(model(this)));
        seen.weights = Object.fromEntries(all.map(([name, items]) => [name, items.map(plain)]));
      }
      if (history && hook === "epoch_end") seen.recorded = model(this).history.epoch.map(plain);
      if (data && hook === "epoch_end") {
        seen.validation_rows = this.validationData ? this.validationData[0].shape[0] : null;
      }
      if (params && hook === "train_begin") {
        seen.params = this.params ? Object.keys(this.params).sort() : null;
      }
      this.log.write(hook, key, seen);
      await this.interfere(hook, index, logs);
    }

    async interfere(hook, index, logs) {
      const {key, adds, stops_at: stopsAt, raises_at: raisesAt, error} = this.fields;
      if (hook === "epoch_end") Object.assign(logs, adds);
      const wait = this.waits.find(([place]) => isAt(place, hook, index));
      if (wait) await waitFor(this.log, key, wait[1]);
      if (isAt(stopsAt, hook, index)) stop(model(this));
      if (isAt(raisesAt, hook, index)) {
        throw errorNamed(error, `raised by a callback at ${hook} ${index}`);
      }
    }
  }

  for (const [hook, [method, hasIndex]] of Object.entries(hooks)) {
    Recorder.prototype[method] = hasIndex
      ? function (index, logs) { return this.note(hook, index, logs); }
      : function (logs) { return this.note(hook, null, logs); };
  }
  return Recorder;
}
