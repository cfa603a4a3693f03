import { customRef, shallowRef, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** How a value stands in the address. */
export interface UrlStateOptions<Value> {
  /** The value where the address says nothing; it is not written into the address. */
  readonly default: Value
  /** Reads the text of the address; `undefined` for a text that means nothing. Strings need none. */
  readonly parse?: (text: string) => Value | undefined
  readonly format?: (value: Value) => string
  /** Adds an entry to the history instead of replacing the one that is there. */
  readonly push?: boolean
}

type Changes = Readonly<Record<string, string | undefined>>

// What was set counts from then on, not only when the address has followed: until the navigation is over it stays here.
const wanted = shallowRef<Changes>()
// Changes of several keys in one tick become one navigation.
let isAwaited = false

/** A value that lives in the query string, so that every state has an address. */
export function useUrlState<Value = string>(key: string, options: UrlStateOptions<Value>): Ref<Value> {
  const route = useRoute()
  const router = useRouter()
  const parse = options.parse ?? ((text: string) => text as Value)
  const format = options.format ?? String

  function read(): Value {
    const changes = wanted.value
    const found = changes !== undefined && key in changes ? changes[key] : route.query[key]
    const text = Array.isArray(found) ? found[0] : found
    return typeof text === 'string' ? (parse(text) ?? options.default) : options.default
  }
  async function write(): Promise<void> {
    isAwaited = false
    const changes = wanted.value
    const query = Object.fromEntries(
      Object.entries({ ...route.query, ...changes }).filter(([, text]) => text !== undefined),
    )
    try {
      await router[options.push === true ? 'push' : 'replace']({ query, hash: route.hash })
    } finally {
      // Where another navigation came first, the address is right.
      if (wanted.value === changes) wanted.value = undefined
    }
  }
  return customRef((_track, trigger) => ({
    // Reading the route's query and what is wanted of it is what is tracked.
    get: read,
    set(value) {
      const text = format(value)
      wanted.value = { ...wanted.value, [key]: text === format(options.default) ? undefined : text }
      trigger()
      if (isAwaited) return
      isAwaited = true
      queueMicrotask(() => void write())
    },
  }))
}
