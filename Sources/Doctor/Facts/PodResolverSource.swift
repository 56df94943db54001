/// A resolv.conf of a pod.
package enum PodResolverSource: Sendable, Hashable {
    /// A file, by its path.
    case file(String)
    /// A text, and whose it is.
    case text(String, of: String)
}
