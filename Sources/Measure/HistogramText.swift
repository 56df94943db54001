/// The text form of an HdrHistogram: the V2 compressed encoding in base64, as log files (`.hlog`) carry it.
///
/// ```
/// base64( cookie 0x1c849314 | length | zlib(
///     cookie 0x1c849313 | payload length | normalising offset | digits | lowest (8) | highest (8) | ratio (8)
///     counts as ZigZag LEB128 of at most 9 bytes; a negative number stands for that many zeros ) )
/// ```
///
/// All integers are big-endian. Source: HdrHistogram/HdrHistogram `AbstractHistogram.java` (encodeIntoByteBuffer,
/// encodeIntoCompressedByteBuffer) and `ZigZagEncoding.java`.
struct HistogramText: Equatable {
    /// The bucket layout.
    var layout: HistogramLayout
    /// Counts from index 0 on; those that are missing at the end are 0.
    var counts: [UInt64]

    private static let payloadCookie: UInt32 = 0x1c84_9303
    private static let envelopeCookie: UInt32 = 0x1c84_9304
    private static let payloadHeaderLength = 40
    private static let envelopeHeaderLength = 8

    /// No text longer than this is read: a histogram of ours has some kilobytes.
    private static let maximumTextLength = 8 << 20
    /// The inflated length that no sane histogram reaches: the 2^19 counts that a layout may have, nine bytes each.
    private static let maximumPayloadLength = (9 << 19) + payloadHeaderLength

    /// The bits that carry the word size and are no part of the cookie.
    private static func base(of cookie: UInt32) -> UInt32 { cookie & ~0xF0 }

    // MARK: Encoding

    /// The text; fails only when zlib has no memory.
    func encoded() throws(HistogramTextError) -> String {
        let end = counts.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        var body: [UInt8] = []
        var index = 0
        while index < end {
            guard counts[index] == 0 else {
                Self.append(Int64(truncatingIfNeeded: counts[index]), to: &body)
                index += 1
                continue
            }
            let start = index
            while counts[index] == 0 { index += 1 }
            let zeros = index - start
            Self.append(zeros > 1 ? -Int64(zeros) : 0, to: &body)
        }
        var payload: [UInt8] = []
        payload.reserveCapacity(Self.payloadHeaderLength + body.count)
        Self.append(bigEndian: Self.payloadCookie | 0x10, to: &payload)
        Self.append(bigEndian: UInt32(body.count), to: &payload)
        Self.append(bigEndian: UInt32(0), to: &payload)
        Self.append(bigEndian: UInt32(layout.significantDigits), to: &payload)
        Self.append(bigEndian: layout.lowestDiscernibleValue, to: &payload)
        Self.append(bigEndian: layout.highestTrackableValue, to: &payload)
        Self.append(bigEndian: (1.0).bitPattern, to: &payload)
        payload += body
        let stream: [UInt8]
        do {
            stream = try ZlibStream.compress(payload)
        } catch {
            throw .noMemory
        }
        var envelope: [UInt8] = []
        Self.append(bigEndian: Self.envelopeCookie | 0x10, to: &envelope)
        Self.append(bigEndian: UInt32(stream.count), to: &envelope)
        return Base64.encode(envelope + stream)
    }

    private static func append<Number: FixedWidthInteger>(bigEndian number: Number, to bytes: inout [UInt8]) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: (number << 1) ^ (number >> 63))
        for _ in 0..<8 {
            guard rest >= 0x80 else {
                bytes.append(UInt8(rest))
                return
            }
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    // MARK: Decoding

    init(layout: HistogramLayout, counts: [UInt64]) {
        self.layout = layout
        self.counts = counts
    }

    /// Reads a text; every length in it is checked against what is there and what a layout can need.
    init(decoding text: String) throws(HistogramTextError) {
        guard text.utf8.count <= Self.maximumTextLength else { throw .tooLong }
        let envelope: [UInt8]
        do {
            envelope = try Base64.decode(text)
        } catch {
            throw .base64(offset: error.offset)
        }
        guard envelope.count >= Self.envelopeHeaderLength else { throw .truncated }
        let envelopeCookie = UInt32(truncatingIfNeeded: Self.number(at: 0, octets: 4, in: envelope))
        guard Self.base(of: envelopeCookie) == Self.envelopeCookie else { throw .cookie(envelopeCookie) }
        let streamLength = Int(Self.number(at: 4, octets: 4, in: envelope))
        guard streamLength == envelope.count - Self.envelopeHeaderLength else { throw .truncated }

        let payload: [UInt8]
        do {
            payload = try ZlibStream.decompress(
                Array(envelope[Self.envelopeHeaderLength...]),
                limit: Self.maximumPayloadLength
            )
        } catch .overLimit {
            throw .tooLong
        } catch .noMemory {
            throw .noMemory
        } catch {
            throw .zlib
        }
        guard payload.count >= Self.payloadHeaderLength else { throw .truncated }
        let payloadCookie = UInt32(truncatingIfNeeded: Self.number(at: 0, octets: 4, in: payload))
        guard Self.base(of: payloadCookie) == Self.payloadCookie else { throw .cookie(payloadCookie) }
        guard Int(Self.number(at: 4, octets: 4, in: payload)) == payload.count - Self.payloadHeaderLength else {
            throw .truncated
        }
        guard Self.number(at: 8, octets: 4, in: payload) == 0,
            let layout = HistogramLayout(
                lowestDiscernibleValue: Self.number(at: 16, octets: 8, in: payload),
                highestTrackableValue: Self.number(at: 24, octets: 8, in: payload),
                significantDigits: Int(Self.number(at: 12, octets: 4, in: payload))
            )
        else { throw .layout }
        self.layout = layout
        counts = try Self.counts(in: payload[Self.payloadHeaderLength...], limit: layout.countsLength)
    }

    private static func counts(
        in body: ArraySlice<UInt8>,
        limit: Int
    ) throws(HistogramTextError) -> [UInt64] {
        var counts: [UInt64] = []
        var total: UInt64 = 0
        var index = body.startIndex
        while index < body.endIndex {
            let number = try number(in: body, at: &index)
            guard number < 0 else {
                guard counts.count < limit else { throw .tooManyCounts }
                let (sum, overflow) = total.addingReportingOverflow(UInt64(number))
                // Beyond 2^53 a percentile's rank is no longer an exact Double.
                guard !overflow, sum <= 1 << 53 else { throw .countOverflow }
                total = sum
                counts.append(UInt64(number))
                continue
            }
            guard number.magnitude <= UInt64(limit - counts.count) else { throw .tooManyCounts }
            counts.append(contentsOf: repeatElement(0, count: Int(number.magnitude)))
        }
        return counts
    }

    private static func number(in body: ArraySlice<UInt8>, at index: inout Int) throws(HistogramTextError) -> Int64 {
        var raw: UInt64 = 0
        for position in 0..<9 {
            guard index < body.endIndex else { throw .truncated }
            let octet = body[index]
            index += 1
            if position == 8 {
                raw |= UInt64(octet) << 56
                break
            }
            raw |= UInt64(octet & 0x7F) << UInt64(7 * position)
            if octet & 0x80 == 0 { break }
        }
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    private static func number(at offset: Int, octets: Int, in bytes: [UInt8]) -> UInt64 {
        bytes[offset..<(offset + octets)].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
