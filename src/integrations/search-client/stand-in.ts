/**
 * An object that passes for `original`, with its prototype and keys, but whose properties are what `read` says. What is set on it is set on the original.
 */
export function standInFor<TObject extends object>(
  original: TObject,
  read: (name: string | symbol) => unknown,
): TObject {
  // Over an object of its own: a proxy over a frozen one may not give other values than its.
  const empty = Object.create(Reflect.getPrototypeOf(original)) as TObject;
  return new Proxy(empty, {
    get: (_, name) => read(name),
    set: (_, name, value) => Reflect.set(original, name, value),
    has: (_, name) => Reflect.has(original, name),
    ownKeys: () => Reflect.ownKeys(original),
    deleteProperty: (_, name) => Reflect.deleteProperty(original, name),
    defineProperty: (_, name, property) => Reflect.defineProperty(original, name, property),
    getOwnPropertyDescriptor(_, name) {
      const own = Reflect.getOwnPropertyDescriptor(original, name);
      if (!own) return undefined;
      const { enumerable = false } = own;
      return { value: read(name), enumerable, writable: true, configurable: true };
    },
  });
}
