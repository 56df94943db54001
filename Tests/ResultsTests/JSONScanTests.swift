import Testing

@testable import Results

@Suite("Strict reading of JSON")
struct JSONScanTests {
    @Test(
        "JSON texts of every kind are accepted",
        arguments: [
            "null", "true", "false", "0", "-0.5e+10", "1E9", "\"\"", #""\u00e9\n\\\"""#, "[]", "{}",
            "[1,[2,{\"a\":null}]]",
            " {\"a\" : 1 ,\n\"b\":[ ] } ", #"{"a":{"a":{"a":1}}}"#, #"{"é":1,"e":2}"#,
        ]
    )
    func accepted(text: String) throws {
        try JSONScan.check(Array(text.utf8))
    }

    @Test(
        "what is no JSON is refused with its line",
        arguments: [
            ("", JSONScan.Fault.empty), (" \n\t", .empty), ("{", .cutShort(line: 1)), ("[1,\n2", .cutShort(line: 2)),
            ("\"abc", .cutShort(line: 1)), ("tru", .cutShort(line: 1)), ("NaN", .unexpected(octet: 78, line: 1)),
            ("[Infinity]", .unexpected(octet: 73, line: 1)), ("{\"a\":NaN}", .unexpected(octet: 78, line: 1)),
            ("01", .unexpected(octet: 49, line: 1)), ("1.", .cutShort(line: 1)),
            ("[1,]", .unexpected(octet: 93, line: 1)),
            ("{\"a\" 1}", .unexpected(octet: 49, line: 1)), ("{a:1}", .unexpected(octet: 97, line: 1)),
            ("{} x", .unexpected(octet: 120, line: 1)), ("\"\u{1}\"", .unexpected(octet: 1, line: 1)),
            (#""\x""#, .unexpected(octet: 120, line: 1)), (#""\u12g4""#, .unexpected(octet: 103, line: 1)),
            ("+1", .unexpected(octet: 43, line: 1)), ("'a'", .unexpected(octet: 39, line: 1)),
        ]
    )
    func refused(text: String, fault: JSONScan.Fault) {
        #expect(throws: fault) { try JSONScan.check(Array(text.utf8)) }
    }

    @Test("a name that its object has already is refused, however it is written, and one of another object is not")
    func duplicates() throws {
        try JSONScan.check(Array(#"[{"a":1},{"a":2,"b":{"a":3}}]"#.utf8))
        for text in [
            #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"\u0061":3}"#, #"{"x":[{"k":1,"k":2}]}"#, #"{"":1,"":2}"#,
            #"{"\n":1,"\u000a":2}"#,
        ] {
            let fault = #expect(throws: JSONScan.Fault.self) { try JSONScan.check(Array(text.utf8)) }
            guard case .duplicate? = fault else {
                Issue.record("\(text): \(String(describing: fault))")
                continue
            }
        }
    }

    @Test("nesting is bounded, and a text cut anywhere is never accepted")
    func bounds() throws {
        let nested = String(repeating: "[", count: 129) + String(repeating: "]", count: 129)
        try JSONScan.check(Array(nested.dropFirst().dropLast().utf8))
        #expect(throws: JSONScan.Fault.tooDeep(line: 1)) { try JSONScan.check(Array(("[" + nested + "]").utf8)) }
        #expect(throws: JSONScan.Fault.tooDeep(line: 1)) {
            try JSONScan.check([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
        }
        let whole = Array(#"{"a":[1.5e3,"x\u0041y",true,null],"b":{"c":-7}}"#.utf8)
        for length in whole.indices {
            #expect(throws: JSONScan.Fault.self) { try JSONScan.check(Array(whole[..<length])) }
        }
    }
}
