/// Judges claims about a cache on captured messages; no I/O, no clock.
package enum Prover {}
