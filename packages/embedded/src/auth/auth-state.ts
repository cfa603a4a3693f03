import type { ScramConversation } from './scram.ts'
import type { User } from './users.ts'

/** Who a connection speaks for, and the sign-in that is under way. */
export class AuthState {
  user: User | undefined
  conversation:
    | { readonly id: number; readonly scram: ScramConversation; readonly skipEmptyExchange: boolean; proved: boolean }
    | undefined
}
