/// The JSON Schema of the result document, as published in `results/schema/`.
///
/// The folder `Schema` beside these sources is a link to it; the manifest embeds the file in the code.
package enum ResultSchema {
    /// The schema's text; the binary carries it, so that a copy of it alone is complete.
    package static var json: String {
        String(decoding: PackageResources.nldns_result_1_json, as: UTF8.self)
    }
}
