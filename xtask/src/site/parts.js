// Where the loader of the parts finds them. A first module may hold some of them already: it was linked with what its
// page needs, and those are neither fetched nor started again.

let linked = new Set();

/** Says which parts the first module holds: their names, with a space between. */
export const link = (names) => {
  linked = new Set(names.split(" "));
};

const nameOf = (url) => url.pathname.split("/").pop().split(".")[0];

/** The answer with a part's module, or nothing when it is here already. */
export const part = async (url) => (linked.has(nameOf(url)) ? undefined : fetch(url));

/** Starts the module of an answer, when there is one. */
export const start = async (source, imports) => {
  const response = await source;
  return response && WebAssembly.instantiateStreaming(response, imports);
};
