/// A moment of wall-clock time, in documents as RFC 3339 in UTC with nanoseconds as far as they are not zero.
package struct Timestamp: Codable, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Nanoseconds since 1970-01-01T00:00:00Z (CLOCK_REALTIME).
    package let realtimeNanoseconds: Int64

    /// The moment of a CLOCK_REALTIME reading.
    package init(realtimeNanoseconds: Int64) {
        self.realtimeNanoseconds = realtimeNanoseconds
    }

    /// Reads RFC 3339 with any offset and up to nine digits of fraction; nil for anything else.
    package init?(_ text: String) {
        var reader = Reader(octets: Array(text.utf8))
        guard let year = reader.digits(4), reader.skip("-"), let month = reader.digits(2), reader.skip("-"),
            let day = reader.digits(2), reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.digits(2), reader.skip(":"), let minute = reader.digits(2), reader.skip(":"),
            let second = reader.digits(2), let fraction = reader.fraction(), let offset = reader.offset(),
            reader.isAtEnd, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60,
            (1700...2200).contains(year)
        else { return nil }
        let seconds = Self.days(year: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
        realtimeNanoseconds = (seconds - offset) * 1_000_000_000 + fraction
    }

    /// RFC 3339 in UTC, such as `2024-06-11T08:00:00.25Z`.
    package var description: String {
        var (seconds, fraction) = realtimeNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if fraction < 0 {
            seconds -= 1
            fraction += 1_000_000_000
        }
        var text = civil(seconds: seconds, separators: true)
        if fraction > 0 {
            var digits = Self.padded(fraction, 9)
            while digits.last == "0" { digits.removeLast() }
            text += "." + digits
        }
        return text + "Z"
    }

    /// ISO 8601 basic form to the second, for file names: `20240611T080000Z`.
    package var basicDescription: String {
        civil(seconds: realtimeNanoseconds / 1_000_000_000, separators: false) + "Z"
    }

    package static func < (first: Timestamp, second: Timestamp) -> Bool {
        first.realtimeNanoseconds < second.realtimeNanoseconds
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let moment = Timestamp(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "is no RFC 3339 time")
        }
        self = moment
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    // MARK: Calendar

    /// Days since 1970-01-01 of a proleptic Gregorian date (Hinnant, *chrono-compatible low-level date algorithms*).
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private func civil(seconds: Int64, separators: Bool) -> String {
        var (days, time) = seconds.quotientAndRemainder(dividingBy: 86_400)
        if time < 0 {
            days -= 1
            time += 86_400
        }
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let dash = separators ? "-" : ""
        let colon = separators ? ":" : ""
        let date = [Self.padded(year, 4), Self.padded(month, 2), Self.padded(day, 2)].joined(separator: dash)
        let clock = [time / 3_600, time / 60 % 60, time % 60].map { Self.padded($0, 2) }.joined(separator: colon)
        return date + "T" + clock
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Reads fixed-width fields.
    private struct Reader {
        let octets: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == octets.count }

        mutating func skip(_ character: Character) -> Bool {
            guard position < octets.count, octets[position] == character.asciiValue else { return false }
            position += 1
            return true
        }

        mutating func digits(_ count: Int) -> Int64? {
            guard position + count <= octets.count else { return nil }
            var number: Int64 = 0
            for octet in octets[position..<(position + count)] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) else { return nil }
                number = number * 10 + Int64(octet - UInt8(ascii: "0"))
            }
            position += count
            return number
        }

        mutating func fraction() -> Int64? {
            guard skip(".") else { return 0 }
            var number: Int64 = 0
            var count = 0
            while count < 9, let digit = digits(1) {
                number = number * 10 + digit
                count += 1
            }
            guard count > 0 else { return nil }
            return (count..<9).reduce(number) { number, _ in number * 10 }
        }

        mutating func offset() -> Int64? {
            if skip("Z") || skip("z") { return 0 }
            let sign: Int64
            if skip("+") {
                sign = 1
            } else if skip("-") {
                sign = -1
            } else {
                return nil
            }
            guard let hours = digits(2), skip(":"), let minutes = digits(2), hours < 24, minutes < 60 else {
                return nil
            }
            return sign * (hours * 3_600 + minutes * 60)
        }
    }
}
