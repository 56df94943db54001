/// One histogram as another implementation writes it.
///
/// Made with Python's `hdrhistogram` 0.10.8: `h = HdrHistogram(1, 60_000_000_000, 3)`, `h.record_value(v, count)` for
/// the values that the case's name says, then `h.encode()`; the last one has `HdrHistogram(1, 3_600_000_000_000, 3)`.
/// The percentiles are the recorded values at rank ⌈p·n⌉, as the Java original counts (the Python port rounds the rank).
struct HistogramVector: Sendable, CustomStringConvertible {
    let name: String
    let count: UInt64
    let minimum: Int64
    let maximum: Int64
    let mean: Int64
    /// p50, p90, p99, p99.9, p99.99.
    let percentiles: [Int64]
    let text: String

    var description: String { name }

    static let all: [HistogramVector] = [
        HistogramVector(
            name: "empty",
            count: 0,
            minimum: 0,
            maximum: 0,
            mean: 0,
            percentiles: [0, 0, 0, 0, 0],
            text: """
                HISTFAAAAB14nJNpmSzMgADMUJoRiHl/uEcw2H+ACAAATN8EHg==
                """
        ),
        HistogramVector(
            name: "one",
            count: 1,
            minimum: 1,
            maximum: 1,
            mean: 1,
            percentiles: [1, 1, 1, 1, 1],
            text: """
                HISTFAAAACJ4nJNpmSzMwMDAxAABzFCaEYh5f7hHMNh/gAowAQBVZQQj
                """
        ),
        HistogramVector(
            name: "zero",
            count: 3,
            minimum: 0,
            maximum: 0,
            mean: 0,
            percentiles: [0, 0, 0, 0, 0],
            text: """
                HISTFAAAACF4nJNpmSzMwMDAyAABzFAaxOf94R7BYP8BIsAGAFElBCU=
                """
        ),
        HistogramVector(
            name: "small",
            count: 2999,
            minimum: 1,
            maximum: 2999,
            mean: 1500,
            percentiles: [1500, 2700, 2970, 2997, 2999],
            text: """
                HISTFAAAADR4nJNpmSzMwMB5hwECmKE0IxDz/nCPYLD/ABVgGgWjYBSMglEwCkbBSAMso2DYAgCIxxxy
                """
        ),
        HistogramVector(
            name: "ends",
            count: 21,
            minimum: 1,
            maximum: 60000000000,
            mean: 17146316995,
            percentiles: [4096, 60000000000, 60000000000, 60000000000, 60000000000],
            text: """
                HISTFAAAAC54nJNpmSzMwMDAxwABzFCaEYh5f7hHMNh/gAow/ZRnYfvNz8H19TcTDwCmFAhr
                """
        ),
        HistogramVector(
            name: "large counts",
            count: 71000016639,
            minimum: 44992,
            maximum: 3000000,
            mean: 45986,
            percentiles: [46000, 46000, 46000, 46000, 46000],
            text: """
                HISTFAAAAD14nJNpmSzMwMAgzQABzFCaEYh5f7hHMNh/gAj8Tm1YcW0nu3XDh5lHO1laPf4x/uVvYFrN0dDABACMxRD8
                """
        ),
        HistogramVector(
            name: "mixed",
            count: 20500,
            minimum: 20000,
            maximum: 9986485,
            mean: 167099,
            percentiles: [35449, 47658, 6184877, 9563426, 9949085],
            text: """
                HISTFAAABWN4nD1Sy44jtxUdUSVLXV3NZlMcDpvDpjkcmkMwTIUuFwSlIYwHyMAOEANG4E3+IKsgP5Bl/iBrr/wp+aEA2WSZQ6qT\
                korF1z33nHOv+fs/jq9eHf726vpsX74bvHf/+f5Pr77913Xjnz8pOgotFeNCjNwKKbmyijLjuOWMScEpD4rGiQvJGI6pZNQFRvlE\
                uZqkGynjuMUUzoVVTBy0yCPXVFLNuZhGy+kkjfIuSoBbxoyxmivGlBRIwKxyCIttRa3RTHGphAnCaoaEfJo0Tgw1XHhlpAMu03ri\
                E3dgZ5TURnvcMaA2SoWHCgcUahgFeYUDJg/cKsGFUhLaTJtRIZgQmmnBoZobqazFfIQ+OXHuuAERZoUGdyqFEioxbQTjiJB6YlqO\
                +iAhU4+BwxFBGYyguApJDmKUVAbZo6Igk7QxozUWWxO3wSofZWAjb9ZEBPHBCrACLwZPBMW+gHXSKy0QYSw3SsRpkq0wk/HcK86l\
                UyPTbmSTRjlYqwFssFI6KcFVWjCwXFjDJOrAJ8ehXQGNOsaQU9pWdz/RkXGFUIwCJL1nqkx8bFRQWfgj+cSEMsazoFuvSA0aCBfR\
                aQsPdJxGpAM7CupyUpaJEUZMxhmB9mIeSOimEU1kKJoEFZHTgY8Al8yriaJofELprKToo4ketNImcI1qgDmKozWcZtwzJzk1Fl+0\
                jh01PFRQKzk3Tmp4Zib0qKNUO2+ZOoC18SAdnQioEK5Sq9UXresmGAYhcsSJmZDAospIztAlvFVaiYPM2TkTnz/GJS3LvNhl9W4+\
                5/Lx5NY5oft+yNUtUdY6L7kEH0vNwdhZZiXyfBKXHJ5ruIQZBxdXTKnF2eoxxpOzs/pU46dQFnsK56j9UvRZPafk4xxP9fc52TXW\
                +fP5DNzka6ynVFNc08UqveCznmtMwZ9KSD57V0IIeU6lphBzWWvyJeLxIep8Qs7qfKzez5fPbtbe1XmuZXafTyVFU/LnNM/PsX7y\
                55Kh0YOy8UWccio650ueQyopAzOvNeeI5RJj/ZiXuNhzTct3HuKK9xbu5Ai71ktNtiw5r5ecmlvxebnElHQ8pcWZsy2nUOYS5jmc\
                T7l+FGtcZoivJc3P84JcMZQU4Gity1zP8yWXpKuc4U7y63kOzwUSlkXGmGNGxnTyxZucU0hQV2Itds16LXEup7RmH2xeSr64fI4m\
                19Wt5xXaS7ZzzmGd7VLnZ2hbi48hpGiNqc6iqLV6ROd0KjOC10s6xXD45TvyhhwJeSB/xfslfjtyR16TLcZ/b8g7ckN+jQPyNfmJ\
                fEP+iMWOPBHyO/KBvB925JHckz8TssH+ntySv2D2NSI/kN8AYY/wDX478p78lrwlPxNkegDiW7ybnuoeQW8xv8H8HQJuhm8w23US\
                PwJiCyoNooE/IPFjh90RDHuCqCe8ALprGx+w/6Zt73vIG1x+i7Bj14NM97j9beN6B+pH8ma46cw+4GCDcQuoLdkMG/Ir8hXuHDHf\
                Q2hDe02GP3Q2R1y6xeETxvekEXnXgrDfxuGh7eBFvkasLW87mS3mYLbtkpv4678JewLLbeMwEHILS2+6HRiHewRtOq/bFyM6RDej\
                k+oWkOPQPd72JJt2tv8CECCPdJDTODXRu85h35li8T9SRzJsurLO59jH+079hgx9ddNNx+Zji7x5cQrzhyvWVeATUrQCbq8st8Pw\
                Zd9vyO1k2L24cYvw/bDtHXBl0yt6JL3pHl+KgCYjL43xuuPgyiOWd8PtsOlF2Q7N52HTQfvwAJCvutwO36wgzY0ry+FhIMP90IQh\
                aDc000EPO/9XsW9zqL6urlW671evnu062W270YrSGuS/rT27dA==
                """
        ),
        HistogramVector(
            name: "other port's range",
            count: 7,
            minimum: 1000,
            maximum: 5000000,
            mean: 1429048,
            percentiles: [1000, 5000000, 5000000, 5000000, 5000000],
            text: """
                HISTFAAAACh4nJNpmSzMwMDAzgABzFCaEch0M9ixgMH+A0TgPD/X1sOMLAB4tga3
                """
        ),
    ]
}
