// What an adapter imports from "fitspec".

export {arrayOf, numbersOf} from "./arrays.mjs";
export {NotOffered} from "./offered.mjs";
export {recorderOf} from "./recorder.mjs";
export {Reiterable, buildFileReader, generate} from "./streams.mjs";
export {fromRows, rowsOf, translated} from "./translating.mjs";
export {
  NumPyArray, NumPyScalar, ObjectArray, PythonSet, Range, Tuple,
} from "./wire.mjs";
