// What Node asks where to find a module: "fitspec" is what an adapter may import of this folder.

const OWN = new URL("./adapting.mjs", import.meta.url).href;

export function resolve(specifier, context, next) {
  return specifier === "fitspec" ? {url: OWN, shortCircuit: true} : next(specifier, context);
}
