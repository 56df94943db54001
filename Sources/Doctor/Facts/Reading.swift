/// What came of an attempt to read something: a value, or the reason why there is none.
package enum Reading<Value: Sendable>: Sendable {
    /// It was read.
    case value(Value)
    /// It could not be read; the text says why.
    case unreadable(String)

    /// The value, or nil when it could not be read.
    package var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// Why there is no value, or nil when there is one.
    package var reason: String? {
        if case .unreadable(let reason) = self { reason } else { nil }
    }
}

extension Reading: Equatable where Value: Equatable {}

extension Reading {
    /// Runs an attempt; what it throws becomes the reason.
    init<Failure: Error & CustomStringConvertible>(_ attempt: () throws(Failure) -> Value) {
        do {
            self = .value(try attempt())
        } catch {
            self = .unreadable(error.description)
        }
    }
}
