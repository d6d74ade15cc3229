// What a library does not have: the check that needs it is `absent`.

export class NotOffered extends Error {
  // `kind` is method, argument, attribute, signature or probe; `reason` is one line for the report.
  constructor(kind, name, reason = "") {
    super(`no ${kind} \`${name}\`${reason && `: ${reason}`}`);
    Object.assign(this, {kind, missing: name, reason});
  }
}
