// The log into which probes write what happens to them, in the form that `events.py` gives it.

import fs from "node:fs";
import {setTimeout as pause} from "node:timers/promises";

import {text} from "./wire.mjs";

// How often a probe that waits looks into the log, in ms.
const LOOK = 2;

// Python's `time.monotonic` and this read the same clock.
const seconds = () => Number(process.hrtime.bigint()) / 1e9;

export class EventLog {
  constructor(path) {
    this.path = path;
    this.file = fs.openSync(path, "a");
    this.events = [];
  }

  // Note that `probe` saw an event of `kind`; `fields` are encoded already.
  write(kind, probe, fields) {
    const event = {
      kind,
      probe,
      pid: process.pid,
      // JavaScript has one.
      thread: process.pid,
      main_thread: true,
      time: seconds(),
      fields,
    };
    this.events.push(event);
    fs.writeSync(this.file, `${text(event)}\n`);
  }

  // Where the log ends now, and the events after such a place.
  position() {
    return this.events.length;
  }

  since(position) {
    return this.events.slice(position);
  }

  count(kind, probe) {
    return this.events.filter((event) => event.kind === kind && event.probe === probe).length;
  }

  // Wait as `EventLog.wait` of `events.py` does, and return whether the events came.
  async wait({kind, probe, count, within, quiet}) {
    const deadline = seconds() + within;
    let seen = this.count(kind, probe);
    while (seen < count && seconds() < deadline) {
      await pause(LOOK);
      seen = this.count(kind, probe);
    }
    const reached = seen >= count;
    let silentSince = seconds();
    while (seconds() < silentSince + quiet) {
      await pause(LOOK);
      const now = this.count(kind, probe);
      if (now !== seen) {
        seen = now;
        silentSince = seconds();
      }
    }
    return reached;
  }

  clear() {
    this.events = [];
    fs.ftruncateSync(this.file, 0);
  }
}
