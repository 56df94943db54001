/// What is wrong in a gate's text, and where in it.
package struct GateSyntaxError: Error, Hashable, Sendable {
    /// Characters before the fault.
    package let offset: Int
    /// One sentence without the place.
    package let message: String
}
