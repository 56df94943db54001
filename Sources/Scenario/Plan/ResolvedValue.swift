internal import NodeLocal

/// A plan spelled out with every default, in the shape of JSON.
package enum ResolvedValue: Sendable, Hashable {
    case object([String: ResolvedValue])
    case array([ResolvedValue])
    case string(String)
    case integer(Int64)
    case number(Double)
    case boolean(Bool)

    /// JSON with sorted keys and two spaces of indentation, without a newline at the end.
    package var json: String {
        var text = ""
        write(to: &text, indentation: "")
        return text
    }

    private func write(to text: inout String, indentation: String) {
        let inner = indentation + "  "
        switch self {
        case .object(let members):
            let lines = members.sorted { $0.key < $1.key }.map { key, value in
                var line = inner + Self.quoted(key) + ": "
                value.write(to: &line, indentation: inner)
                return line
            }
            text += lines.isEmpty ? "{}" : "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
        case .array(let items):
            let lines = items.map { item in
                var line = inner
                item.write(to: &line, indentation: inner)
                return line
            }
            text += lines.isEmpty ? "[]" : "[\n" + lines.joined(separator: ",\n") + "\n\(indentation)]"
        case .string(let string): text += Self.quoted(string)
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? "\(value)" : "null"
        case .boolean(let value): text += value ? "true" : "false"
        }
    }

    private static func quoted(_ string: String) -> String {
        var result = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
