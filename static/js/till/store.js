/**
 * The till's own disk: IndexedDB. Nothing in it names a customer (no e-mails, no phones); of staff it holds names only.
 *
 * meta     single values by key: device, state, draft, settings, the receipt counter
 * chunks   the catalog as lines of JSON, in the order they came
 * sales    every sale of the last days, the unsent ones for as long as it takes: see outbox.js
 * passes   staff passes, each sealed with its person's PIN: see passes.js
 */

const NAME = "till";
const VERSION = 1;
export const CATALOG = ["chunks"];
export const PRIVATE = ["meta", "chunks", "passes"]; // what goes when the device is revoked; unsent sales stay

/** @param {IDBRequest} request @returns {Promise<any>} */
export function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Store {
  /** @param {IDBDatabase} database */
  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close();
  }

  static async open(name = NAME) {
    const opening = indexedDB.open(name, VERSION);
    opening.onupgradeneeded = () => {
      const database = opening.result;
      database.createObjectStore("meta");
      database.createObjectStore("chunks", { autoIncrement: true });
      database.createObjectStore("passes");
      database.createObjectStore("sales", { keyPath: "id" }).createIndex("state", "state");
    };
    return new Store(await settled(opening));
  }

  /** @param {string} store @param {IDBValidKey} key */
  get(store, key) {
    return settled(this.database.transaction(store).objectStore(store).get(key));
  }

  /** @param {string} store */
  all(store) {
    return settled(this.database.transaction(store).objectStore(store).getAll());
  }

  /** @param {string} store @param {IDBValidKey} key */
  put(store, key, value) {
    return this.write([store], (stores) => {
      if (stores[store].keyPath) stores[store].put(value);
      else stores[store].put(value, key);
    });
  }

  /** @param {string} store @param {IDBValidKey} key */
  remove(store, key) {
    return this.write([store], (stores) => stores[store].delete(key));
  }

  /**
   * Several changes at once, or none; resolves when they are on the disk. `work` must not wait for anything but its own
   * requests: a transaction ends by itself when nothing of it is under way.
   * @template T
   * @param {string[]} names
   * @param {(stores: Record<string, IDBObjectStore>) => T | Promise<T>} work
   * @returns {Promise<T>}
   */
  write(names, work) {
    const transaction = this.database.transaction(names, "readwrite", { durability: "strict" });
    const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
    return new Promise((resolve, reject) => {
      let result;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("The disk refused."));
      Promise.resolve()
        .then(() => work(stores))
        .then((value) => {
          result = value;
        })
        .catch((error) => {
          reject(error);
          try {
            transaction.abort();
          } catch {
            // It had ended already.
          }
        });
    });
  }

  /** Empty these stores. @param {string[]} names */
  wipe(names) {
    return this.write(names, (stores) => {
      for (const name of names) stores[name].clear();
    });
  }
}
