import Glibc

/// Maps values to places along an axis, linear or logarithmic.
struct ChartScale {
    /// How values are spread.
    enum Kind {
        case linear, logarithmic
    }

    /// One mark of an axis.
    struct Tick: Equatable {
        let value: Double
        let isMajor: Bool
    }

    let kind: Kind
    let domain: ClosedRange<Double>
    let start: Double
    let end: Double

    /// A scale from `domain` to the places `start` … `end`; an empty domain is widened.
    init(_ kind: Kind, _ domain: ClosedRange<Double>, from start: Double, to end: Double) {
        self.kind = kind
        self.start = start
        self.end = end
        switch kind {
        case .linear:
            self.domain =
                domain.upperBound > domain.lowerBound ? domain : domain.lowerBound...(domain.lowerBound + 1)
        case .logarithmic:
            let low = max(domain.lowerBound, 1e-9)
            let high = max(domain.upperBound, low * 1.000_001)
            self.domain = high / low > 2 ? low...high : (low / 1.5)...(high * 1.5)
        }
    }

    /// The place of a value; values outside the domain stay at its ends.
    func place(_ value: Double) -> Double {
        let clamped = min(max(value, domain.lowerBound), domain.upperBound)
        let share =
            switch kind {
            case .linear: (clamped - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
            case .logarithmic:
                log(clamped / domain.lowerBound) / log(domain.upperBound / domain.lowerBound)
            }
        return start + share * (end - start)
    }

    /// Marks at round values: about `count` on a linear axis; 1, 2 and 5 of each decade on a logarithmic one.
    func ticks(count: Int = 5) -> [Tick] {
        switch kind {
        case .linear:
            let span = domain.upperBound - domain.lowerBound
            let raw = span / Double(max(count, 1))
            let decade = pow(10, floor(log10(raw)))
            let step = [1.0, 2, 5, 10].map { $0 * decade }.first { $0 >= raw * 0.999 } ?? 10 * decade
            var ticks: [Tick] = []
            var value = ceil(domain.lowerBound / step) * step
            while value <= domain.upperBound + step * 1e-9, ticks.count < 100 {
                ticks.append(Tick(value: value, isMajor: true))
                value += step
            }
            return ticks
        case .logarithmic:
            var ticks: [Tick] = []
            let decades = log10(domain.upperBound / domain.lowerBound)
            var decade = pow(10, floor(log10(domain.lowerBound)))
            while decade <= domain.upperBound, ticks.count < 200 {
                for factor in decades > 3.2 ? [1.0] : decades > 1.6 ? [1.0, 3] : [1.0, 2, 5] {
                    let value = factor * decade
                    if value >= domain.lowerBound * 0.999, value <= domain.upperBound * 1.001 {
                        ticks.append(Tick(value: value, isMajor: factor == 1))
                    }
                }
                decade *= 10
            }
            return ticks
        }
    }
}
