import DNSWire

/// The words behind name and type of a data file's line, each begun by `+`: what the query carries, and what its answer
/// must be.
///
/// `+do +cd +ad +nord +edns=1232 +opt=CODE:HEX` and `+rcode=NXDOMAIN +ttl=1-30 +answer=DATA +nodata`. `+answer` may
/// come several times: the records of the question's type must be exactly these. Names in data are absolute, and fields
/// are joined by commas, as in `+answer=0,100,53,kube-dns.kube-system.svc.cluster.local`.
package struct DataFileWords {
    private static let known = "do, cd, ad, nord, edns=, opt=, rcode=, ttl=, answer=, nodata"

    private(set) var options: QueryOptions
    private(set) var expectation = AnswerExpectation()

    init(options: QueryOptions) { self.options = options }

    /// Takes one word without its `+`.
    mutating func read(_ word: String, type: RecordType) throws(DataLineError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts.count == 2 ? parts[1] : nil
        switch (parts[0], value) {
        case ("do", nil): options.dnssecOK = true
        case ("cd", nil): options.checkingDisabled = true
        case ("ad", nil): options.authenticData = true
        case ("nord", nil): options.recursionDesired = false
        case ("edns", let value?):
            guard let size = UInt16(value) else { throw DataLineError("+edns=\(value) is no size of 0 to 65535") }
            options.ednsPayloadSize = size
        case ("opt", let value?):
            guard let option = EDNSOption(value) else {
                throw DataLineError(
                    "+opt=\(value) is no option; write its code and octets, such as +opt=10:0102030405060708"
                )
            }
            guard options.clientCookie == nil || option.code != EDNSOption.cookieCode else {
                throw DataLineError("+opt=\(value) is a second cookie beside that of --cookie")
            }
            options.ednsOptions.append(option)
        case ("rcode", let value?):
            guard let rcode = RCode(mnemonic: value) else { throw DataLineError("+rcode=\(value) is no rcode") }
            expectation.rcode = rcode
        case ("ttl", let value?): expectation.ttl = try DataFileWords.ttl(value)
        case ("nodata", nil):
            expectation.rcode = .noError
            expectation.records = []
        case ("answer", let value?):
            let data = try DataFileWords.data(value, type: type)
            guard (expectation.records?.count ?? 0) < 64 else {
                throw DataLineError("more than 64 records are expected")
            }
            expectation = AnswerExpectation(
                rcode: expectation.rcode ?? .noError,
                ttl: expectation.ttl,
                records: (expectation.records ?? []) + [data]
            )
        default:
            throw DataLineError("+\(word.prefix(40)) is no word of a data file; there are \(DataFileWords.known)")
        }
    }

    private static func ttl(_ text: String) throws(DataLineError) -> ClosedRange<UInt32> {
        let bounds = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt32($0) }
        guard let low = bounds[0], let high = bounds[bounds.count - 1], low <= high else {
            throw DataLineError("+ttl=\(text) is no TTL and no range of TTLs, such as 1-30")
        }
        return low...high
    }

    /// Record data in wire form; types without a form of their own are written `hex:OCTETS`.
    private static func data(_ text: String, type: RecordType) throws(DataLineError) -> [UInt8] {
        let failure = DataLineError("+answer=\(text.prefix(80)) is no data of type \(type)")
        if text.hasPrefix("hex:") {
            guard let option = EDNSOption("0:" + text.dropFirst(4)) else { throw failure }
            return option.octets
        }
        switch type {
        case .a, .aaaa:
            guard let address = IPAddress(text), address.bytes.count == (type == .a ? 4 : 16) else { throw failure }
            return address.bytes
        case .cname, .ptr, .ns:
            guard let name = try? DNSName(text) else { throw failure }
            return Array(name.wire)
        case .srv, .mx:
            let fields = text.split(separator: ",", omittingEmptySubsequences: false)
            let numbers = fields.dropLast().compactMap { UInt16($0) }
            guard numbers.count == (type == .srv ? 3 : 1), fields.count == numbers.count + 1,
                let last = fields.last, let name = try? DNSName(String(last))
            else { throw failure }
            return numbers.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] } + Array(name.wire)
        case .txt:
            guard text.utf8.count <= 255 else { throw failure }
            return [UInt8(text.utf8.count)] + Array(text.utf8)
        default: throw DataLineError("data of type \(type) is written +answer=hex:OCTETS")
        }
    }
}
