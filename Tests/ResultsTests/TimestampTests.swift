import Testing

@testable import Results

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "RFC 3339 is written in UTC with as many digits as matter",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_718_092_800_250_000_000, "2024-06-11T08:00:00.25Z"),
            (951_782_400_000_000_001, "2000-02-29T00:00:00.000000001Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
            (4_102_444_799_000_000_000, "2099-12-31T23:59:59Z"),
        ]
    )
    func write(nanoseconds: Int64, text: String) {
        #expect(Timestamp(realtimeNanoseconds: nanoseconds).description == text)
        #expect(Timestamp(text)?.realtimeNanoseconds == nanoseconds)
    }

    @Test("offsets are applied")
    func offsets() {
        #expect(Timestamp("2024-06-11T10:00:00+02:00") == Timestamp("2024-06-11T08:00:00Z"))
        #expect(Timestamp("2024-06-11t01:30:00.5-06:30") == Timestamp("2024-06-11T08:00:00.5Z"))
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "2024-06-11", "2024-06-11T08:00:00", "2024-13-11T08:00:00Z", "2024-06-11T24:00:00Z", "yesterday",
            "2024-06-11T08:00:00.Z", "2024-06-11T08:00:00Z ", "9999-06-11T08:00:00Z", "2024-06-11T08:00:00.1234567890Z",
        ]
    )
    func refused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("every day of 400 years survives a round trip")
    func calendar() {
        for day in stride(from: Int64(-73_049), through: 73_049, by: 1) {
            let moment = Timestamp(realtimeNanoseconds: day * 86_400_000_000_000)
            #expect(Timestamp(moment.description) == moment)
        }
    }
}
